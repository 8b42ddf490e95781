"""TwiML, the document that tells a carrier what to do in a call. Only what Twilio, SignalWire and Telnyx all take."""

from collections.abc import Iterable
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, tostring

from django.http import HttpResponse

from watchword.phone.tones import tone_urls

_VOICES = {
    "en": "en-US",
    "es": "es-US",
    "zh": "cmn-CN",
    "ru": "ru-RU",
    "bn": "bn-IN",
    "ko": "ko-KR",
    "ar": "ar-AE",
    "ur": "ur-IN",
    "fr": "fr-FR",
    "pl": "pl-PL",
}
_GO_AHEAD, _STOP_KEYING = "GA", "SK"
_BEFORE_EXTENSION = "wwww"  # half a second each: until the switchboard listens


class Spoken(NamedTuple):
    """A sentence, and the language whose voice speaks it."""

    language: str
    words: str


class Document:
    """One answer to the carrier."""

    def __init__(self, *, is_tty: bool = False) -> None:
        """`is_tty`: a text telephone is at the other end, so everything said is tones that it prints."""
        self._root = Element("Response")
        self._is_tty = is_tty

    def say(self, *sentences: Spoken) -> "Document":
        """Speak."""
        self._speak(self._root, sentences)
        return self

    def ask(self, action: str, *sentences: Spoken, digits: int | None = None) -> "Document":
        """Speak while listening for keys, ended by # or a pause, or after so many `digits`; then go to `action`.

        Where no key is pressed, the document goes on.
        """
        attributes = {"input": "dtmf", "method": "POST", "action": action, "timeout": "8", "finishOnKey": "#"}
        if self._is_tty:
            attributes["timeout"] = "20"  # what is read is answered later than what is heard
        if digits is not None:
            attributes |= {"numDigits": str(digits), "finishOnKey": ""}
        self._speak(SubElement(self._root, "Gather", attributes), sentences, ending=_GO_AHEAD)
        return self

    def go_to(self, url: str) -> "Document":
        """Go on with the document at `url`."""
        SubElement(self._root, "Redirect", {"method": "POST"}).text = url
        return self

    def connect(self, number: str, extension: str, action: str) -> "Document":
        """Connect the caller with somebody at `number` (E.164); then, or if nobody answers, go to `action`."""
        dial = SubElement(self._root, "Dial", {"method": "POST", "action": action, "timeout": "30"})
        keys = {"sendDigits": _BEFORE_EXTENSION + extension} if extension else {}
        SubElement(dial, "Number", keys).text = number
        return self

    def hang_up(self) -> "Document":
        """End the call."""
        if self._is_tty:
            self._speak(self._root, (), ending=_STOP_KEYING)
        SubElement(self._root, "Hangup")
        return self

    def response(self) -> HttpResponse:
        """The answer over HTTP."""
        return HttpResponse(
            tostring(self._root, encoding="utf-8", xml_declaration=True), content_type="text/xml"
        )

    def _speak(self, parent: Element, sentences: Iterable[Spoken], ending: str = "") -> None:
        """Say it. To a text telephone it ends as people there end what they type: whose turn it is."""
        if self._is_tty:
            for url in tone_urls([*(words for _, words in sentences), *filter(None, [ending])]):
                SubElement(parent, "Play").text = url
            return
        for language, words in sentences:
            SubElement(parent, "Say", {"language": _VOICES.get(language, language)}).text = words
