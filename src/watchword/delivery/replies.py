"""What a person texts us: a PIN, a word that stops texts, starts them again or asks how things stand, or anything else.

Whoever gives no right PIN is answered alike, known to us or not: in the registrant's own language, the answer to a
wrong PIN would tell whoever holds the phone that it is registered. So what was texted decides, never whose phone it is:
a word is answered in its own language; a PIN in the one whose digits or word for it were typed, and the office's first
two.
"""

import re
import unicodedata
from collections.abc import Sequence

from django.conf import settings

from watchword.delivery.confirmation import confirm_by_text
from watchword.delivery.keywords import folded, keyword
from watchword.delivery.pin_tries import who_knows
from watchword.delivery.stopping import start_again, stop
from watchword.delivery.told import tell_again
from watchword.notices.wording import neutral
from watchword.registrants.addresses import AddressError
from watchword.registrants.models import ContactPoint
from watchword.registrants.queries import contact_points_at
from watchword.worklist.models import Task

_PIN = re.compile(r"(?:pin|(nip))?([0-9]{6,12})")  # of folded words
_WORD_AND_PIN = re.compile(r"(\D+)([0-9]{6,12})")
_FIRST_LANGUAGES = 2  # of the office's, in the answer to a wrong PIN: in eleven, nobody would find their own
_DIGITS = {"ARABIC-INDIC": "ar", "EXTENDED ARABIC-INDIC": "ur", "BENGALI": "bn"}  # as Unicode names them


def answer(sender: str, body: str, taken_as: str = "") -> str:
    """Do what a text from this number asks for, and return the words to answer with.

    `taken_as` is the provider's word for a text that it has answered by itself (STOP, START or HELP, in whichever
    language the office set there): then it is done, and there is nothing more to say.
    """
    points = _points(sender)
    pin = _PIN.fullmatch(folded(body))
    if pin and not taken_as:
        return _answer_to_pin(points, pin[2], languages_of_refusal(body, says_nip=pin[1] is not None))
    status = _WORD_AND_PIN.fullmatch(folded(body))
    if status and not taken_as and _asks_for_status(status[1]):
        return _answer_with_status(points, status[2], languages_of_refusal(body))
    asked = keyword(taken_as or body)
    wish, language = asked or ("help", "")
    match wish:
        case "stop":
            for point in points:
                stop(point.pk, Task.Kind.OPTED_OUT)
            said = "reply_stopped"
        case "start":
            for point in points:
                start_again(point.pk)
            said = "reply_started"
        case "status":
            said = "reply_status_needs_pin"
        case "help":
            number = settings.WATCHWORD.office_phone
            said = "reply_help" if number else "reply_help_without_number"
    return "" if taken_as else neutral(_spoken(language), said)


def _points(sender: str) -> Sequence[ContactPoint]:
    try:
        return contact_points_at(ContactPoint.Channel.TEXT, sender)
    except AddressError:
        return []  # a short code or a name: no registrant's


def languages_of_refusal(body: str, *, says_nip: bool = False) -> list[str]:
    """The languages in which a wrong PIN is answered that was texted like this; `says_nip`: it was called NIP."""
    digit = next((character for character in body if character.isdigit()), "0")
    typed = _DIGITS.get(unicodedata.name(digit).partition(" DIGIT")[0], "es" if says_nip else "")
    spoken = [language for language, _ in settings.LANGUAGES]
    first = [typed] if typed in spoken else []
    return first + [language for language in spoken[:_FIRST_LANGUAGES] if language != typed]


def _answer_to_pin(points: Sequence[ContactPoint], pin: str, languages: Sequence[str]) -> str:
    knows, confirmed = confirm_by_text(points, pin)
    if not knows:
        return _refusal(languages)
    return neutral(knows[0].registrant.language, "reply_confirmed" if confirmed else "reply_nothing_open")


def _asks_for_status(word: str) -> bool:
    known = keyword(word) or keyword(word.removesuffix("pin"))
    return known is not None and known.wish == "status"


def _answer_with_status(points: Sequence[ContactPoint], pin: str, languages: Sequence[str]) -> str:
    """What was told last, where this contact point's texts may say so; else where to hear it. It confirms nothing."""
    knows = who_knows(pin, points)
    if not knows:
        return _refusal(languages)
    point = knows[0]
    language = point.registrant.language
    if not point.allows_detail:
        return neutral(language, "reply_status_elsewhere", line=settings.WATCHWORD.voice_from)
    last = [" ".join(each.body.split()) for each in tell_again(point.registrant_id, "text")]
    return "\n".join(last) or neutral(language, "reply_nothing_open")


def _refusal(languages: Sequence[str]) -> str:
    return "\n".join(neutral(language, "reply_unknown_pin") for language in languages)


def _spoken(language: str) -> str:
    """The language of a word, if the office speaks it; else the office's first."""
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
