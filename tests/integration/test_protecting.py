"""Who is protected cannot be found from this moment on, and nobody is told of them before the office has looked."""

import pytest

from tests.county import County
from tests.integration.custody.test_finding import found, listed
from tests.integration.notices.test_writing import active
from watchword.audit.models import Entry
from watchword.core.errors import WatchwordError
from watchword.custody.finding import index
from watchword.custody.models import Protection, Record, SearchWaiting
from watchword.custody.protection import unprotect
from watchword.delivery.models import Delivery
from watchword.delivery.planning import plan_deliveries
from watchword.notices.actions import write_notices
from watchword.notices.models import Notice
from watchword.protecting import protect, restore
from watchword.registrants.actions import pause, verify_contact_points
from watchword.registrants.models import Registration
from watchword.worklist.models import Task

WHY = {"by": "Officer Vale", "reason": "Her sister called: he is looking for her."}


def test_she_is_hidden_at_once_and_whatever_the_source_says(county: County) -> None:
    person = listed(county)
    protect("harbor", "1001", **WHY)
    assert found(number="1001") == []
    index.catch_up()
    Record.objects.update(protected=False)
    SearchWaiting.objects.create(source=county.source, person=person)
    index.catch_up()
    assert (found("Maria Garcia"), found("Maria Garcia", hidden=True)) == ([], ["1001"])
    unprotect("harbor", "1001", **WHY)
    index.catch_up()
    assert found(number="1001") == ["1001"]
    assert list(Entry.objects.filter(subject=f"person:{person.pk}").values_list("action", flat=True)) == [
        "person.protect",
        "person.unprotect",
    ]


def test_somebody_not_listed_yet_is_hidden_when_they_are(county: County) -> None:
    protect("harbor", "1001", **WHY)
    listed(county)
    assert found(number="1001") == []


def test_who_was_registered_is_told_nothing_more_and_the_desk_is_asked(county: County) -> None:
    person = county.person()
    registration = active()
    before = county.event(person, "transferred")
    write_notices(before.roster_id)
    assert protect("harbor", "1001", **WHY) == [registration.pk]
    write_notices(county.event(person, "released").roster_id)
    plan_deliveries()
    assert list(Notice.objects.values_list("kind", "state")) == [("transferred", "withdrawn")]
    assert not Delivery.objects.filter(state="queued").exists()
    (task,) = Task.objects.filter(kind="protected_watched", done=False)
    assert task.subject == f"registration:{registration.pk}"
    assert protect("harbor", "1001", **WHY) == [], "once is enough"


def test_who_may_know_is_told_where_the_person_stands_and_goes_on(county: County) -> None:
    county.person()
    registration = active().pk
    protect("harbor", "1001", **WHY)
    assert restore(registration, **WHY).state == "active"
    assert list(Notice.objects.filter(state="open").values_list("kind", flat=True)) == ["summary"]
    assert not Task.objects.filter(done=False).exists()
    with pytest.raises(WatchwordError, match="not withheld"):
        restore(registration, **WHY)


@pytest.mark.parametrize("state", ["pending", "paused"])
def test_neither_a_code_nor_a_resuming_opens_what_is_withheld(county: County, state: str) -> None:
    county.person()
    registration = active().pk
    if state == "paused":
        pause(registration)
    protect("harbor", "1001", **WHY)
    assert verify_contact_points(registration, by="Officer Vale").state == "withheld"
    assert Registration.objects.get().entitled_until is not None


def test_it_is_said_by_whom_and_why(county: County) -> None:
    county.person()
    for nobody in ({"by": " ", "reason": "x"}, {"by": "Vale", "reason": ""}):
        with pytest.raises(WatchwordError, match="--by"):
            protect("harbor", "1001", **nobody)
    with pytest.raises(WatchwordError, match="no source named"):
        protect("nowhere", "1001", **WHY)
    assert not Protection.objects.exists()
