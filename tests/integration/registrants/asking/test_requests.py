"""A request is taken whoever it is about, and answered by an officer, with every step in the ledger."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.county import County
from tests.integration.registrants.asking.people import BEA, BORN, WHY, asked, held, request, who
from watchword import pipeline
from watchword.audit.models import Entry
from watchword.core.errors import WatchwordError
from watchword.custody.finding.records import Sought
from watchword.custody.models import Person
from watchword.notices.models import Notice
from watchword.protecting import protect
from watchword.registrants.actions import verify_contact_points
from watchword.registrants.asking.actions import LONGEST_NOTE, ask, refuse
from watchword.registrants.asking.limits import MOST_FOR_ONE_PERSON, MOST_OF_ONE_CONTACT
from watchword.registrants.asking.models import Relation, Request
from watchword.registrants.asking.queries import disclose, list_requests
from watchword.registrants.asking.records import ForWhom, Reached
from watchword.registrants.asking.rules import set_rule
from watchword.registrants.models import ContactPoint, Registrant, Registration
from watchword.registrants.pins import pin_matches

SISTER = Reached(email="ada@example.org", language="en")


def test_a_request_is_approved_and_told_once_a_contact_is_verified(county: County) -> None:
    held(county)
    taken = request()
    assert [(each["id"], each["state"]) for each in list_requests()] == [(taken.request, "waiting")]
    (registration,) = pipeline.approve_request(taken.request, "1001", **WHY)
    assert (registration.state, registration.mode) == ("pending", "direct")
    assert not Notice.objects.exists()
    pipeline.verify_registration(registration.pk, by="Officer Vale")
    assert list(Notice.objects.values_list("kind", flat=True)) == ["current_status"]
    assert (list_requests(), len(list_requests(answered=True))) == ([], 1)
    assert list(
        Entry.objects.filter(subject=f"request:{taken.request}").order_by("id").values_list("actor", "action")
    ) == [("registrant", "request.ask"), ("Officer Vale", "request.approved")]


def test_a_contact_verified_before_the_answer_is_told_with_it(county: County) -> None:
    held(county)
    first = request()
    registrant = who(first)
    registrant.contact_points.update(verified_at="2026-03-01T12:00Z")
    (registration,) = pipeline.approve_request(first.request, "1001", **WHY)
    assert registration.state == "active"
    assert Notice.objects.count() == 1


def test_an_answer_is_given_once(county: County) -> None:
    held(county)
    taken = request()
    refuse(taken.request, **WHY)
    for again in (
        lambda: refuse(taken.request, **WHY),
        lambda: pipeline.approve_request(taken.request, "1001", **WHY),
    ):
        with pytest.raises(WatchwordError, match="waits for an answer"):
            again()
    assert not Registration.objects.exists()


def test_the_officer_sees_who_it_may_be_and_that_is_in_the_ledger(county: County) -> None:
    held(county)
    held(county, "1002", protected=True)
    shown = disclose(request(note="He called my sister.").request, by="Officer Vale")
    assert (len(shown.found), len(shown.hidden)) == (1, 1)
    assert (shown.note, shown.evidence, shown.sought["born"]) == ("He called my sister.", "Case 26-118", BORN)
    assert shown.contacts == ["email b***@example.org", "text ***23", "voice ***23"]
    assert Entry.objects.filter(action="request.show", actor="Officer Vale").exists()
    assert "Mercer" not in repr(shown)


def test_nothing_readable_is_kept(county: County) -> None:
    request(note="He called my sister.")
    kept = str(list(Request.objects.values_list())) + b"".join(
        bytes(row) for row in Request.objects.values_list("sought", flat=True)
    ).decode(errors="replace")
    assert not any(word in kept for word in ("Mercer", "sister", "26-118"))


def test_nobody_new_is_told_of_who_is_protected(county: County) -> None:
    held(county)
    taken = request()
    protect("harbor", "1001", **WHY)
    with pytest.raises(WatchwordError, match="protected"):
        pipeline.approve_request(taken.request, "1001", **WHY)
    assert not Registration.objects.exists()


def test_a_watch_for_somebody_not_held_yet_needs_the_office_and_has_an_end(county: County) -> None:
    taken = request(sought=Sought(number="2002"), watch=True)
    with pytest.raises(WatchwordError, match="--watch"):
        pipeline.approve_request(taken.request, "2002", **WHY)
    with pytest.raises(WatchwordError, match="366 days"):
        pipeline.approve_request(taken.request, "2002", **WHY, watch_days=1000)
    (registration,) = pipeline.approve_request(taken.request, "2002", **WHY, watch_days=30)
    assert registration.watching
    assert registration.watch_ends_at is not None


MODES: dict[ForWhom, tuple[dict[str, Any], list[str]]] = {
    ForWhom.MYSELF: ({}, ["direct"]),
    ForWhom.ANOTHER: ({"pin": None}, ["third_party"]),
    ForWhom.BOTH: ({"pin": None, "other": SISTER}, ["third_party", "direct"]),
    ForWhom.PROXY: ({"pin": None, "reached": Reached(email="desk@example.org", language="en")}, ["proxy"]),
}


@pytest.mark.parametrize("for_whom", ForWhom)
def test_whoever_is_to_be_told_is_registered(county: County, for_whom: ForWhom) -> None:
    held(county)
    given, modes = MODES[for_whom]
    taken = request(for_whom=for_whom, **given)
    made = pipeline.approve_request(taken.request, "1001", **WHY)
    assert [registration.mode for registration in made] == modes
    asker = who(taken)
    assert asker == made[0].registrant
    assert pin_matches(taken.pin, asker.pin_hash)
    assert [registration.mode for registration in made if registration.registrant.name is None] == [
        mode for mode in modes if mode == "proxy" or (len(modes) == 2 and mode == "direct")
    ]


def test_where_both_are_told_each_confirms_a_contact_of_their_own(county: County) -> None:
    held(county)
    taken = request(for_whom=ForWhom.BOTH, pin=None, other=SISTER)
    helper, sister = pipeline.approve_request(taken.request, "1001", **WHY)
    verify_contact_points(helper.pk, by="Officer Vale")
    states = dict(Registration.objects.values_list("id", "state"))
    assert (states[helper.pk], states[sister.pk]) == ("active", "pending")
    assert not ContactPoint.objects.filter(registrant=sister.registrant).exclude(verified_at=None).exists()
    assert not pin_matches(taken.pin, sister.registrant.pin_hash), "a PIN of the one is none of the other"


def test_an_advocate_has_a_pin_for_each_client(county: County) -> None:
    pins = {request(for_whom=ForWhom.ANOTHER, pin=None).pin for _ in range(5)}
    assert len(pins) == 5


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"relation": Relation.ANYONE}, "of this relation"),
        ({"evidence": " "}, "case number"),
        ({"note": "x" * (LONGEST_NOTE + 1)}, "at most"),
        ({"note": "He is undocumented."}, "immigration status"),
        ({"evidence": "undocumented"}, "immigration status"),
        ({"for_whom": ForWhom.BOTH, "pin": None}, "other person"),
        ({"other": SISTER}, "other person"),
        ({"for_whom": ForWhom.PROXY, "pin": None}, "no name"),
        ({"for_whom": ForWhom.ANOTHER}, "PIN of their own"),
        ({"pin": "111111"}, "PIN"),
        ({"reached": Reached(email="bea@example.org", language="xx")}, "language"),
        ({"reached": Reached(language="en")}, "reachable"),
        ({"source": "nowhere"}, "nowhere"),
    ],
)
def test_what_cannot_be_taken_is_refused_whoever_it_is_about(
    county: County, changed: dict[str, Any], said: str
) -> None:
    with pytest.raises(WatchwordError, match=said):
        ask(asked(**changed))
    assert not Request.objects.exists()
    assert not Registrant.objects.exists()


def test_anyone_may_ask_about_an_open_source_without_evidence(county: County) -> None:
    set_rule("harbor", is_open=True, who=[Relation.ANYONE], **WHY)
    assert request(relation=Relation.ANYONE, evidence="").request
    with pytest.raises(WatchwordError, match="of this relation"):
        ask(asked())
    with pytest.raises(WatchwordError, match="--open"):
        set_rule("harbor", is_open=False, who=[Relation.ANYONE], **WHY)


def over_one_contact(county: County) -> None:
    for number in range(MOST_OF_ONE_CONTACT[Registration.Mode.DIRECT]):
        held(county, f"B{number}")
        (made,) = pipeline.approve_request(request().request, f"B{number}", **WHY)
        verify_contact_points(made.pk, by="Officer Vale")


def over_one_person(county: County) -> None:
    person = Person.objects.get(key="1001")
    registrants = Registrant.objects.bulk_create(
        Registrant(pin_hash="", language="en", time_zone="UTC") for _ in range(MOST_FOR_ONE_PERSON)
    )
    Registration.objects.bulk_create(Registration(registrant=one, person=person) for one in registrants)


@pytest.mark.parametrize("before", [over_one_contact, over_one_person])
def test_past_a_limit_an_officer_says_that_it_is_meant_so(
    county: County, before: Callable[[County], None]
) -> None:
    held(county)
    before(county)
    taken = request()
    with pytest.raises(WatchwordError, match="--over-limit"):
        pipeline.approve_request(taken.request, "1001", **WHY)
    assert pipeline.approve_request(taken.request, "1001", **WHY, over_limit=True)
    assert Entry.objects.filter(action="request.approved", facts__over_limit=True).count() == 1


def test_bea_is_reached_as_she_said(county: County) -> None:
    registrant = who(request())
    assert (registrant.language, registrant.time_zone) == (BEA.language, "America/New_York")
    assert registrant.contact_points.count() == 3
