"""Following TwiML while somebody listens: what is said, which keys are taken, and where that leads."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

from watchword.carrier.listeners import Listener
from watchword.carrier.records import Call, Line
from watchword.carrier.twiml import (
    NO_DOCUMENT,
    Dial,
    Gather,
    Hangup,
    Note,
    Pause,
    Play,
    Prompt,
    Redirect,
    Reject,
    Say,
    TwimlError,
    Verb,
    parse_voice,
)
from watchword.carrier.webhooks import Answer
from watchword.core import clock

MOST_DOCUMENTS = 200
"""Documents followed in one call; a flow that redirects to itself for ever is ended there."""
_FOREVER = 1_000
_CHARACTERS_A_SECOND = 14
_PLAY_SECONDS = 5.0
_APOLOGY = Say("We are sorry, an application error has occurred. Goodbye.")

Fetch = Callable[[str, str, Mapping[str, str]], Awaitable[Answer]]
"""Ask a URL by a method, with these parameters beside the usual ones of the call."""
Record = Callable[[Line], None]


@dataclass(frozen=True, slots=True)
class Dialled:
    """How a Dial ended: the other call's id, status and length in seconds."""

    sid: str
    status: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Document:
    """Where to begin: the TwiML itself, else a URL that has it and how to ask there."""

    url: str
    method: str = "POST"
    twiml: str = ""


@dataclass(frozen=True, slots=True)
class _Step:
    url: str
    method: str = "POST"
    params: Mapping[str, str] = field(default_factory=dict)


class Conversation:
    """One answered call. `follow` returns when the documents have no more to say; HungUp passes through it."""

    def __init__(
        self,
        call: Call,
        listener: Listener,
        fetch: Fetch,
        connect: Callable[[Dial], Awaitable[Dialled]],
        record: Record,
        printed: Callable[[str], Awaitable[str]],
    ) -> None:
        """`printed` says what a text telephone would print of the sound at a URL."""
        self._call = call
        self._listener = listener
        self._fetch = fetch
        self._connect = connect
        self._record = record
        self._printed = printed
        self._url = ""
        self.rejected = ""
        """The reason of a Reject that ended it, if one did."""

    async def follow(self, document: Document) -> None:
        """Do what it says, and what those say that it leads to, and so on to the end."""
        step: _Step | None = _Step(document.url, document.method)
        self._url, twiml = document.url or self._url, document.twiml
        try:
            for _ in range(MOST_DOCUMENTS):
                if step is None:
                    return
                if not twiml:
                    self._url = urljoin(self._url, step.url)
                    twiml = await self._document(step)
                verbs, twiml = parse_voice(twiml), ""
                step = await self._perform_all(verbs)
            self._note(f"The call was ended after {MOST_DOCUMENTS} documents.")
        except TwimlError as error:
            self._note(f"Error {error.code}: {error}")
            await self._prompt(_APOLOGY, self._listener.hear)

    async def _document(self, step: _Step) -> str:
        answer = await self._fetch(self._url, step.method, step.params)
        if not answer.ok:
            what = f"answered {answer.status}" if answer.status else "did not answer"
            raise TwimlError(NO_DOCUMENT, f"The webhook {what}.")
        return answer.text

    async def _perform_all(self, verbs: list[Verb]) -> _Step | None:
        for verb in verbs:
            if isinstance(verb, Reject):
                self.rejected = verb.reason
            if isinstance(verb, Hangup | Reject):
                return None
            step = await self._perform(verb)
            if step is not None:
                return step
        return None

    async def _perform(self, verb: Verb) -> _Step | None:
        match verb:
            case Say() | Play() | Pause():
                await self._prompt(verb, self._listener.hear)
            case Gather():
                return await self._gather(verb)
            case Redirect():
                return _Step(verb.url, verb.method)
            case Dial():
                return await self._dial(verb)
            case Note():
                self._note(verb.text)
            case Hangup() | Reject():
                raise AssertionError("these end the document")
        return None

    async def _prompt(
        self,
        prompt: Prompt,
        listen: Callable[[float], Awaitable[str | None]] | Callable[[float], Awaitable[None]],
    ) -> str | None:
        """Say, play or be silent; the key that cut it short, if one did."""
        match prompt:
            case Say():
                seconds, times = 0.3 + len(prompt.text) / _CHARACTERS_A_SECOND, prompt.loop
                line = Line(clock.now(), "said", prompt.text, prompt.language, prompt.voice)
            case Play():
                what = prompt.url or f"key tones {prompt.digits}"
                seconds, times = _PLAY_SECONDS, prompt.loop
                line = Line(clock.now(), "played", what)
            case Pause():
                seconds, times = prompt.seconds, 1
                line = Line(clock.now(), "paused", f"{prompt.seconds:g} s")
        words = await self._words_of(prompt)
        for _ in range(times or _FOREVER):
            self._record(line)
            if words:
                self._record(Line(clock.now(), "printed", words))
            key = await listen(seconds)
            if key is not None:
                return key
        return None

    async def _words_of(self, prompt: Prompt) -> str:
        """What a text telephone would print of it; '' of most things."""
        if not isinstance(prompt, Play) or not prompt.url:
            return ""
        return await self._printed(urljoin(self._url, prompt.url))

    async def _gather(self, gather: Gather) -> _Step | None:
        self._call.listening = True
        self._listener.ready()
        try:
            digits, finished_by = await self._take_keys(gather)
        finally:
            self._call.listening, self._call.pressing = False, ""
            unheard = self._listener.unready()
        if digits or finished_by:
            self._record(Line(clock.now(), "pressed", digits + finished_by))
        if unheard:
            self._record(Line(clock.now(), "unheard", unheard))
        if not digits and not gather.even_if_empty:
            return None
        return _Step(
            gather.action or self._url, gather.method, {"Digits": digits, "FinishedOnKey": finished_by}
        )

    async def _take_keys(self, gather: Gather) -> tuple[str, str]:
        """The digits, and the key that finished them (empty: enough digits, or the time was up)."""
        key: str | None = None
        for prompt in gather.prompts:
            key = await self._prompt(prompt, self._listener.heed)
            if key is not None:
                break
        digits = ""
        while True:
            if key is None:
                key = await self._listener.key(gather.timeout)
            if key is None:
                return digits, ""
            if key in gather.finish_on_key:
                return digits, key
            digits += key
            self._call.pressing = digits
            if len(digits) == gather.num_digits:
                return digits, ""
            key = None

    async def _dial(self, dial: Dial) -> _Step | None:
        self._record(Line(clock.now(), "dialled", dial.number))
        dialled = await self._connect(dial)
        if not dial.action:
            return None
        params = {
            "DialCallSid": dialled.sid,
            "DialCallStatus": dialled.status,
            "DialCallDuration": str(dialled.seconds),
        }
        return _Step(dial.action, dial.method, params)

    def _note(self, text: str) -> None:
        self._record(Line(clock.now(), "note", text))
