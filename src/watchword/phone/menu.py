"""What every call has in common: the language it is spoken in, the keys, and the way to a person.

`*` speaks the next language, `0` reaches a person, both at any point; what other keys do is each call's own.
"""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from watchword.delivery.links import public_url
from watchword.notices.wording import neutral
from watchword.phone.twiml import Document, Spoken
from watchword.registrants.addresses import AddressError, normalise_phone, split_extension

TRIES_IN_A_CALL = 3
"""Wrong PINs, and times without any key, after which a call ends. What a person may try in all: delivery/pin_tries."""
_LANGUAGE, _PERSON = "*", "0"


class Menu:
    """One answer in a call: what was pressed, and the language to answer in."""

    def __init__(self, request: HttpRequest, language: str, *, is_tty: bool = False) -> None:
        """`language` is spoken unless the person has changed it in this call. `is_tty`: to a text telephone; a call
        that began so goes on so, also where `tty=1` stands in the address that the office's line for TTYs leads to."""
        chosen = request.GET.get("lang", "")
        self.language = chosen if chosen in dict(settings.LANGUAGES) else language
        self.digits = request.POST.get("Digits", "")
        self.tries = _count(request, "try")
        self.silences = _count(request, "quiet")
        self.is_tty = is_tty or request.GET.get("tty") == "1"

    def document(self) -> Document:
        """An empty answer, for whatever is at the other end."""
        return Document(is_tty=self.is_tty)

    def words(self, *keys: str) -> list[Spoken]:
        """Neutral phrases in this call's language."""
        return [Spoken(self.language, neutral(self.language, key)) for key in keys]

    def link(self, url: str) -> str:
        """The address of a later step, with what it must remember."""
        kept = {"lang": self.language, "try": self.tries, "quiet": self.silences}
        return f"{url}?{urlencode(kept | ({'tty': 1} if self.is_tty else {}))}"

    @property
    def has_person(self) -> bool:
        """Whether 0 reaches somebody."""
        return _person() is not None

    def offers(self) -> list[Spoken]:
        """What * and 0 do, where they do anything."""
        offered = self.words("voice_ask_person") if self.has_person else []
        following = language_after(self.language)
        if following != self.language:
            offered.append(Spoken(following, neutral(following, "voice_ask_language")))
        return offered

    def take(self, same_again: Callable[[], HttpResponse]) -> HttpResponse | None:
        """The answer to * and 0; None for any other key. `same_again` says the same in the language now chosen."""
        if self.digits == _LANGUAGE:
            self.language = language_after(self.language)
            return same_again()
        person = _person() if self.digits == _PERSON else None
        if person is None:
            return None
        after = self.link(f"{public_url()}/phone/person-ended")
        return self.document().say(*self.words("voice_connecting")).connect(*person, after).response()

    def end(self, *keys: str) -> HttpResponse:
        """Say so, and hang up."""
        return self.document().say(*self.words(*keys)).hang_up().response()


def _count(request: HttpRequest, name: str) -> int:
    """Which time it is that somebody tries a PIN, or presses nothing, in this call."""
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdigit() else 1


def language_after(language: str) -> str:
    """The language that the star key changes to: each in turn."""
    spoken = list(dict(settings.LANGUAGES))
    return spoken[(spoken.index(language) + 1) % len(spoken)]


def _person() -> tuple[str, str] | None:
    """The number and extension behind which the office has a person, if it named one that can be dialled."""
    try:
        return split_extension(normalise_phone(settings.WATCHWORD.office_phone))
    except AddressError:
        return None
