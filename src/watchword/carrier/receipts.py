"""Status callbacks: those of one text, call or letter go out in the order of what happened, and hold up nothing."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from watchword.carrier.faults import FaultTable
from watchword.carrier.webhooks import Answer, Webhooks

log = structlog.get_logger(__name__)
_STATES = ("MessageStatus", "SmsStatus", "CallStatus", "AnsweredBy")
_IDS = ("MessageSid", "SmsSid", "SmsMessageSid", "CallSid")
_NOBODYS_WORD = "evaporated"
NOBODYS_ID = "0" * 32
"""Of nothing that was ever taken."""


class Receipt(Protocol):
    """Something to tell the customer."""

    async def told(self, webhooks: Webhooks) -> Answer:
        """Tell it; what the customer answers."""

    def with_unknown_word(self) -> "Receipt":
        """The same with a word for the state that nobody has documented."""

    def with_unknown_id(self) -> "Receipt":
        """The same about something that was never taken."""


@dataclass(frozen=True, slots=True)
class Form:
    """What became of a text or a call, as a form."""

    url: str
    params: Mapping[str, str]
    method: str = "POST"

    async def told(self, webhooks: Webhooks) -> Answer:
        return await webhooks.ask(self.url, self.params, self.method)

    def with_unknown_word(self) -> "Form":
        params = {name: _NOBODYS_WORD if name in _STATES else value for name, value in self.params.items()}
        return Form(self.url, params, self.method)

    def with_unknown_id(self) -> "Form":
        params = {name: NOBODYS_ID if name in _IDS else value for name, value in self.params.items()}
        return Form(self.url.partition("?")[0], params, self.method)  # the query, too, names what it is about


@dataclass(frozen=True, slots=True)
class Event:
    """What became of a letter, as JSON."""

    url: str
    event: Mapping[str, Any]

    async def told(self, webhooks: Webhooks) -> Answer:
        return await webhooks.tell(self.url, self.event)

    def with_unknown_word(self) -> "Event":
        kind = {**self.event["event_type"], "id": f"letter.{_NOBODYS_WORD}"}
        return Event(self.url, {**self.event, "event_type": kind})

    def with_unknown_id(self) -> "Event":
        body = {**self.event["body"], "id": NOBODYS_ID, "metadata": {}}
        return Event(self.url, {**self.event, "body": body, "reference_id": NOBODYS_ID})


class Receipts:
    """Sends receipts, one queue for each text, call or letter that has some waiting."""

    def __init__(
        self,
        webhooks: Webhooks,
        faults: FaultTable,
        spawn: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
    ) -> None:
        self._webhooks = webhooks
        self._faults = faults
        self._spawn = spawn
        self._waiting: dict[str, deque[Receipt]] = {}
        self._sending: dict[str, asyncio.Task[None]] = {}

    def send(self, sid: str, receipt: Receipt) -> None:
        """Report on `sid` to the customer, after its earlier receipts."""
        waiting = self._waiting.get(sid)
        if waiting is None:
            waiting = self._waiting[sid] = deque()
            self._sending[sid] = self._spawn(self._send_all(sid, waiting))
        waiting.append(receipt)

    def clear(self) -> None:
        """Forget what is waiting."""
        self._waiting.clear()
        self._sending.clear()

    async def sent(self, sid: str) -> None:
        """Return when no receipt of `sid` is waiting any more."""
        sending = self._sending.get(sid)
        if sending is not None:
            await asyncio.wait({sending})

    async def _send_all(self, sid: str, waiting: deque[Receipt]) -> None:
        overtaken: list[Receipt] = []
        while waiting or overtaken:
            if not waiting:
                await self._send(overtaken.pop())
                continue
            receipt = waiting.popleft()
            fault = self._faults.take("callbacks")
            match fault.kind if fault else None:
                case "drop":
                    continue
                case "overtaken":
                    overtaken.append(receipt)
                    continue
                case "unknown_word":
                    await self._send(receipt.with_unknown_word())
                case "unknown_id":
                    await self._send(receipt.with_unknown_id())
                case "late":
                    self._spawn(self._send_late(receipt, fault.seconds if fault else 0))
                case "twice":
                    await self._send(receipt)
                    await self._send(receipt)
                case _:
                    await self._send(receipt)
            while overtaken:
                await self._send(overtaken.pop())
        self._waiting.pop(sid, None)
        self._sending.pop(sid, None)

    async def _send_late(self, receipt: Receipt, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self._send(receipt)

    async def _send(self, receipt: Receipt) -> None:
        answer = await receipt.told(self._webhooks)
        if not answer.ok:
            log.warning("status callback was not taken", status=answer.status)
