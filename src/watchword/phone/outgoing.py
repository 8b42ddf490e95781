"""The call that brings a message: a neutral greeting, the PIN, then the words.

```
start -- PIN right --> message -- 1 --> message ...
      -- PIN wrong --> asked again, three times in a call
      -- 9 ----------> wrong number: these calls stop
      -- nothing ----> "please call back" (what a machine records), hang up
```
Before the PIN there is no word of the case, and a wrong PIN sounds the same whatever the reason.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound

from watchword.core.signing import unsign
from watchword.delivery.channels.twilio.webhook import signed_by_carrier
from watchword.delivery.confirmation import confirm_on_call, heard_on_call
from watchword.delivery.links import Links
from watchword.delivery.models import Delivery
from watchword.delivery.stopping import stop
from watchword.notices.wording import neutral
from watchword.phone.twiml import Document
from watchword.worklist.models import Task

_TRIES_IN_A_CALL = 3
_WRONG_NUMBER, _AGAIN = "9", "1"


@signed_by_carrier
def start(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody, or a machine, picked up."""
    delivery = _delivery(token, "call")
    if delivery is None:
        return HttpResponseNotFound()
    return _ask_pin(delivery, 1, "voice_greeting")


@signed_by_carrier
def pin(request: HttpRequest, token: str) -> HttpResponse:
    """Keys were pressed: 9, or a PIN."""
    delivery = _delivery(token, "call")
    if delivery is None:
        return HttpResponseNotFound()
    language = _language(delivery)
    digits = request.POST.get("Digits", "")
    if digits == _WRONG_NUMBER:
        stop(delivery.contact_point_id, Task.Kind.WRONG_NUMBER)
        return Document(language).say(neutral(language, "voice_wrong_number")).hang_up().response()
    if confirm_on_call(delivery.pk, digits):
        return _message(delivery, neutral(language, "voice_confirmed"))
    tries = int(request.GET.get("try", "1"))
    if tries >= _TRIES_IN_A_CALL:
        return Document(language).say(neutral(language, "voice_too_many")).hang_up().response()
    return _ask_pin(delivery, tries + 1, "voice_wrong_pin")


@signed_by_carrier
def again(request: HttpRequest, token: str) -> HttpResponse:
    """A key was pressed after the message: 1 says it again."""
    delivery = _delivery(token, "call.heard")
    if delivery is None:
        return HttpResponseNotFound()
    if request.POST.get("Digits") == _AGAIN:
        return _message(delivery)
    language = _language(delivery)
    return Document(language).say(neutral(language, "voice_goodbye")).hang_up().response()


def _ask_pin(delivery: Delivery, attempt: int, opening: str) -> HttpResponse:
    language = _language(delivery)
    document = Document(language)
    document.ask(
        Links.here().call(delivery.pk, f"pin?try={attempt}"),
        neutral(language, opening),
        neutral(language, "voice_ask_pin"),
    )
    number = settings.WATCHWORD.office_phone
    document.say(neutral(language, "voice_voicemail" if number else "voice_voicemail_without_number"))
    return document.hang_up().response()


def _message(delivery: Delivery, *opening: str) -> HttpResponse:
    """The words themselves. The address of "again" is known only to whoever heard them."""
    language = _language(delivery)
    bodies = [told.body for told in heard_on_call(delivery.pk)]
    document = Document(language)
    document.ask(
        Links.here().call(delivery.pk, "again"), *bodies, *opening, neutral(language, "voice_again"), digits=1
    )
    return document.say(neutral(language, "voice_goodbye")).hang_up().response()


def _delivery(token: str, purpose: str) -> Delivery | None:
    number = unsign(purpose, token)
    if number is None:
        return None
    return Delivery.objects.select_related("contact_point__registrant").filter(id=number).first()


def _language(delivery: Delivery) -> str:
    return delivery.contact_point.registrant.language
