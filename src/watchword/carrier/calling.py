"""A call from the first ring to the last receipt: who rings, who picks up, what is said, how it ends."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import urlsplit

from watchword.carrier import tty
from watchword.carrier.behaviours import (
    SWITCHBOARD_WAITS_S,
    VOICEMAIL_GREETS_S,
    VOICEMAIL_RECORDS_S,
    CallBehaviour,
)
from watchword.carrier.call_reports import params_of, tell_step, tell_who_took
from watchword.carrier.conversation import Conversation, Dialled, Document
from watchword.carrier.errors import ApiError
from watchword.carrier.exchange import Exchange, NotPossible, is_phone_number, new_sid
from watchword.carrier.listeners import HungUp, Listener, Machine, Person, Script
from watchword.carrier.records import Call, Line
from watchword.carrier.twiml import Dial
from watchword.carrier.webhooks import Answer
from watchword.core import clock

_SIP_CODES = {"busy": 486, "no-answer": 487, "failed": 404, "canceled": 487, "completed": 200}
_DECLINED, _UNREACHABLE = 603, 480


def place_call(exchange: Exchange, call: Call) -> "CallFlow":
    """Accept a call and let it ring; ApiError where the provider refuses the number."""
    if not is_phone_number(call.to):
        raise ApiError(21211, number=call.to)
    if not is_phone_number(call.from_):
        raise ApiError(21212, number=call.from_)
    phone = exchange.phones.get(call.phone)
    if phone is not None and call.direction != "inbound" and phone.calling.kind == "invalid":
        raise ApiError(21211, number=call.to)
    exchange.accept_call(call)
    flow = CallFlow(exchange, call)
    exchange.flows[call.sid] = flow
    flow.start()
    return flow


def call_from_phone(exchange: Exchange, number: str, to: str, listener: Listener) -> Call:
    """A phone calls our number `to` (unset: the line that last reached it), with `listener` at the phone."""
    at = clock.now()
    line = exchange.line(to or exchange.reached_by(number))
    call = Call(
        sid=new_sid("CA"),
        at=at,
        updated_at=at,
        direction="inbound",
        from_=number,
        to=line.number,
        url=line.voice_url,
    )
    place_call(exchange, call).pick_up(listener)
    return call


class CallFlow:
    """One call while it lasts. It can be picked up, spoken to with keys, and ended from outside."""

    def __init__(self, exchange: Exchange, call: Call) -> None:
        self.call = call
        self._task: asyncio.Task[None] | None = None
        self._exchange = exchange
        loop = asyncio.get_running_loop()
        self._picked_up: asyncio.Future[Listener] = loop.create_future()
        self._cut: asyncio.Future[str] = loop.create_future()
        self._following: asyncio.Task[None] | None = None
        self._next: Document | None = Document(call.url, call.method, call.twiml)

    # From outside

    def start(self) -> None:
        """Let it ring."""
        self._task = self._exchange.spawn(self._run())

    async def ended(self) -> None:
        """Return when the call is over."""
        if self._task is not None:
            await asyncio.wait({self._task})

    def pick_up(self, listener: Listener) -> None:
        """Answer it. NotPossible where it was answered before, or is over."""
        if self._picked_up.done() or self.call.over or self._cut.done():
            raise NotPossible(f"This call is {self.call.status}; it cannot be picked up.")
        self._picked_up.set_result(listener)

    async def press(self, digits: str, wait_seconds: float) -> bool:
        """Press keys, once the call waits for them or `wait_seconds` have passed; whether anybody heard them."""
        person = self._picked_up.result() if self._picked_up.done() else None
        if not isinstance(person, Person):
            raise NotPossible("Only a call that a person has picked up takes keys.")
        with suppress(TimeoutError):
            async with asyncio.timeout(wait_seconds):
                await person.listens.wait()
        heard = person.press(digits)
        if not heard:
            self._record(Line(clock.now(), "unheard", digits))
        return heard

    def hang_up(self) -> None:
        """The phone's own side ends it: put down when it was answered, declined when it was ringing."""
        if not self._picked_up.done():
            self.call.sip_code = _DECLINED
        self._end_with("completed" if self._picked_up.done() else "busy")

    def end(self) -> None:
        """The customer ends it: hung up when it was answered, cancelled before."""
        self._end_with("completed" if self._picked_up.done() else "canceled")

    def go_on_with(self, document: Document) -> None:
        """The customer has it follow another document from now on. NotPossible where the two do not speak."""
        if self.call.status != "in-progress" or self.call.direction == "outbound-dial":
            raise NotPossible(f"This call is {self.call.status}.")
        self._next = document
        if self._following is not None:
            self._following.cancel()

    def _end_with(self, status: str) -> None:
        if not self._cut.done():
            self._cut.set_result(status)

    # Its life

    async def _run(self) -> None:
        """From the first ring to the end, and the receipts of each step."""
        life = asyncio.get_running_loop().create_task(self._live())
        try:
            await asyncio.wait({life, self._cut}, return_when=asyncio.FIRST_COMPLETED)
            status = life.result() if life.done() else self._cut.result()
        finally:
            life.cancel()
            await asyncio.gather(life, return_exceptions=True)
            self._exchange.flows.pop(self.call.sid, None)
        self._finish(status)

    async def _live(self) -> str:
        tell_step(self._exchange, self.call, "initiated")
        self._become("ringing")
        outcome = await self._ring()
        if isinstance(outcome, str):
            return outcome
        self.call.started_at = clock.now()
        if self.call.send_digits:
            self._record(Line(clock.now(), "note", f"The caller sent the tones {self.call.send_digits}."))
        self._become("in-progress")
        await self._detect(outcome)
        conversation = Conversation(
            self.call, outcome, self._fetch, self._connect, self._record, self._printed
        )
        with suppress(HungUp):
            if self.call.direction == "outbound-dial":
                await outcome.talk()
            else:
                await self._follow_each(conversation)
        self.call.duration = self._seconds(outcome)
        if conversation.rejected and self.call.direction == "inbound":
            return "busy" if conversation.rejected == "busy" else "no-answer"
        return "completed"

    async def _follow_each(self, conversation: Conversation) -> None:
        """Follow the call's document, or the last one that the customer has sent it to."""
        while self._next is not None:
            document, self._next = self._next, None
            self._following = asyncio.create_task(conversation.follow(document))
            try:
                await asyncio.wait({self._following})
            finally:
                self._following.cancel()
            if not self._following.cancelled():
                self._following.result()  # HungUp, if it was

    async def _ring(self) -> Listener | str:
        """Whoever picks up, or the status of a call that nobody did."""
        behaviour = self._exchange.phone(self.call.phone).calling
        if behaviour.extension and self.call.send_digits.strip("wW") != behaviour.extension:
            return self._answered_by_switchboard(behaviour)
        manual = behaviour.kind == "manual"
        after = behaviour.after_ms / 1000
        with suppress(TimeoutError):
            async with asyncio.timeout(
                self.call.ring_seconds if manual else min(after, self.call.ring_seconds)
            ):
                return await asyncio.shield(self._picked_up)
        if self._picked_up.done():  # in the very moment that the ringing stopped
            return self._picked_up.result()
        if after > self.call.ring_seconds:
            return "no-answer"
        match behaviour.kind:
            case "answer":
                listener = Script(list(behaviour.keys), behaviour.pace, behaviour.hangs_up_after_s)
            case "voicemail":
                self._record(Line(clock.now(), "note", "Voicemail took the call."))
                listener = Machine(VOICEMAIL_GREETS_S, VOICEMAIL_RECORDS_S, behaviour.pace, self._beep)
            case "rejected":
                self.call.sip_code = _DECLINED
                return "busy"
            case "busy":
                return "busy"
            case "unreachable":
                self.call.sip_code = _UNREACHABLE
                return "failed"
            case "unassigned" | "invalid":
                return "failed"
            case "manual" | "no_answer":
                return "no-answer"
        self._picked_up.set_result(listener)
        return listener

    def _answered_by_switchboard(self, behaviour: CallBehaviour) -> Listener:
        self._record(Line(clock.now(), "note", "A switchboard took the call and waits for an extension."))
        listener = Script([], behaviour.pace, SWITCHBOARD_WAITS_S)
        self._picked_up.set_result(listener)
        return listener

    async def _detect(self, listener: Listener) -> None:
        """Find out whether a machine took the call, if the customer asked; a machine's beep: `_beep`."""
        detection = self.call.detection
        if detection is None:
            return
        if not isinstance(listener, Machine):
            self._detected("human")
        elif not detection.waits_for_beep:
            self._detected("machine_start")
        elif detection.holds_up_the_call:
            await listener.greet()

    async def _beep(self) -> None:
        self._record(Line(clock.now(), "note", "The machine beeps and records."))
        if self.call.detection is not None and self.call.detection.waits_for_beep:
            self._detected("machine_end_beep")
            # It is known before the machine hears the next sentence, however little time sentences take.
            await self._exchange.receipts.sent(self.call.sid)

    def _detected(self, answered_by: str) -> None:
        self.call.answered_by = answered_by
        tell_who_took(self._exchange, self.call, self._seconds(self._picked_up.result()))

    async def _fetch(self, url: str, method: str, params: Mapping[str, str]) -> Answer:
        return await self._exchange.webhooks.ask(
            url, {**params_of(self._exchange, self.call), **params}, method
        )

    async def _printed(self, url: str) -> str:
        """What a text telephone would print of the sound at this URL, where that is the customer's own."""
        if not self.call.url or urlsplit(url)[:2] != urlsplit(self.call.url)[:2]:
            return ""
        return await asyncio.to_thread(tty.printed, await self._exchange.webhooks.sound(url))

    async def _connect(self, dial: Dial) -> Dialled:
        at = clock.now()
        other = Call(
            sid=new_sid("CA"),
            at=at,
            updated_at=at,
            direction="outbound-dial",
            from_=dial.caller_id or self.call.from_,
            to=dial.number,
            parent_sid=self.call.sid,
            ring_seconds=dial.timeout,
        )
        try:
            flow = place_call(self._exchange, other)
        except ApiError:
            return Dialled("", "failed", 0)
        try:
            await flow.ended()
        finally:
            flow.end()
        return Dialled(other.sid, other.status, other.duration or 0)

    def _seconds(self, listener: Listener) -> int:
        started = self.call.started_at
        real = (clock.now() - started).total_seconds() if started else 0.0
        return max(1, round(max(real, listener.elapsed)))

    def _finish(self, status: str) -> None:
        self.call.ended_at = clock.now()
        self.call.sip_code = self.call.sip_code or _SIP_CODES[status]
        if status != "completed":
            self.call.duration = 0
        elif self.call.duration is None:
            self.call.duration = self._seconds(self._picked_up.result())
        self._become(status)

    # What others learn of it

    def _record(self, line: Line) -> None:
        self.call.transcript.append(line)
        self._exchange.happenings.add(
            "line", self.call.phone, sid=self.call.sid, what=line.kind, text=line.text, language=line.language
        )

    def _become(self, status: str) -> None:
        self.call.status, self.call.updated_at = status, clock.now()
        self._exchange.happenings.add(
            "call", self.call.phone, sid=self.call.sid, status=status, direction=self.call.direction
        )
        event = {"ringing": "ringing", "in-progress": "answered"}.get(status, "completed")
        tell_step(self._exchange, self.call, event)
