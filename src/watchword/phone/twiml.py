"""TwiML, the document that tells a carrier what to do in a call. Only what Twilio, SignalWire and Telnyx all take."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, tostring

from django.http import HttpResponse

_VOICES = {"en": "en-US", "es": "es-US"}


class Document:
    """One answer to the carrier, spoken in one language."""

    def __init__(self, language: str) -> None:
        self._voice = _VOICES.get(language, language)
        self._root = Element("Response")

    def say(self, *sentences: str) -> "Document":
        """Speak."""
        self._speak(self._root, sentences)
        return self

    def ask(self, action: str, *sentences: str, digits: int | None = None) -> "Document":
        """Speak while listening for keys, ended by # or a pause, or after so many `digits`; then go to `action`.

        Where no key is pressed, the document goes on.
        """
        attributes = {"input": "dtmf", "method": "POST", "action": action, "timeout": "8", "finishOnKey": "#"}
        if digits is not None:
            attributes |= {"numDigits": str(digits), "finishOnKey": ""}
        self._speak(SubElement(self._root, "Gather", attributes), sentences)
        return self

    def hang_up(self) -> "Document":
        """End the call."""
        SubElement(self._root, "Hangup")
        return self

    def response(self) -> HttpResponse:
        """The answer over HTTP."""
        return HttpResponse(
            tostring(self._root, encoding="utf-8", xml_declaration=True), content_type="text/xml"
        )

    def _speak(self, parent: Element, sentences: Iterable[str]) -> None:
        for sentence in sentences:
            SubElement(parent, "Say", {"language": self._voice}).text = sentence
