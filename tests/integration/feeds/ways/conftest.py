"""A source with a way to it, and visits made at once whenever they are due."""

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from tests.integration.feeds.conftest import MAPPING
from watchword import intake
from watchword.core.clock import now
from watchword.custody.models import Record
from watchword.feeds.models import Roster, Source, Visit
from watchword.feeds.receiving import add_source
from watchword.feeds.ways import arrivals
from watchword.feeds.ways.visiting import schedule

MONDAY = b"id,name,charges\n1,Reyes,THEFT\n2,Okafor,THEFT\n3,Abadi,\n4,Lund,\n"
TUESDAY = b"id,name,charges\n1,Reyes,THEFT\n2,Okafor,THEFT\n3,Abadi,\n5,Novak,\n"

AddSource = Callable[..., Source]


@pytest.fixture
def reached(home: object, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> AddSource:
    """Add a source that is reached by this way."""
    monkeypatch.setattr(arrivals, "_FIRST_WAIT_SECONDS", 0.01)

    def add(**way: Any) -> Source:
        source = add_source("harbor", MAPPING + yaml.safe_dump({"way": way}))
        schedule(source)
        return source

    return add


def visit() -> Visit:
    """Make the visit, due or not, and take on what it brings; how it went."""
    Visit.objects.update(due_at=now())
    intake.drain()
    return Visit.objects.get()


def outcomes() -> list[str]:
    """What each roster turned out to be, in their order."""
    return list(Roster.objects.order_by("id").values_list("outcome", flat=True))


def held() -> set[str]:
    """Who is in custody, by the source's numbers."""
    return set(Record.objects.filter(status="in_custody").values_list("person__key", flat=True))
