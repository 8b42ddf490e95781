"""Whatever comes instead of a roster: its bytes are kept, an incident says why, and all stands as it stood."""

import gzip
import io
from pathlib import Path
from typing import Any

import pytest

from tests.integration.feeds.conftest import MAPPING
from tests.unit.feeds.test_formats import workbook
from tests.unit.feeds.test_hostile import PAGE, bomb
from watchword import pipeline
from watchword.core.clock import now
from watchword.custody.models import Event, Record
from watchword.feeds import raw
from watchword.feeds.models import Roster, Source
from watchword.feeds.receiving import add_source
from watchword.worklist.models import Incident

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 40
MONDAY = "id,name,charges\n" + "".join(f"{number},Name{number},THEFT\n" for number in range(PEOPLE))
TUESDAY = MONDAY.replace("7,Name7,THEFT\n", "", 1)

HOSTILE: dict[str, tuple[bytes, str, str]] = {
    # what comes, what the roster turns out to be, and what its incident says
    "nothing": (b"", "empty", "no rows"),
    "a header alone": (b"id,name,charges\n", "empty", "no rows"),
    "a web page": (PAGE, "unreadable", "a web page"),
    "the roster in UTF-16 with a mark": (MONDAY.encode("utf-16"), "unreadable", "encoding: utf-16"),
    "the roster in UTF-16 without one": (MONDAY.encode("utf-16-le"), "unreadable", "encoding: utf-16-le"),
    "the roster, packed": (gzip.compress(MONDAY.encode()), "unreadable", "a gzip archive"),
    "the roster, packed twice": (gzip.compress(gzip.compress(MONDAY.encode())), "unreadable", "a gzip archive"),
    "a workbook": (workbook(["id", "name", "charges"], [1, "a", "b"]), "unreadable", "Say kind: xlsx"),
    "a workbook that is a bomb": (bomb(lies=True), "unreadable", "Say kind: xlsx"),
    "NUL bytes": (bytes(9999), "unreadable", "nothing but NUL bytes"),
    "a line of some megabytes": (MONDAY.encode() + b"a" * (3 << 20), "unreadable", "is longer than 1 MiB"),
    "another file": (b"badge,shift\n7,night\n", "unreadable", "no column for person_key"),
    "rows of another file under its header": (b"id,name,charges\n" + b"7;night\n" * 40, "unreadable", "None of its"),
    "a header of control characters": (b"\x01\x02\x03\n" + MONDAY.encode(), "unreadable", "no column for person_key"),
    "two encodings in one": (
        MONDAY.replace("Name", "Muñoz").encode("latin-1") + MONDAY.encode(), "waiting", "40 of 81 rows cannot be read"
    ),
    "the roster cut in the middle of a row": (MONDAY.encode()[:-200], "held", "vanished"),
}  # fmt: skip


@pytest.fixture
def source(home: Path, transactional_db: None) -> Source:
    source = add_source("harbor", MAPPING)
    load(source, MONDAY.encode())
    return source


def load(source: Source, data: bytes) -> Roster:
    return pipeline.load_roster(source, io.BytesIO(data), now())


def known() -> list[Any]:
    return list(Record.objects.order_by("id").values_list("person__key", "status", "last_name", "charges"))


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_is_lost_or_changed_by(name: str, source: Source) -> None:
    data, outcome, why = HOSTILE[name]
    before = known()
    roster = load(source, data)
    assert roster.outcome == outcome
    assert (known(), Event.objects.count()) == (before, 0)
    incident = Incident.objects.get(pk=roster.incident_id or 0)
    assert why in incident.summary + str(roster.held)
    assert b"".join(raw.chunks(source.pk, bytes(roster.sha256))) == data
    load(source, TUESDAY.encode())  # and the next one is compared as if it had not come
    assert list(Event.objects.values_list("person__key", "kind")) == [("7", "vanished")]
