"""Where anyone may be told of an open source, whoever shows a contact of theirs is registered without an officer."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.county import County
from tests.integration.registrants.asking.people import WHY, held, request, who
from tests.integration.registrants.asking.test_requests import over_one_contact, over_one_person
from watchword import pipeline
from watchword.audit.models import Entry
from watchword.custody.finding.records import Sought
from watchword.notices.models import Notice
from watchword.protecting import protect
from watchword.registrants.asking.models import Relation, Request
from watchword.registrants.asking.records import ForWhom, Reached, Taken
from watchword.registrants.asking.rules import set_rule
from watchword.registrants.contact_codes import make_code
from watchword.registrants.models import ContactPoint, Registrant, Registration

BY_NUMBER = Sought(number="1001")
SISTER = Reached(email="ada@example.org", language="en")


def open_to_anyone() -> None:
    set_rule("harbor", is_open=True, who=list(Relation), **WHY)


def asking(**changed: Any) -> Taken:
    usual: dict[str, Any] = {"sought": BY_NUMBER, "relation": Relation.ANYONE, "evidence": ""}
    return request(**(usual | changed))


def give_the_code(registrant: Registrant, channel: str = "email") -> None:
    (point,) = registrant.contact_points.filter(channel=channel).values_list("id", flat=True)
    assert pipeline.give_code(point, make_code(point) or "")


def test_the_code_registers_and_tells_at_once_and_the_ledger_says_by_which_rule(county: County) -> None:
    open_to_anyone()
    held(county)
    taken = asking()
    assert not Registration.objects.exists(), "nothing before the contact is shown"
    give_the_code(who(taken))
    registration = Registration.objects.get()
    assert (registration.person.key, registration.state, registration.mode) == ("1001", "active", "direct")
    assert list(Notice.objects.values_list("kind", flat=True)) == ["current_status"]
    entry = Entry.objects.get(action="request.approved")
    assert (entry.actor, bool(entry.reason)) == ("system", True)
    give_the_code(who(taken), "text")
    assert Notice.objects.count() == 1, "a second contact tells nothing anew"


def not_open(county: County) -> None:
    set_rule("harbor", is_open=True, who=list(Relation)[1:], **WHY)


def protected_now(county: County) -> None:
    protect("harbor", "1001", **WHY)


def gone_from_the_search(county: County) -> None:
    held(county, "1001", booking="B2", protected=True)


@pytest.mark.parametrize(
    "meanwhile", [not_open, protected_now, gone_from_the_search, over_one_contact, over_one_person]
)
def test_what_needs_an_officer_waits_for_one_and_the_contact_is_verified_all_the_same(
    county: County, meanwhile: Callable[[County], object]
) -> None:
    open_to_anyone()
    held(county)
    taken = asking()
    meanwhile(county)
    if meanwhile in (over_one_contact, over_one_person):
        open_to_anyone()
    give_the_code(who(taken))
    assert Request.objects.get(pk=taken.request).state == "waiting"
    assert not Registration.objects.filter(registrant=who(taken)).exists()
    assert who(taken).contact_points.exclude(verified_at=None).exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"sought": Sought(number="9999")},
        {"sought": Sought(name="Jon Mercer", age=37)},
        {"watch": True},
        {"relation": Relation.VICTIM, "evidence": "Case 26-118"},
    ],
)
def test_only_one_person_named_by_number_is_approved_without_an_officer(
    county: County, changed: dict[str, Any]
) -> None:
    open_to_anyone()
    held(county)
    taken = asking(**changed)
    give_the_code(who(taken))
    assert Request.objects.get(pk=taken.request).state == "waiting"


def test_where_both_are_told_the_other_is_told_only_after_a_code_of_their_own(county: County) -> None:
    open_to_anyone()
    held(county)
    taken = asking(for_whom=ForWhom.BOTH, pin=None, other=SISTER)
    give_the_code(who(taken))
    states = list(Registration.objects.order_by("id").values_list("mode", "state"))
    assert states == [("third_party", "active"), ("direct", "pending")]
    give_the_code(Registrant.objects.get(pk=taken.recipients[1]))
    assert Registration.objects.filter(state="active").count() == 2


def test_requests_with_somebody_elses_contact_do_not_use_up_its_limit(county: County) -> None:
    """An abuser who knows her phone asks in its name, as the other of both, again and again."""
    open_to_anyone()
    for number in range(6):
        held(county, f"B{number}")
        taken = asking(
            sought=Sought(number=f"B{number}"),
            for_whom=ForWhom.BOTH,
            pin=None,
            reached=Reached(email=f"ned{number}@example.org", language="en"),
            other=Reached(email="bea@example.org", language="en"),
        )
        give_the_code(who(taken))
    held(county)
    hers = asking(reached=Reached(email="bea@example.org", language="en"))
    give_the_code(who(hers))
    assert Request.objects.get(pk=hers.request).state == "approved"


def test_a_sheet_sent_twice_is_one_request_with_the_pin_shown_last(county: County) -> None:
    sheet = uuid4()
    first, second = (request(form=sheet, for_whom=ForWhom.ANOTHER, pin=None) for _ in range(2))
    assert (first.request, first.number, first.recipients) == (
        second.request,
        second.number,
        second.recipients,
    )
    assert (first.is_new, second.is_new) == (True, False)
    assert Request.objects.count() == Registrant.objects.count() == 1
    assert ContactPoint.objects.count() == 3
