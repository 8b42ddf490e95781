"""TwiML, the document by which a customer says what happens in a call or after a text: read into plain values.

Covers Say, Play, Pause, Gather, Redirect, Dial, Hangup and Reject for calls, and Message for texts. What Twilio would
ignore with a warning (a verb or attribute of some other product) becomes a Note.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias
from xml.etree import ElementTree

PARSE_FAILURE = 12100
WRONG_VALUE = 12200
NO_DOCUMENT = 11200


class TwimlError(Exception):
    """A document that the carrier cannot follow; `code` is Twilio's."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Say:
    """Speak `text`."""

    text: str
    language: str = "en-US"
    voice: str = ""
    loop: int = 1


@dataclass(frozen=True, slots=True)
class Play:
    """Play the sound at `url`, or the key tones of `digits`."""

    url: str = ""
    digits: str = ""
    loop: int = 1


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence, in seconds."""

    seconds: float = 1


Prompt: TypeAlias = Say | Play | Pause


@dataclass(frozen=True, slots=True)
class Gather:
    """Take keys while and after the prompts, and ask `action` (unset: the present URL) what to do with them."""

    prompts: tuple[Prompt, ...] = ()
    action: str = ""
    method: str = "POST"
    timeout: float = 5
    """Seconds without a key after which it ends."""
    num_digits: int | None = None
    finish_on_key: str = "#"
    even_if_empty: bool = False
    """Ask `action` also when no key was pressed, instead of going on with the next verb."""


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go on with the document at `url`."""

    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Dial:
    """Connect the caller with `number`; then ask `action`, where there is one, else go on."""

    number: str
    action: str = ""
    method: str = "POST"
    timeout: float = 30
    caller_id: str = ""


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Do not take an inbound call; `reason` is `rejected` or `busy`."""

    reason: str = "rejected"


@dataclass(frozen=True, slots=True)
class Note:
    """Something of the document that this carrier passes over."""

    text: str


Verb: TypeAlias = Prompt | Gather | Redirect | Dial | Hangup | Reject | Note


def parse_voice(document: str) -> list[Verb]:
    """The verbs of a call's document, in order. TwimlError where it cannot be followed."""
    return [_verb(element) for element in _response(document)]


def parse_messages(document: str) -> list[str]:
    """The bodies of the texts that a message webhook answers with; an empty answer has none."""
    if not document.strip():
        return []
    return [
        body
        for element in _response(document)
        if element.tag in ("Message", "Sms") and (body := _message_body(element))
    ]


def _response(document: str) -> Iterable[ElementTree.Element]:
    if "<!DOCTYPE" in document:  # entities have no business here
        raise TwimlError(PARSE_FAILURE, "A document type declaration is not allowed.")
    try:
        root = ElementTree.fromstring(document.strip().encode())  # noqa: S314 (without DOCTYPE it has no entities)
    except ElementTree.ParseError as error:
        raise TwimlError(PARSE_FAILURE, f"Document parse failure: {error}.") from None
    if root.tag != "Response":
        raise TwimlError(PARSE_FAILURE, "The root element must be <Response>.")
    return root


def _message_body(element: ElementTree.Element) -> str:
    body = element.find("Body")
    return "".join((element if body is None else body).itertext()).strip()


def _words(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _number(element: ElementTree.Element, name: str, default: float) -> float:
    value = element.get(name)
    if value is None or value == "auto":
        return default
    try:
        number = float(value)
    except ValueError:
        number = -1
    if number < 0:
        raise TwimlError(WRONG_VALUE, f"<{element.tag}> {name} must be a number, not below 0.")
    return number


def _method(element: ElementTree.Element) -> str:
    method = element.get("method", "POST").upper()
    if method not in ("GET", "POST"):
        raise TwimlError(WRONG_VALUE, f"<{element.tag}> method must be GET or POST.")
    return method


def _verb(element: ElementTree.Element) -> Verb:
    match element.tag:
        case "Gather":
            return _gather(element)
        case "Redirect":
            return Redirect(_words(element), _method(element))
        case "Dial":
            inner = element.find("Number")
            return Dial(
                number=_words(element if inner is None else inner),
                action=element.get("action", ""),
                method=_method(element),
                timeout=_number(element, "timeout", 30),
                caller_id=element.get("callerId", ""),
            )
        case "Hangup":
            return Hangup()
        case "Reject":
            return Reject(element.get("reason", "rejected"))
        case _:
            return _prompt(element)


def _prompt(element: ElementTree.Element) -> Prompt | Note:
    match element.tag:
        case "Say":
            return Say(
                _words(element),
                language=element.get("language", "en-US"),
                voice=element.get("voice", ""),
                loop=int(_number(element, "loop", 1)),
            )
        case "Play":
            return Play(_words(element), element.get("digits", ""), int(_number(element, "loop", 1)))
        case "Pause":
            return Pause(_number(element, "length", 1))
        case _:
            return Note(f"<{element.tag}> is not known here and was passed over.")


def _gather(element: ElementTree.Element) -> Gather:
    prompts = [_prompt(child) for child in element]
    num_digits = int(_number(element, "numDigits", 0))
    return Gather(
        prompts=tuple(prompt for prompt in prompts if not isinstance(prompt, Note)),
        action=element.get("action", ""),
        method=_method(element),
        timeout=_number(element, "timeout", 5),
        num_digits=num_digits or None,
        finish_on_key=element.get("finishOnKey", "#"),
        even_if_empty=element.get("actionOnEmptyResult", "false").lower() == "true",
    )
