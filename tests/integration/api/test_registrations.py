"""A partner's system asks, sees, pauses and ends its own registrations, and nothing of anybody else's."""

from typing import Any

import pytest

from tests.county import County
from tests.integration.api.partners import ADVOCATE, CLIENT, System, contact
from tests.integration.registrants.asking.people import WHY, held, request
from watchword import pipeline
from watchword.api.models import Answer, Case
from watchword.audit.models import Entry
from watchword.core.encryption import keyring
from watchword.delivery.models import TestMessage
from watchword.notices.models import Notice
from watchword.protecting import protect
from watchword.registrants.asking.models import Request
from watchword.registrants.contact_codes import CODE_CONTEXT
from watchword.registrants.models import Registrant, Registration
from watchword.registrants.numbers import registrant_id_of
from watchword.registrants.pins import pin_matches

UNKNOWN = "6f1c7a52-8a3e-4a0e-9d8c-1f0e5b3a7c21"


def approve(**how: Any) -> list[Registration]:
    """The office approves the newest request."""
    return pipeline.approve_request(Request.objects.latest("id").pk, "1001", **WHY, **how)


def code_for(number: int) -> str:
    """What was sent to this contact point last."""
    sent = TestMessage.objects.filter(contact_point=number, says=TestMessage.Says.CODE).latest("requested_at")
    assert sent.secret is not None
    return keyring().decrypt(sent.secret, CODE_CONTEXT)


def test_a_wish_is_taken_as_anybodys_approved_by_an_officer_and_told(county: County) -> None:
    held(county)
    system = System()
    taken = system.ask()
    assert taken["registration"]["standing"] == "asked"
    registrant = Registrant.objects.get(pk=registrant_id_of(taken["number"]) or 0)
    assert pin_matches(taken["pin"], registrant.pin_hash)
    made = Entry.objects.get(action="request.ask")
    assert (made.actor, Registration.objects.count()) == ("partner:harbor-shelter", 0)
    approve()
    shown = system.get(f"registrations/{taken['registration']['id']}")
    assert (shown["standing"], [each["channel"] for each in shown["contacts"]]) == ("on", ["email", "push"])
    assert [each["address"] for each in shown["contacts"]] == [
        "a***@shelter.example.org",
        "harbor-shelter/***",
    ]
    assert [each["is_verified"] for each in shown["contacts"]] == [False, True]
    assert list(Notice.objects.values_list("kind", flat=True)) == ["current_status"]


def test_the_answer_is_the_same_whoever_is_sought(county: County) -> None:
    held(county)
    held(county, "1002", last_name="Hidden", protected=True)
    answers = [System().ask(sought={"number": number}) for number in ("1001", "1002", "1003")]
    for answer in answers:
        for each in answer["registration"]["contacts"]:
            each.pop("id")
        for name in ("id", "asked_at"):
            answer["registration"].pop(name)
        assert (len(answer.pop("number")), len(answer.pop("pin"))) == (10, 6)
    assert answers[0] == answers[1] == answers[2]


def test_pausing_resuming_and_ending_are_the_partners_in_the_ledger(county: County) -> None:
    held(county)
    system = System()
    path = f"registrations/{system.ask()['registration']['id']}"
    approve()
    for act, standing in (
        ("pause", "paused"),
        ("pause", "paused"),
        ("resume", "on"),
        ("end", "ended"),
        ("end", "ended"),
    ):
        assert system.post(f"{path}/{act}")["standing"] == standing
    assert system.post(f"{path}/resume")["ended_why"] == "registrant"
    assert list(
        Entry.objects.filter(actor="partner:harbor-shelter", action__startswith="registration.")
        .order_by("id")
        .values_list("action", flat=True)
    ) == ["registration.pause", "registration.resume", "registration.end"]


def test_a_wish_that_waits_is_withdrawn_and_can_be_approved_no_more(county: County) -> None:
    system = System()
    path = f"registrations/{system.ask()['registration']['id']}"
    assert system.post(f"{path}/pause")["standing"] == "asked"
    assert system.post(f"{path}/end")["standing"] == "ended"
    assert Request.objects.get().state == "withdrawn"


def test_what_is_anothers_is_not_there(county: County) -> None:
    held(county)
    own, other = System(), System("riverside-legal")
    path = f"registrations/{own.ask()['registration']['id']}"
    approve()
    request()  # somebody's who asked by themselves
    approve()
    assert len(own.get("registrations")["registrations"]) == 1
    assert other.get("registrations") == {"registrations": [], "next": None}
    point = own.get(path)["contacts"][0]["id"]
    notice = own.get("notices")["notices"][0]["id"]
    for wanted, unknown in (
        (path, f"registrations/{UNKNOWN}"),
        (f"notices/{notice}", "notices/99"),
        (f"notices?registration={path[14:]}", f"notices?registration={UNKNOWN}"),
        (f"registrations?after={path[14:]}", f"registrations?after={UNKNOWN}"),
    ):
        assert other.get(wanted, 404) == other.get(unknown, 404)
    for act in ("pause", "resume", "end", f"contacts/{point}/send-code", f"notices/{notice}/confirm"):
        theirs = act if act.startswith("notices") else f"{path}/{act}"
        assert other.post(theirs, status=404) == other.post(f"registrations/{UNKNOWN}/pause", status=404)
    assert other.post(f"{path}/contacts/{point}/code", {"code": "204817"}, status=404)
    assert own.get(path)["standing"] == "on"


def test_a_page_holds_so_many_and_says_what_comes_next(county: County) -> None:
    system = System()
    ids = [system.ask(sought={"number": str(each)})["registration"]["id"] for each in range(3)]
    first = system.get("registrations?limit=2")
    assert ([each["id"] for each in first["registrations"]], first["next"]) == (ids[:2], ids[1])
    second = system.get(f"registrations?limit=2&after={ids[1]}")
    assert ([each["id"] for each in second["registrations"]], second["next"]) == (ids[2:], None)


def test_a_contact_is_verified_by_the_code_that_was_sent_to_it(county: County) -> None:
    held(county)
    system = System()
    shown = system.ask(reached={"email": "ada@shelter.example.org"})["registration"]
    (mail,) = shown["contacts"]
    path = f"registrations/{shown['id']}"
    approve()
    assert system.get(path)["standing"] == "waiting"
    code = code_for(mail["id"])
    wrong = f"{(int(code) + 1) % 10**6:06}"
    system.post(f"{path}/contacts/{mail['id']}/code", {"code": wrong}, status=422)
    system.post(f"{path}/contacts/{mail['id']}/code", {"code": code, "pin": "904817"}, status=422)
    told = system.post(f"{path}/contacts/{mail['id']}/code", {"code": code})
    assert (told["standing"], told["contacts"][0]["is_verified"]) == ("on", True)
    assert system.post(f"{path}/contacts/{mail['id']}/code", {"code": wrong}) == told
    system.post(f"{path}/contacts/{mail['id']}/send-code", status=202)
    assert TestMessage.objects.count() == 1


def test_a_new_code_is_sent_on_demand_and_the_answer_does_not_say_whether(county: County) -> None:
    system = System()
    shown = system.ask(reached={"email": "ada@shelter.example.org"})["registration"]
    path = f"registrations/{shown['id']}/contacts/{shown['contacts'][0]['id']}/send-code"
    answers = [system.post(path, status=202) for _ in range(4)]
    assert all(answer == answers[0] for answer in answers)
    assert TestMessage.objects.count() == 3


def test_whoever_is_told_beside_the_advocate_is_their_own_from_the_pin_they_set(county: County) -> None:
    held(county)
    system = System()
    shown = system.ask(for_whom="both", other=CLIENT)["registration"]
    path = f"registrations/{shown['id']}"
    assert [each["channel"] for each in shown["others_contacts"]] == ["text", "voice"]
    text = shown["others_contacts"][0]["id"]
    approve()
    given = {"code": code_for(text)}
    system.post(f"{path}/contacts/{text}/code", given, status=422)
    assert system.post(f"{path}/contacts/{text}/code", {**given, "pin": "904817"})["others_contacts"] == []
    assert contact(text).verified_at is not None
    system.post(f"{path}/contacts/{text}/send-code", status=404)
    system.post(f"{path}/end")
    assert list(Registration.objects.order_by("mode").values_list("mode", "state")) == [
        ("direct", "active"),
        ("third_party", "ended"),
    ]
    assert [each["registration"] for each in system.get("notices")["notices"]] == [shown["id"]]


def test_nothing_tells_that_a_person_is_protected(county: County) -> None:
    held(county)
    system = System(gets_facts=True)
    path = f"registrations/{system.ask()['registration']['id']}"
    approve()
    before = system.get(path), system.get("notices")
    protect("harbor", "1001", by="Officer Vale", reason="She is in danger.")
    assert Registration.objects.get().state == "withheld"
    assert (system.get(path), system.get("notices")) == before


REFUSED: dict[str, dict[str, Any]] = {
    "to an unknown source": {"source": "nowhere"},
    "of a relation that the rule does not take": {"relation": "anyone"},
    "without evidence": {"evidence": " "},
    "for oneself": {"for_whom": "myself"},
    "about nobody": {"sought": {"name": "Jon Mercer"}},
    "without a way to be told": {"reached": {"language": "en"}},
    "in a language that is not written": {"reached": {**ADVOCATE, "language": "tlh"}},
    "with a name in a case number": {"reached": {"push": "Bea Example"}},
    "that names the client of an organisation": {"for_whom": "proxy", "reached": {**ADVOCATE, "name": "Bea"}},
    "for both, one of them unreachable": {"for_whom": "both"},
    "with a field of which nothing is known": {"immigration_status": "none of ours"},
    "with characters that no text has": {"note": "a\x00b"},
}


@pytest.mark.parametrize("wrong", REFUSED.values(), ids=REFUSED)
def test_nothing_is_taken_of_a_wish(wrong: dict[str, Any], county: County) -> None:
    said = System().ask(**wrong, status=422)
    assert "watchword " not in said["detail"], "a command is of no use to a partner"
    assert (Request.objects.count(), Registrant.objects.count(), Case.objects.count()) == (0, 0, 0)


def test_a_note_that_says_somebodys_status_is_refused_with_an_explanation(county: County) -> None:
    for where in ("note", "evidence"):
        said = System().ask(**{where: "She is undocumented."}, status=422, once="k1")
        assert said["type"] == "urn:watchword:immigration-status"
        assert "undocumented" not in str(said)
    assert (Request.objects.count(), Answer.objects.count()) == (0, 0)
