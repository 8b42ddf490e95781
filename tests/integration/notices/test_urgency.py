"""How a notice presses: by its kind, by what it corrects, by how near a release is, and by the office's own word."""

from datetime import UTC, datetime
from typing import Any

import pytest
from psycopg.types.multirange import Multirange
from psycopg.types.range import Range

from tests.county import County
from tests.integration.notices.test_writing import active
from watchword.audit.models import Entry
from watchword.core.errors import WatchwordError
from watchword.custody.models import EventKind
from watchword.notices.actions import write_notices
from watchword.notices.models import Notice
from watchword.notices.urgency import DEFAULTS, WAKING, set_urgency
from watchword.registrants.models import Registration

pytestmark = pytest.mark.django_db


def urgency_of(county: County, kind: str, **event: Any) -> str:
    person = county.person()
    active()
    write_notices(county.event(person, kind, **event).roster_id)
    return Notice.objects.get().urgency


def test_every_kind_that_is_told_has_an_urgency() -> None:
    told = {kind.value for kind in EventKind} - {EventKind.UPDATED, EventKind.CORRECTED}
    assert told <= DEFAULTS.keys()


@pytest.mark.parametrize("kind", sorted(DEFAULTS.keys() & {kind.value for kind in EventKind}))
def test_a_notice_presses_as_its_kind_does(county: County, kind: str) -> None:
    assert urgency_of(county, kind) == DEFAULTS[kind]
    assert Notice.objects.get().wakes is (kind in ("released", "furloughed", "escaped", "vanished"))


@pytest.mark.parametrize("wrong", ["vanished", "released", "removed", "escaped", "died"])
def test_a_correction_presses_and_wakes_as_what_it_takes_back(county: County, wrong: str) -> None:
    set_urgency(wrong, "routine", by="Officer Vale", reason="A test.")
    before, after = {"status": wrong}, {"status": "in_custody"}
    assert urgency_of(county, "corrected", before=before, after=after) == "routine"
    assert Notice.objects.get().wakes is (wrong in WAKING)


@pytest.mark.parametrize(
    ("recorded_at", "release_on", "urgency"),
    [
        ("2026-03-03 20:00-05:00", "2026-03-04", "immediate"),  # tomorrow, in the source's own time
        ("2026-03-03 20:00-05:00", "2026-03-05", "routine"),
        ("2026-03-03 20:00-05:00", "2026-03-03", "immediate"),
        ("2026-03-03 20:00-05:00", None, "routine"),
    ],
)
def test_a_release_less_than_a_day_ahead_presses_and_wakes_as_a_release(
    county: County, recorded_at: str, release_on: str | None, urgency: str
) -> None:
    person = county.person()
    active()
    Registration.objects.update(entitled=Multirange([Range(datetime(2026, 1, 1, tzinfo=UTC), None)]))
    event = county.event(
        person,
        "release_date_changed",
        before={"expected_release_on": "2026-09-01"},
        after={"expected_release_on": release_on},
        recorded_at=datetime.fromisoformat(recorded_at),
    )
    write_notices(event.roster_id)
    notice = Notice.objects.get()
    assert (notice.urgency, notice.wakes) == (urgency, urgency == "immediate")


def test_the_office_has_its_own_word_and_it_is_in_the_ledger(county: County) -> None:
    set_urgency("transferred", "immediate", by="Officer Vale", reason="Transfers here mean another state.")
    entry = Entry.objects.get(action="urgency.set")
    assert (entry.actor, entry.subject, entry.reason) == (
        "Officer Vale",
        "kind:transferred",
        "Transfers here mean another state.",
    )
    assert entry.facts == {"urgency": "immediate"}
    assert urgency_of(county, "transferred") == "immediate"


@pytest.mark.parametrize(
    ("kind", "urgency"), [("corrected", "routine"), ("updated", "routine"), ("booked", "soon")]
)
def test_what_cannot_be_said_is_refused(db: None, kind: str, urgency: str) -> None:
    with pytest.raises(WatchwordError, match="Give one of these"):
        set_urgency(kind, urgency, by="Officer Vale", reason="A test.")
