"""Calls that tell of no case: one that only shows that calls arrive (delivery/testing.py), and one that says that
something was changed (delivery/changes.py)."""

from django.http import HttpRequest, HttpResponse

from watchword.delivery.channels.twilio.webhook import signed_by_carrier
from watchword.notices.wording import neutral
from watchword.phone.twiml import Document, Spoken


@signed_by_carrier
def start(request: HttpRequest, language: str, says: str) -> HttpResponse:
    """Somebody, or a machine, picked up."""
    sentence = Spoken(language, neutral(language, f"{says}_call"))
    document = Document(is_tty=request.GET.get("tty") == "1")
    return document.say(sentence, sentence).hang_up().response()
