"""The office's line, for whoever calls back: the PIN and the number that they call from open their messages.

A number that we do not know, a wrong PIN and a locked one sound alike, in the office's first language unless * is
pressed.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from watchword.delivery.channels.twilio.webhook import signed_by_carrier
from watchword.delivery.confirmation import confirm_by_calling_back
from watchword.delivery.links import public_url
from watchword.phone.menu import TRIES_IN_A_CALL, Menu
from watchword.phone.outgoing import read_out
from watchword.registrants.addresses import AddressError
from watchword.registrants.models import ContactPoint
from watchword.registrants.queries import contact_points_at


@signed_by_carrier
def start(request: HttpRequest) -> HttpResponse:
    """Somebody calls us."""
    return _ask_pin(_menu(request), "voice_inbound")


@signed_by_carrier
def pin(request: HttpRequest) -> HttpResponse:
    """Keys were pressed: 0, * or a PIN."""
    menu = _menu(request)
    answer = menu.take(lambda: _ask_pin(menu, "voice_inbound"))
    if answer is not None:
        return answer
    knows, delivery = confirm_by_calling_back(_points(request.POST.get("From", "")), menu.digits)
    if delivery is not None:
        return read_out(menu, delivery, *menu.words("voice_confirmed"))
    if knows:
        return menu.end("reply_nothing_open", "voice_goodbye")
    if menu.tries >= TRIES_IN_A_CALL:
        return menu.end("voice_too_many")
    menu.tries += 1
    return _ask_pin(menu, "voice_wrong_pin")


def _ask_pin(menu: Menu, opening: str) -> HttpResponse:
    action = menu.link(f"{public_url()}/phone/inbound/pin")
    document = menu.document().ask(action, *menu.words(opening, "voice_ask_pin"), *menu.offers())
    return document.say(*menu.words("voice_goodbye")).hang_up().response()


def _menu(request: HttpRequest) -> Menu:
    return Menu(request, settings.LANGUAGE_CODE)


def _points(caller: str) -> list[ContactPoint]:
    try:
        return contact_points_at(ContactPoint.Channel.VOICE, caller)
    except AddressError:
        return []  # a number withheld: nobody's
