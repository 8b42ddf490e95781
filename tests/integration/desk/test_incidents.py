"""What was held, on the page: seen, decided, confirmed by a second person, and never by who may only look."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.integration.custody.rosters import Feed, crowd
from tests.integration.custody.test_deciding import send, told, watchers
from tests.integration.desk.staff import signed_in
from watchword.audit.models import Entry
from watchword.desk.staff.models import Staff
from watchword.worklist.models import Incident, Proposal

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def held() -> Incident:
    """A roster in which far too many are gone, eight of them watched."""
    feed = Feed()
    everybody = crowd(60)
    send(feed, everybody)
    watchers(feed, [row["id"] for row in everybody[:8]])
    edited = [row | {"status": "released"} for row in everybody[:30]]
    send(feed, edited, everybody[30:])
    return feed.incident()


@pytest.fixture
def two_persons(monkeypatch: pytest.MonkeyPatch) -> None:
    few = settings.WATCHWORD.model_copy(update={"second_person_above": 5})
    monkeypatch.setattr(settings, "WATCHWORD", few)


def decide(client: Client, incident: Incident, **given: Any) -> Any:
    return client.post(f"/desk/incidents/{incident.pk}", given, follow=True)


def state_of(incident: Incident) -> str:
    return Incident.objects.values_list("state", flat=True).get(pk=incident.pk)


def test_the_page_shows_counts_against_normal_some_people_and_whom_it_would_reach(held: Incident) -> None:
    client = signed_in()
    assert f"/desk/incidents/{held.pk}" in client.get("/desk/incidents").content.decode()
    page = client.get(f"/desk/incidents/{held.pk}")
    (kind,) = page.context["kinds"]
    assert (kind.kind, kind.held, kind.notices, len(kind.people)) == ("released", 30, 8, 5)
    assert kind.limit < 30
    assert "it would tell 8 people in 8 notices" in page.content.decode()


def test_released_it_is_told_and_the_ledger_says_who_decided(held: Incident) -> None:
    page = decide(signed_in(), held, action="release", reason="The jail confirms them.")
    assert "It is done" in page.content.decode()
    assert (state_of(held), len(told())) == ("released", 8)
    entry = Entry.objects.get(action="incident.released")
    assert (entry.actor, entry.reason) == ("ana.reyes", "The jail confirms them.")


def test_discarded_it_tells_nobody(held: Incident) -> None:
    decide(signed_in(), held, action="discard", reason="A database edit.")
    assert (state_of(held), told()) == ("discarded", [])


def test_what_was_released_wrongly_is_taken_back_from_everybody(held: Incident) -> None:
    client = signed_in()
    decide(client, held, action="release", reason="The jail confirms them.")
    decide(client, held, action="correct", reason="The jail was wrong.")
    assert state_of(held) == "corrected"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"action": "release"}, "Say why"),
        ({"action": "release", "reason": "  "}, "Say why"),
        ({"reason": "The jail said so."}, "Choose what"),
        ({"action": "erase", "reason": "The jail said so."}, "Choose what"),
        ({"action": "release", "reason": "x", "only": "escaped"}, "holds nothing that is escaped"),
        ({"action": "correct", "reason": "x"}, "people came or left"),
        ({"action": "release", "confirm": "yes"}, "Nothing waits for a second person"),
        ({"withdraw": "99", "reason": "x"}, "does not wait"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_happens(
    held: Incident, given: dict[str, str], why: str
) -> None:
    page = decide(signed_in(), held, **given)
    assert why in page.content.decode()
    assert (state_of(held), told()) == ("open", [])


@pytest.mark.usefixtures("two_persons")
def test_where_many_are_told_a_second_person_confirms_and_never_the_first(held: Incident) -> None:
    first = signed_in()
    assert "second person" in decide(first, held, action="release", reason="All true.").content.decode()
    assert (state_of(held), told()) == ("open", [])
    assert "another than the first" in decide(first, held, action="release", confirm="yes").content.decode()
    decide(signed_in("ben.hill"), held, action="release", confirm="yes")
    assert (state_of(held), len(told())) == ("released", 8)
    assert Proposal.objects.get().confirmed_by == "ben.hill"


@pytest.mark.usefixtures("two_persons")
def test_a_decision_that_waits_can_be_withdrawn_and_taken_anew(held: Incident) -> None:
    first = signed_in()
    decide(first, held, action="release", reason="All true.")
    waiting = Proposal.objects.get()
    decide(first, held, withdraw=waiting.pk, reason="Not sure.")
    page = first.get(f"/desk/incidents/{held.pk}")
    assert page.context["waits"] == []
    assert (state_of(held), told()) == ("open", [])


def test_who_only_looks_sees_no_form_and_sends_none(held: Incident) -> None:
    reader = signed_in("rita.read", Staff.Role.READER)
    page = reader.get(f"/desk/incidents/{held.pk}")
    assert 'name="reason"' not in page.content.decode()
    assert decide(reader, held, action="release", reason="x").status_code == 403
    assert state_of(held) == "open"


def test_an_incident_that_there_is_not_has_no_page() -> None:
    assert signed_in().get("/desk/incidents/999").status_code == 404
