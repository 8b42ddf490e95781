"""What a person texts us: a PIN, a word that stops texts or starts them again, or anything else.

Whoever gives no right PIN is answered alike, known to us or not: in the office's first language, or in that of the word
they used.
"""

import re
from collections.abc import Sequence

from django.conf import settings

from watchword.delivery.confirmation import confirm_by_text
from watchword.delivery.stopping import start_again, stop
from watchword.notices.wording import neutral
from watchword.registrants.addresses import AddressError
from watchword.registrants.models import ContactPoint
from watchword.registrants.queries import contact_points_at
from watchword.worklist.models import Task

_PIN = re.compile(r"\d{6,12}")

# The words that carriers themselves take as an opt-out or opt-in, and their kin; each with its language.
_STOP = dict.fromkeys(
    ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"], "en"
) | dict.fromkeys(["ALTO", "PARAR", "PARE", "CANCELAR", "BASTA", "DETENER"], "es")
_START = {"START": "en", "UNSTOP": "en", "INICIAR": "es", "EMPEZAR": "es"}
_HELP = {"HELP": "en", "INFO": "en", "AYUDA": "es"}


def answer(sender: str, body: str) -> str:
    """Do what a text from this number asks for, and return the words to answer with."""
    pin = re.sub(r"[\s.\-]", "", body)
    word = re.sub(r"[\W_]", "", body).upper()
    points = _points(sender)
    if _PIN.fullmatch(pin):
        return _answer_to_pin(points, pin)
    if word in _STOP:
        for point in points:
            stop(point.pk, Task.Kind.OPTED_OUT)
        return neutral(_STOP[word], "reply_stopped")
    if word in _START:
        for point in points:
            start_again(point.pk)
        return neutral(_START[word], "reply_started")
    return neutral(_HELP.get(word, settings.LANGUAGE_CODE), "reply_help")


def _points(sender: str) -> Sequence[ContactPoint]:
    try:
        return contact_points_at(ContactPoint.Channel.TEXT, sender)
    except AddressError:
        return []  # a short code or a name: no registrant's


def _answer_to_pin(points: Sequence[ContactPoint], pin: str) -> str:
    knows, confirmed = confirm_by_text(points, pin)
    if not knows:
        return neutral(settings.LANGUAGE_CODE, "reply_unknown_pin")
    return neutral(knows[0].registrant.language, "reply_confirmed" if confirmed else "reply_nothing_open")
