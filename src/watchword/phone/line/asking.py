"""Asking to be told, with keys alone. Nothing is looked up of the person: the line says the same whoever it is."""

import re
from functools import partial

from watchword.core.errors import WatchwordError
from watchword.custody.finding.records import Sought
from watchword.feeds.models import Source
from watchword.feeds.receiving import source_named
from watchword.phone.line.call import Call
from watchword.phone.line.sources import to_a_source, which_source
from watchword.phone.line.step import End, Go, Next, Option, entered, listed, menu, saying
from watchword.phone.twiml import Spoken
from watchword.registrants.addresses import AddressError, normalise_phone
from watchword.registrants.asking.actions import ask
from watchword.registrants.asking.models import Relation
from watchword.registrants.asking.records import Asked, ForWhom, Reached
from watchword.registrants.asking.rules import CHECKED, rule_of
from watchword.registrants.numbers import registrant_id_of
from watchword.registrants.pins import PinError, check_pin

_NO_CASE = "1"
_ASK_THEM = "None was keyed on the phone: ask them."


def begin(call: Call) -> Next:
    """To the choice of a source."""
    return to_a_source(call, _sources, "ask_source", "ask_person")


def _sources() -> list[Source]:
    return list(Source.objects.order_by("name"))


def _person(call: Call) -> Next:
    call.keep(person=call.digits)
    who = rule_of(source_named(call.kept.source)).who
    if Relation.ANYONE in who:
        return _relation(call, Relation.ANYONE)
    return Go("relation")


def _relations(call: Call) -> list[Option]:
    """Those whom the source tells. A key means the same everywhere, so each prompt names its own."""
    who = rule_of(source_named(call.kept.source)).who
    return [Option(relation, partial(_offer, call, relation)) for relation in CHECKED if relation in who]


def _offer(call: Call, relation: str, key: str) -> Spoken:
    return call.say(relation, key=key)


def _relation(call: Call, relation: str) -> Next:
    call.keep(relation=relation)
    return Go("which_phone") if relation == Relation.ANYONE else Go("case")


def _case(call: Call) -> Next:
    call.keep(evidence=_ASK_THEM if call.digits == _NO_CASE else call.digits)
    return Go("which_phone")


def _this_phone(call: Call) -> Next:
    return _reached_at(call, call.caller)


def _another_phone(call: Call) -> Next:
    return _reached_at(call, call.digits)


def _reached_at(call: Call, phone: str) -> Next:
    try:
        call.keep(phone=normalise_phone(phone))
    except AddressError:
        return Go("phone", [call.say("phone_unusable")])
    return Go("new_pin")


def _new_pin(call: Call) -> Next:
    try:
        check_pin(call.digits)
    except PinError:
        return Go("new_pin", [call.say("weak_pin")])
    call.keep(pin=call.digits)
    return Go("pin_again")


def _pin_again(call: Call) -> Next:
    kept, pin = call.kept, call.kept.pin
    call.keep(pin="")
    if call.digits != pin:
        return Go("new_pin", [call.say("other_pin")])
    reached = Reached(phone=kept.phone, language=call.language, tty=call.is_tty)
    asked = Asked(
        source=kept.source,
        sought=Sought(number=kept.person),
        relation=Relation(kept.relation),
        for_whom=ForWhom.MYSELF,
        reached=reached,
        pin=pin,
        evidence=kept.evidence,
    )
    try:
        taken = ask(asked)
    except WatchwordError:
        return End([call.say("not_asked")])  # the office has changed its rule during this call
    call.keep(registrant=registrant_id_of(taken.number) or 0, number=taken.number)
    return Go("asked")


def _number_words(call: Call) -> list[Spoken]:
    digit_by_digit = re.sub(r"(?<=\d)(?=\d)", ", ", call.kept.number)
    return [call.say("asked"), call.say("your_number", number=digit_by_digit)]


STEPS = [
    which_source("ask_source", _sources, "ask_person"),
    entered("ask_person", saying("enter_person"), _person),
    listed("relation", saying("who_are_you"), _relations, _relation),
    entered("case", saying("enter_case"), _case),
    menu(
        "which_phone",
        saying("which_phone"),
        {"1": ("this_phone", _this_phone), "2": ("another_phone", lambda call: Go("phone"))},
    ),
    entered("phone", saying("enter_phone"), _another_phone),
    entered("new_pin", saying("choose_pin"), _new_pin),
    entered("pin_again", saying("repeat_pin"), _pin_again),
    menu(
        "asked",
        _number_words,
        {"1": ("again", lambda call: Go("asked")), "2": ("go_on", lambda call: Go("prove"))},
    ),
]
