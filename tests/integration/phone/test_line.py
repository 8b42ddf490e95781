"""Whole calls on the office's line, over the carrier's socket and ours."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.county import County
from tests.deliveries import PIN, Carrier, notices, registrants, release
from tests.integration.phone.calls import Step
from tests.integration.phone.conftest import CALLER, OFFICE, OUR_NUMBER, Dial
from tests.integration.phone.test_inbound import hand_over
from tests.integration.registrants.asking.people import WHY, held
from watchword.audit.models import Entry
from watchword.config.languages import NAMES
from watchword.core.clock import now
from watchword.core.encryption import keyring
from watchword.custody.models import Record
from watchword.delivery.links import public_url
from watchword.delivery.models import TestMessage
from watchword.delivery.planning import plan_deliveries
from watchword.phone.prompts import prompt
from watchword.registrants.asking.kept import evidence_of, sought_of
from watchword.registrants.asking.models import Relation, Request
from watchword.registrants.asking.rules import set_rule
from watchword.registrants.contact_codes import CODE_CONTEXT
from watchword.registrants.models import ContactPoint, Registrant, Registration, SignInTry, SilentTime
from watchword.registrants.numbers import number_of

pytestmark = pytest.mark.django_db(transaction=True)

WRONG = "750318"
NOBODYS = "0000000000"
ENGLISH = "1"


def registered(
    county: County, *, state: str = "active", language: str = "en", key: str = "1001"
) -> Registrant:
    """Somebody who was told of a release, with a number and a PIN."""
    (registrant,) = registrants(1, ["text", "voice"], language=language)
    notices(release(county, key), [registrant])
    plan_deliveries()
    hand_over()
    Registration.objects.filter(registrant=registrant).update(state=state)
    return registrant


def opened(county: County) -> None:
    set_rule("harbor", is_open=True, who=[Relation.ANYONE], **WHY)


def signing_in(registrant: Registrant | None, pin: str = PIN) -> list[str]:
    number = number_of(registrant.pk) if registrant else NOBODYS
    return [f"{number}#", f"{pin}#"]


def said(lines: Sequence[str], words: str) -> int:
    """How many of the lines have these words."""
    return sum(words in line for line in lines)


# Hearing a status


def test_a_registrant_hears_what_they_were_told_last_with_number_and_pin(harbor: County, dial: Dial) -> None:
    lines = dial(ENGLISH, "2", *signing_in(registered(harbor)), "1")
    assert said(lines, "Ana Example was released") == 2  # "1" says it again
    assert said(lines, "This is what we told you last") == 2
    assert said(lines, "Harbor County") == 2
    assert Entry.objects.filter(action="registration.tell_again").count() == 2


def test_a_withheld_registration_sounds_like_one_that_goes_on_and_says_nothing_newer(
    harbor: County, dial: Dial
) -> None:
    one = registered(harbor)
    before = dial(ENGLISH, "2", *signing_in(one))
    Registration.objects.update(state="withheld")
    Record.objects.update(facility="South Jail", status="in_custody")
    assert dial(ENGLISH, "2", *signing_in(one)) == before
    assert not said(dial("2", "2", *signing_in(one)), "South Jail")


@pytest.mark.parametrize("state", ["pending", "ended"])
def test_a_registration_that_waits_or_has_ended_tells_nothing(harbor: County, dial: Dial, state: str) -> None:
    lines = dial(ENGLISH, "2", *signing_in(registered(harbor, state=state)))
    assert said(lines, "We have nothing to tell you about this.")
    assert not said(lines, "Ana")


def test_an_unknown_number_a_wrong_pin_and_a_locked_number_sound_alike(harbor: County, dial: Dial) -> None:
    one = registered(harbor)
    wrong = [WRONG] * 3
    unknown = dial(ENGLISH, "2", *(key for pin in wrong for key in signing_in(None, pin)))
    assert dial(ENGLISH, "2", *(key for pin in wrong for key in signing_in(one, pin))) == unknown
    assert said(unknown, "too many wrong PINs") == 1
    tries = [WRONG, WRONG, PIN]  # two more lock the number, over both calls
    assert dial(ENGLISH, "2", *(key for pin in tries for key in signing_in(one, pin))) == unknown
    assert SignInTry.objects.filter(right=False).count() == 9


def test_an_open_source_tells_whoever_keys_the_number_and_hides_the_hidden(
    harbor: County, dial: Dial
) -> None:
    opened(harbor)
    held(harbor, "1001")
    held(harbor, "1002", protected=True)
    lines = dial(ENGLISH, "2", "2", "1001#", "3", "1002#", "3", "1003#")
    assert said(lines, "Jon Mercer is held at North Jail") == 1
    hidden, nobody = (line for line in lines if "nobody with this number" in line)
    assert hidden == nobody


def test_the_list_of_an_open_source_cannot_be_read_out_number_by_number(harbor: County, dial: Dial) -> None:
    opened(harbor)
    lines = dial(ENGLISH, "2", "2", "1#", *(key for number in range(2, 8) for key in ("3", f"{number}#")))
    assert said(lines, "nobody with this number") == 5
    assert lines[-1] == "Goodbye."


def test_a_verified_source_is_not_offered(harbor: County, dial: Dial) -> None:
    held(harbor)
    lines = dial(ENGLISH, "2")
    assert not said(lines, "booking number")
    assert said(lines, "Enter your registration number")


def test_of_eleven_languages_each_is_offered_in_its_own_words_and_9_leads_to_the_rest(
    harbor: County, dial: Dial, settings: Any
) -> None:
    settings.LANGUAGES = list(NAMES.items())
    lines = dial("9", "2", "2")
    assert lines[1:9] == [prompt(code, "language", key=str(at)) for at, code in enumerate([*NAMES][:8], 1)]
    assert lines[9:12] == [prompt(code, "language", key="9") for code in [*NAMES][8:]]
    assert prompt("fr", "main_status") in lines  # the second of the rest
    assert prompt("fr", "enter_number") in lines


@pytest.mark.parametrize("language", NAMES)
def test_a_status_is_heard_in_every_language(county: County, settings: Any, language: str) -> None:
    settings.LANGUAGES = [(language, NAMES[language])]
    settings.LANGUAGE_CODE = language
    one = registered(county, language=language)
    heard = Step(f"{public_url()}/phone/inbound", From=CALLER).keys("2", number_of(one.pk), PIN)
    assert "Ana Example" in heard.says
    assert len(heard.languages) == 1
    assert heard.wait().ends


# Asking to be told

NEW_PIN = ["904817#", "904817#"]


def test_who_asks_by_phone_gets_a_number_proves_the_phone_by_a_text_and_waits_for_the_office(
    harbor: County, dial: Dial, carrier: Carrier, drain: Any
) -> None:
    lines = dial(ENGLISH, "3", "1001#", "1", "26118#", "1", *NEW_PIN, "2", "1", caller=CALLER)
    request = Request.objects.get()
    assert (request.relation, request.state) == ("victim", "waiting")
    assert sought_of(request).number == "1001"
    assert evidence_of(request) == "26118"
    registrant = Registrant.objects.get()
    number = number_of(registrant.pk)
    assert said(lines, ", ".join(number)) == 1
    drain()
    (text,) = carrier.ask("GET", f"phones/{CALLER}/texts")["texts"]
    code = text["body"].partition("code is ")[2][:6]
    assert said(
        dial(ENGLISH, "5", f"{number}#", NEW_PIN[0], "3", f"{code}#"), "Now we know that this is yours"
    )
    assert not ContactPoint.objects.filter(verified_at=None).exists()


def test_whoever_is_asked_about_the_line_says_the_same(harbor: County, dial: Dial) -> None:
    def asking() -> list[str]:
        lines = dial(ENGLISH, "3", "1001#", "2", "1#", "2", "2025550123#", *NEW_PIN, "2", "1")
        return [line for line in lines if "Your registration number is" not in line]

    nobody = asking()
    held(harbor, "1001", protected=True)
    assert asking() == nobody
    assert evidence_of(Request.objects.latest("id")) == "None was keyed on the phone: ask them."


def test_where_anyone_may_ask_nobody_is_asked_for_a_reason(harbor: County, dial: Dial) -> None:
    opened(harbor)
    dial(ENGLISH, "3", "1001#", "1", *NEW_PIN)
    assert Request.objects.get().relation == "anyone"


def test_a_pin_that_anybody_would_guess_and_one_mistyped_are_asked_for_again(
    harbor: County, dial: Dial
) -> None:
    lines = dial(ENGLISH, "3", "1001#", "1", "7#", "1", "123456#", "904817#", "904818#", *NEW_PIN)
    assert said(lines, "too easy to guess") == 1
    assert said(lines, "not the same PIN") == 1
    assert Request.objects.count() == 1


def test_a_caller_whose_number_is_withheld_names_a_phone(harbor: County, dial: Dial) -> None:
    lines = dial(ENGLISH, "3", "1001#", "1", "7#", "2", "123#", "2025550123#", *NEW_PIN)
    assert said(lines, "not a phone number that we can use") == 1
    assert Request.objects.count() == 1


def test_a_phone_is_proved_by_picking_up_when_it_is_called_back(
    harbor: County, dial: Dial, carrier: Carrier, drain: Any
) -> None:
    dial(ENGLISH, "3", "1001#", "1", "7#", "1", *NEW_PIN, "2", "2")
    carrier.ask("PUT", f"phones/{CALLER}", calls={"kind": "answer", "keys": ["750318#", NEW_PIN[0]]})
    drain()
    carrier.settle()
    call = carrier.ask("GET", f"phones/{CALLER}/calls")["calls"][-1]
    heard = [line["text"] for line in call["transcript"] if line["kind"] == "said"]
    assert said(heard, "Somebody asked us to call this phone") == 2
    assert said(heard, "That PIN is not right") == 1
    assert said(heard, "Now we know that this is yours") == 1
    assert not ContactPoint.objects.filter(verified_at=None).exists()


def test_who_did_not_ask_says_that_the_number_is_wrong_and_is_not_called_again(
    harbor: County, dial: Dial, carrier: Carrier, drain: Any
) -> None:
    dial(ENGLISH, "3", "1001#", "1", "7#", "2", "2025550123#", *NEW_PIN, "2", "2")
    carrier.ask("PUT", "phones/+12025550123", calls={"kind": "answer", "keys": ["9#"]})
    drain()
    carrier.settle()
    assert ContactPoint.objects.get(channel="voice").stopped_why == "wrong_number"
    number = number_of(Registrant.objects.get().pk)
    for _ in range(2):
        dial(ENGLISH, "5", f"{number}#", NEW_PIN[0], "2")
    drain()
    assert len(carrier.log("call")) == 1


# Changing


def sent_code() -> str:
    """The newest code that went out."""
    return keyring().decrypt(
        TestMessage.objects.filter(says="code").latest("requested_at").secret or b"", CODE_CONTEXT
    )


def test_to_stop_needs_a_code_to_a_verified_contact_and_the_others_are_told(county: County) -> None:
    one = registered(county)
    (mail,) = registrants(1, ["email"])
    ContactPoint.objects.filter(registrant=mail).update(registrant=one)
    call = Step(f"{public_url()}/phone/inbound", From=CALLER)
    contacts = call.keys("1", "4", number_of(one.pk), PIN, "5")
    assert "the number that ends in 0 0, press 1" in contacts.says
    assert "your address at example.org, press 2" in contacts.says
    asked = contacts.press("1")
    assert "not right" in asked.press("000000").says
    assert Registration.objects.get().state == "active"
    which = asked.press(sent_code())
    assert "Harbor County custody list" in which.says
    assert "We will tell you nothing more" in which.press("1").says
    assert Registration.objects.get().state == "ended"
    assert [each.channel for each in TestMessage.objects.filter(says="change")] == ["email"]


def test_a_new_number_needs_a_code_too_and_is_then_proved(county: County) -> None:
    one = registered(county)
    call = Step(f"{public_url()}/phone/inbound", From=CALLER)
    new = call.keys("1", "4", number_of(one.pk), PIN, "4", "1").press(sent_code())
    assert "not a phone number" in new.press("123").says
    added = new.press("2025550123")
    assert "The phone number is added." in added.says
    assert "Now we know that this is yours" in added.keys("3", sent_code()).says
    assert ContactPoint.objects.filter(registrant=one).exclude(verified_at=None).count() == 4


def test_a_number_is_removed_with_a_code_but_never_the_last_contact(county: County) -> None:
    one = registered(county)
    call = Step(f"{public_url()}/phone/inbound", From=CALLER)
    numbers = call.keys("1", "4", number_of(one.pk), PIN, "6", "1").press(sent_code())
    assert "ends in 0 0, press 1" in numbers.says
    assert "the only contact" in numbers.press("1").says
    assert not ContactPoint.objects.exclude(stopped_at=None).exists()
    (mail,) = registrants(1, ["email"])
    ContactPoint.objects.filter(registrant=mail).update(registrant=one)
    assert "We do not use that number any more" in numbers.press("1").says
    assert set(one.contact_points.exclude(stopped_at=None).values_list("channel", flat=True)) == {
        "text",
        "voice",
    }
    assert [each.channel for each in TestMessage.objects.filter(says="change")] == ["email"]


def test_who_has_no_contact_for_a_code_is_told_so_and_offered_a_person(county: County, settings: Any) -> None:
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"office_phone": OFFICE})
    one = registered(county)
    ContactPoint.objects.filter(channel="text").update(stopped_at=now())
    call = Step(f"{public_url()}/phone/inbound", From=CALLER)
    said_so = call.keys("1", "4", number_of(one.pk), PIN, "5").says
    assert "We know no contact of yours" in said_so
    assert "press 0" in said_so


def test_language_quiet_hours_and_a_pause_are_changed_by_phone(harbor: County, dial: Dial) -> None:
    one = registered(harbor)
    lines = dial(ENGLISH, "4", *signing_in(one), "2", "2", "23300615#", "3", "1", "1", "2")
    assert said(lines, "Your hours are set.") == 1
    assert said(lines, "All messages are paused.") == 1
    assert said(lines, "De ahora en adelante") == 1
    hours = SilentTime.objects.get()
    assert (f"{hours.starts:%H:%M}", f"{hours.ends:%H:%M}") == ("23:30", "06:15")
    one.refresh_from_db()
    assert one.language == "es"
    assert Registration.objects.get().state == "paused"
    lines = dial(ENGLISH, "4", *signing_in(one), "3", "2", "2", "3")
    assert said(lines, "You get messages again.") == 1
    assert Registration.objects.get().state == "active"
    assert not SilentTime.objects.exists()


def test_changes_sound_alike_whether_a_registration_is_withheld_or_goes_on(
    harbor: County, dial: Dial
) -> None:
    one = registered(harbor)
    keys = [ENGLISH, "4", *signing_in(one), "3", "1", "3", "2", "2", "1", "5"]
    before = dial(*keys)
    Registration.objects.update(state="withheld")
    assert dial(*keys) == before
    assert Registration.objects.get().state == "withheld"


@pytest.mark.parametrize("hours", ["2500 0600", "2200", "00000000", "22:00"])
def test_hours_that_cannot_be_are_asked_for_again_and_the_old_ones_stay(
    harbor: County, dial: Dial, hours: str
) -> None:
    one = registered(harbor)
    keys = "".join(filter(str.isdigit, hours))
    lines = dial(ENGLISH, "4", *signing_in(one), "2", "1", "2", "2", f"{keys}#")
    assert said(lines, "We cannot use these hours.") == 1
    assert SilentTime.objects.get().starts is not None


# No dead ends


def test_a_person_is_reached_with_0_at_every_step(harbor: County, dial: Dial, carrier: Carrier) -> None:
    one = registered(harbor)
    carrier.ask("PUT", f"phones/{OFFICE}", calls={"kind": "busy"})
    for keys in (
        ["0"],
        [ENGLISH, "0"],
        [ENGLISH, "1", "0#"],
        [ENGLISH, "2", *signing_in(one), "0"],
        [ENGLISH, "3", "1001#", "1", "0#"],
        [ENGLISH, "4", *signing_in(one), "2", "0"],
    ):
        assert OFFICE in dial(*keys), keys


def test_who_presses_nothing_is_asked_three_times(harbor: County, dial: Dial) -> None:
    lines = dial(ENGLISH)
    assert said(lines, "To hear where somebody is, press 2.") == 3
    assert lines[-1] == "Goodbye."


def test_a_key_that_means_nothing_brings_the_same_question(harbor: County, dial: Dial) -> None:
    lines = dial("7", ENGLISH, "9", "2")
    assert said(lines, "not one of the choices") == 2
    assert said(lines, "Enter your registration number")


def test_a_text_telephone_that_calls_prints_the_menu(
    harbor: County, carrier: Carrier, live_server: Any
) -> None:
    carrier.ask("PUT", f"lines/{OUR_NUMBER}", voice_url=f"{live_server.url}/phone/inbound?tty=1")
    sid = carrier.ask("POST", f"phones/{CALLER}/calls", to=OUR_NUMBER, keys=["1", "4"])["sid"]
    carrier.settle()
    lines = carrier.ask("GET", f"calls/{sid}")["transcript"]
    printed = " ".join(line["text"] for line in lines if line["kind"] == "printed")
    assert "FOR ENGLISH, PRESS 1." in printed
    assert "ENTER YOUR REGISTRATION NUMBER" in " ".join(printed.split())
    assert not [line for line in lines if line["kind"] == "said"]


def test_an_office_without_sources_and_a_registrant_without_registrations_come_back_to_a_menu(
    carrier: Carrier, dial: Dial
) -> None:
    (one,) = registrants(1, ["text"])
    assert said(dial(ENGLISH, "3"), "We have nothing to tell you about this.") == 1
    assert said(dial(ENGLISH, "4", *signing_in(one), "5"), "There is nothing to change yet.") == 1


def test_of_several_sources_one_is_chosen_by_its_title(harbor: County, dial: Dial) -> None:
    County("airport")
    lines = dial(ENGLISH, "3", "2", "1001#", "1", "7#", "1", *NEW_PIN)
    assert said(lines, "For Harbor County custody list, press 2.") == 1
    assert Request.objects.get().source.name == "harbor"
