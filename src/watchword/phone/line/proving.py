"""Showing that a phone is one's own: by a code that is texted to it, or by picking up when we call it back."""

from watchword import pipeline
from watchword.delivery.codes import call_back, send_code
from watchword.phone.line.call import Call
from watchword.phone.line.signing_in import signed_in, wrong
from watchword.phone.line.step import End, Go, Next, entered, menu, saying
from watchword.registrants.models import ContactPoint

_TEXT, _VOICE = ContactPoint.Channel.TEXT, ContactPoint.Channel.VOICE


def begin(call: Call) -> Next:
    """Somebody comes back with a code, or wants another."""
    return signed_in(call, "prove")


def _by_text(call: Call) -> Next:
    send_code(_waiting(call.kept.registrant, _TEXT))
    return Go("code")


def _by_call(call: Call) -> Next:
    call_back(_waiting(call.kept.registrant, _VOICE))
    return End([call.say("will_call")])


def _code(call: Call) -> Next:
    waiting = _waiting(call.kept.registrant, _TEXT)
    if pipeline.give_code(waiting, call.digits):
        return End([call.say("phone_proved")])
    return wrong(call, "code", call.say("wrong_code"))


def _waiting(registrant: int, channel: str) -> int:
    """The registrant's newest contact point on this channel that nobody has verified; 0, which is nobody's, where there
    is none: the line says the same."""
    found = ContactPoint.objects.filter(
        registrant=registrant, channel=channel, verified_at=None, stopped_at=None, backup=False
    )
    return found.order_by("-id").values_list("id", flat=True).first() or 0


STEPS = [
    menu(
        "prove",
        saying("how_to_prove"),
        {
            "1": ("prove_by_text", _by_text),
            "2": ("prove_by_call", _by_call),
            "3": ("have_code", lambda call: Go("code")),
        },
    ),
    entered("code", saying("enter_code"), _code),
]
