"""A registration number, then its PIN: tries are counted for the number over all calls, and in each call."""

from watchword.phone.line.call import Call
from watchword.phone.line.step import End, Go, Next, entered, saying
from watchword.phone.menu import TRIES_IN_A_CALL
from watchword.phone.twiml import Spoken
from watchword.registrants.sign_in import sign_in


def signed_in(call: Call, then: str) -> Next:
    """On to this step, once number and PIN are right."""
    call.keep(then=then)
    return Go(then) if call.kept.registrant else Go("number")


def _number(call: Call) -> Next:
    call.keep(number=call.digits)
    return Go("pin")


def _pin(call: Call) -> Next:
    registrant = sign_in(call.kept.number, call.digits)
    if registrant is not None:
        call.keep(registrant=registrant.pk, number="")
        return Go(call.kept.then)
    return wrong(call, "number", call.say("wrong_sign_in"))


def wrong(call: Call, again: str, said: Spoken) -> Next:
    """Ask once more, or end a call in which it was wrong too often."""
    if call.tries >= TRIES_IN_A_CALL:
        return End(call.words("voice_too_many"))
    call.tries += 1
    return Go(again, [said])


STEPS = [
    entered("number", saying("enter_number"), _number),
    entered("pin", saying("enter_pin"), _pin),
]
