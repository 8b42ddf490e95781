"""Public collections of awkward files and texts: read as they are meant, and given back by the database unharmed."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.conftest import SHARED
from tests.integration.feeds.conftest import MAPPING
from tests.unit.feeds.rosters import mapped
from watchword.core.clock import now
from watchword.custody.comparing import compare
from watchword.custody.models import Record
from watchword.feeds.fields import FIELDS, Kind
from watchword.feeds.formats import open_rows
from watchword.feeds.receiving import add_source, receive
from watchword.feeds.words import tidy

pytestmark = pytest.mark.shared

TORTURE = SHARED / "data/torture"
SPECTRUM = sorted(path.stem for path in (TORTURE / "csv-spectrum/csvs").glob("*.csv"))


@pytest.mark.parametrize("name", SPECTRUM)
def test_csv_spectrum(name: str) -> None:
    data = (TORTURE / f"csv-spectrum/csvs/{name}.csv").read_bytes()
    expected = json.loads((TORTURE / f"csv-spectrum/json/{name}.json").read_text())
    expected = expected if isinstance(expected, list) else [expected]
    named = list(expected[0])
    fields = [field.name for field in FIELDS][: len(named)]
    rows = open_rows(mapped(json.dumps(dict(zip(fields, named, strict=True)))), [data])
    read = [
        {column: tidy(cell or "") for column, cell in zip(named, rows.cells(row), strict=True)}
        for batch in rows.batches()
        for row in batch.rows
    ]
    if name == "location_coordinates":  # the two files give different phone numbers
        assert {row.pop("Contact Phone Number") for row in [*read, *expected]} == {"2095257564", "1234567890"}
    assert read == [{column: tidy(cell) for column, cell in row.items()} for row in expected]


TEXTS = [field.name for field in FIELDS if field.kind is Kind.TEXT and not field.name.endswith("_key")]
LISTS = ["charges", "also_known_as"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["csv", "ndjson"])
def test_the_big_list_of_naughty_strings_goes_through_every_text_into_the_database_and_back(
    home: Path, kind: str
) -> None:
    naughty: list[str] = json.loads((TORTURE / "blns.json").read_text())
    names = ["person_key", "booking_key", *TEXTS, *LISTS]
    rows = [
        dict.fromkeys(names, text) | {"person_key": f"{number}:{text}"} for number, text in enumerate(naughty)
    ]
    columns = json.dumps({name: {"column": name, "unset": [""]} for name in names})
    form = MAPPING.replace("{kind: csv}", f"{{kind: {kind}}}")
    source = add_source("naughty", form[: form.index("columns:")] + f"columns: {columns}\n")

    roster = compare(receive(source, io.BytesIO(written(rows, names, kind)), now()))
    assert (roster.outcome, roster.rows, roster.quarantined) == ("baseline", len(naughty), 0)

    for number, text in enumerate(naughty):
        record = Record.objects.get(person__key=tidy(f"{number}:{text}"))
        meant = tidy(text) or None
        assert record.booking == (meant or "")
        assert {name: getattr(record, name) for name in TEXTS} == dict.fromkeys(TEXTS, meant)
        assert {name: getattr(record, name) for name in LISTS} == dict.fromkeys(LISTS, meant and [meant])


def written(rows: list[dict[str, str]], names: list[str], kind: str) -> bytes:
    if kind == "ndjson":
        return "".join(json.dumps(row) + "\n" for row in rows).encode()
    text = io.StringIO()
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
