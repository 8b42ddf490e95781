"""Promise 5: a roster full of immigration wording leaves none of it in any table of the database, nor on the disk."""

import csv
import io
import json

import pytest
from django.conf import settings
from django.db import connection

from tests.integration.feeds.conftest import MAPPING
from watchword.core.clock import now
from watchword.custody.comparing import compare
from watchword.custody.models import Record
from watchword.feeds.fields import FIELDS
from watchword.feeds.models import QuarantinedRow, Source
from watchword.feeds.receiving import add_source, receive

pytestmark = pytest.mark.django_db(transaction=True)

WORDING = "ICE HOLD ZZ"
"""The last two letters are said by nothing else here, so that any part of the wording would be found."""

COLUMNS = [field.name for field in FIELDS if not field.name.endswith("_key")]


@pytest.fixture
def everything(home: object) -> Source:
    """A source that gives every field."""
    columns = json.dumps({"person_key": "id"} | {name: f"c_{name}" for name in COLUMNS})
    return add_source(
        "everything", MAPPING[: MAPPING.index("columns:")] + f"columns: {columns}\ntolerated_bad_rows: 100%\n"
    )


def roster(*rows: dict[str, str]) -> io.BytesIO:
    text = io.StringIO()
    writer = csv.DictWriter(text, ["id", *(f"c_{name}" for name in COLUMNS)])
    writer.writeheader()
    writer.writerows(rows)
    return io.BytesIO(text.getvalue().encode())


def tables_that_say(word: str) -> list[str]:
    """The tables of the database with this word anywhere in a row."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            quoted = connection.ops.quote_name(table)
            cursor.execute(f"SELECT EXISTS (SELECT FROM {quoted} one WHERE one::text LIKE %s)", [f"%{word}%"])  # noqa: S608
            if cursor.fetchone()[0]:
                found.append(table)
        return found


def test_no_table_and_no_file_keeps_the_wording(everything: Source) -> None:
    """One row for each field that holds it, once in the baseline and once in the news; some are good, some bad."""
    plain = {"c_last_name": "Reyes", "c_charges": "THEFT"}
    before = [plain | {"id": f"{name}-0", f"c_{name}": WORDING} for name in COLUMNS]
    compare(receive(everything, roster({"id": "A"} | plain, *before), now()))
    after = [plain | {"id": f"{name}-1", f"c_{name}": WORDING} for name in COLUMNS]
    compare(receive(everything, roster({"id": "A"} | plain, *before, *after), now()))

    assert Record.objects.count() > 10
    assert QuarantinedRow.objects.count() > 10
    assert tables_that_say("Reyes")  # the search finds what is there
    assert tables_that_say("ZZ") == []
    assert not any(
        word in path.read_bytes()
        for path in (settings.WATCHWORD.home / "raw").rglob("*")
        if path.is_file()
        for word in (b"ICE HOLD", b"Reyes")
    )
