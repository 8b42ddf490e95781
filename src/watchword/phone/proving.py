"""The call that somebody asked for, to show that a phone is theirs: whoever enters the PIN there has shown it.

Only who asked knows the PIN. Nobody is told the code of the call: it makes it good once, and for a quarter of an hour
(registrants/contact_codes.py).
"""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound

from watchword import pipeline
from watchword.core.encryption import keyring
from watchword.core.signing import unsign
from watchword.delivery.channels.twilio.webhook import signed_by_carrier
from watchword.delivery.links import PROVING_CALL, Links
from watchword.delivery.models import TestMessage
from watchword.delivery.pin_tries import who_knows
from watchword.delivery.stopping import stop
from watchword.phone.menu import TRIES_IN_A_CALL, Menu
from watchword.phone.prompts import prompt
from watchword.phone.twiml import Spoken
from watchword.registrants.contact_codes import CODE_CONTEXT
from watchword.registrants.models import ContactPoint
from watchword.worklist.models import Task

_WRONG_NUMBER = "9"


@signed_by_carrier
def start(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody, or a machine, picked up."""
    found = _asked_for(token)
    if found is None:
        return HttpResponseNotFound()
    test, point = found
    return _ask(test, _menu(request, point), [])


@signed_by_carrier
def pin(request: HttpRequest, token: str) -> HttpResponse:
    """Keys were pressed: 9, 0, * or a PIN."""
    found = _asked_for(token)
    if found is None:
        return HttpResponseNotFound()
    test, point = found
    menu = _menu(request, point)
    if menu.digits == _WRONG_NUMBER:
        stop(point.pk, Task.Kind.WRONG_NUMBER)
        return menu.end("voice_wrong_number")
    answer = menu.take(lambda: _ask(test, menu, []))
    if answer is not None:
        return answer
    code = keyring().decrypt(test.secret or b"", CODE_CONTEXT)
    if who_knows(menu.digits, [point]) and pipeline.give_code(point.pk, code):
        said = Spoken(menu.language, prompt(menu.language, "phone_proved"))
        return menu.document().say(said, *menu.words("voice_goodbye")).hang_up().response()
    if menu.tries >= TRIES_IN_A_CALL:
        return menu.end("voice_too_many")
    menu.tries += 1
    return _ask(test, menu, menu.words("voice_wrong_pin"))


def _ask(test: TestMessage, menu: Menu, said: list[Spoken]) -> HttpResponse:
    greeting = Spoken(menu.language, prompt(menu.language, "proving_call"))
    address = menu.link(Links.here().proving_call(test.reference, "pin"))
    document = menu.document().ask(address, *said, greeting, *menu.offers())
    return document.say(*menu.words("voice_goodbye")).hang_up().response()


def _menu(request: HttpRequest, point: ContactPoint) -> Menu:
    return Menu(request, point.registrant.language, is_tty=point.tty)


def _asked_for(token: str) -> tuple[TestMessage, ContactPoint] | None:
    number = unsign(PROVING_CALL, token)
    if number is None:
        return None
    calls = TestMessage.objects.filter(reference=UUID(int=number), says=TestMessage.Says.CODE)
    test = calls.select_related("contact_point__registrant").first()
    return (test, test.contact_point) if test and test.contact_point and test.secret is not None else None
