"""The line's webhooks: each asks what a step asks, and takes what was pressed to the next one.

No step is a dead end. Whoever presses nothing is asked three times; a key that means nothing brings the same question
again; * speaks the next language and 0 reaches a person, at every step.
"""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound

from watchword.delivery.channels.twilio.webhook import signed_by_carrier
from watchword.delivery.links import public_url
from watchword.phone.line.call import Call
from watchword.phone.line.step import End, Go, Next, Read, Step
from watchword.phone.line.steps import STEPS, first
from watchword.phone.menu import TRIES_IN_A_CALL, language_after
from watchword.phone.outgoing import read_out
from watchword.phone.prompts import prompt
from watchword.phone.twiml import Spoken


@signed_by_carrier
def start(request: HttpRequest) -> HttpResponse:
    """Somebody calls us."""
    call = Call(request)
    return _answer(call, first(call))


@signed_by_carrier
def go_on(request: HttpRequest, name: str) -> HttpResponse:
    """Keys were pressed at this step, or none."""
    call, step = Call(request), STEPS.get(name)
    if step is None:
        return HttpResponseNotFound()
    if call.is_expired:
        return _ask(call, STEPS["main"], [call.say("expired")])
    if call.digits in ("", "#"):  # # after a single key ends nothing
        return _ask_again(call, step)
    call.silences = 1
    answer = call.take(lambda: _ask(call, step))
    return answer or _answer(call, step.takes(call))


def _answer(call: Call, following: Next) -> HttpResponse:
    match following:
        case Go():
            return _ask(call, STEPS[following.step], following.said)
        case Read():
            return read_out(call, following.delivery, *call.words("voice_confirmed"))
        case End():
            return _end(call, following.said)


def _ask_again(call: Call, step: Step) -> HttpResponse:
    if step.reads or call.silences >= TRIES_IN_A_CALL:
        return _end(call, [])
    call.silences += 1
    return _ask(call, step)


def _ask(call: Call, step: Step, said: Sequence[Spoken] = ()) -> HttpResponse:
    sentences = [*said, *step.asks(call), *_offers(call, step)]
    address = call.link(f"{public_url()}/phone/inbound/{step.name}")
    document = call.document().ask(address, *sentences, digits=1 if step.one_key else None)
    return document.go_to(address).response()


def _offers(call: Call, step: Step) -> list[Spoken]:
    """What 0 and * do. The choice of a language needs neither."""
    if not step.one_key:
        return call.offers()
    following = language_after(call.language)
    if step.name == "language" or following == call.language:
        return call.person_offered()
    return [*call.person_offered(), Spoken(following, prompt(following, "other_language"))]


def _end(call: Call, said: Sequence[Spoken]) -> HttpResponse:
    return call.document().say(*said, *call.words("voice_goodbye")).hang_up().response()
