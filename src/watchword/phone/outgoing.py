"""The call that brings a message: a neutral greeting, the PIN, then the words.

```
start -- PIN right --> message -- 1 --> message ...
      -- PIN wrong --> asked again, three times in a call
      -- 9 ----------> wrong number: these calls stop
      -- * ----------> the same in the next language
      -- 0 ----------> a person at the office
      -- nothing ----> quiet: asked again; "please call back" to a machine, or when nobody answers to the third
      -- a beep -----> voicemail: "please call back", from its beginning (delivery/voicemail.py sends the call there)
```
Before the PIN there is no word of the case nor of the office, as a machine may be recording it; and a wrong PIN sounds
the same whatever the reason.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound

from watchword.core.signing import unsign
from watchword.delivery.call_outcomes import newest_call
from watchword.delivery.channels.twilio.webhook import signed_by_carrier
from watchword.delivery.confirmation import confirm_on_call, heard_on_call
from watchword.delivery.links import Links
from watchword.delivery.models import Delivery
from watchword.delivery.stopping import stop
from watchword.phone.menu import TRIES_IN_A_CALL, Menu
from watchword.phone.twiml import Spoken
from watchword.registrants.models import ContactPoint
from watchword.worklist.models import Task

_WRONG_NUMBER, _AGAIN = "9", "1"


@signed_by_carrier
def start(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody, or a machine, picked up."""
    delivery = _delivery(token, "call")
    if delivery is None:
        return HttpResponseNotFound()
    return _ask_pin(delivery, _menu(request, delivery), "voice_greeting")


@signed_by_carrier
def quiet(request: HttpRequest, token: str) -> HttpResponse:
    """No key was pressed: a machine is recording, or a person needs more time."""
    delivery = _delivery(token, "call")
    if delivery is None:
        return HttpResponseNotFound()
    menu = _menu(request, delivery)
    call = newest_call(delivery.pk)
    # A text telephone that answers with its own tones is taken for a machine.
    machine = not menu.is_tty and call is not None and call.call_outcome == "voicemail"
    if machine or menu.silences >= TRIES_IN_A_CALL:
        return menu.end(_voicemail(delivery.contact_point))
    menu.silences += 1
    return _ask_pin(delivery, menu, "voice_greeting")


@signed_by_carrier
def voicemail(request: HttpRequest, token: str) -> HttpResponse:
    """A machine records from now on; or somebody was taken for one, and may press keys all the same."""
    delivery = _delivery(token, "call")
    if delivery is None:
        return HttpResponseNotFound()
    menu = _menu(request, delivery)
    words = menu.words(_voicemail(delivery.contact_point))
    return menu.document().ask(menu.link(Links.here().call(delivery.pk, "pin")), *words).hang_up().response()


@signed_by_carrier
def pin(request: HttpRequest, token: str) -> HttpResponse:
    """Keys were pressed: 9, 0, * or a PIN."""
    delivery = _delivery(token, "call")
    if delivery is None:
        return HttpResponseNotFound()
    menu = _menu(request, delivery)
    if menu.digits == _WRONG_NUMBER:
        stop(delivery.contact_point_id, Task.Kind.WRONG_NUMBER)
        return menu.end("voice_wrong_number")
    answer = menu.take(lambda: _ask_pin(delivery, menu, "voice_greeting"))
    if answer is not None:
        return answer
    if confirm_on_call(delivery.pk, menu.digits):
        return read_out(menu, delivery.pk, *menu.words("voice_confirmed"))
    if menu.tries >= TRIES_IN_A_CALL:
        return menu.end("voice_too_many")
    menu.tries += 1
    return _ask_pin(delivery, menu, "voice_wrong_pin")


@signed_by_carrier
def again(request: HttpRequest, token: str) -> HttpResponse:
    """A key was pressed after the message: 1 says it again."""
    delivery = _delivery(token, "call.heard")
    if delivery is None:
        return HttpResponseNotFound()
    menu = _menu(request, delivery)
    if menu.digits == _AGAIN:
        return read_out(menu, delivery.pk)
    return menu.take(lambda: read_out(menu, delivery.pk)) or menu.end("voice_goodbye")


def read_out(menu: Menu, delivery: int, *after: Spoken) -> HttpResponse:
    """The words themselves. The address of "again" is known only to whoever heard them."""
    bodies = [Spoken(menu.language, body) for body in heard_on_call(delivery, menu.language)]
    again_url = menu.link(Links.here().call(delivery, "again"))
    document = menu.document().ask(
        again_url, *bodies, *after, *menu.words("voice_again"), *menu.offers(), digits=1
    )
    return document.say(*menu.words("voice_goodbye")).hang_up().response()


def _ask_pin(delivery: Delivery, menu: Menu, opening: str) -> HttpResponse:
    links = Links.here()
    if delivery.contact_point.backup and opening == "voice_greeting":
        opening = "voice_backup"  # another person, named by the registrant, who may have no PIN
    document = menu.document().ask(
        menu.link(links.call(delivery.pk, "pin")),
        *menu.words(opening, "voice_ask_pin", "voice_ask_wrong_number"),
        *menu.offers(),
    )
    return document.go_to(menu.link(links.call(delivery.pk, "quiet"))).response()


def _voicemail(point: ContactPoint) -> str:
    """What a machine may record at this contact point."""
    if not settings.WATCHWORD.office_phone:
        return "voice_voicemail_without_number"
    return "voice_voicemail_more" if point.voicemail_says_more else "voice_voicemail"


def _menu(request: HttpRequest, delivery: Delivery) -> Menu:
    point = delivery.contact_point
    return Menu(request, point.registrant.language, is_tty=point.tty)


def _delivery(token: str, purpose: str) -> Delivery | None:
    number = unsign(purpose, token)
    if number is None:
        return None
    return Delivery.objects.select_related("contact_point__registrant").filter(id=number).first()
