"""Status callbacks: those of one text or call go out in the order in which things happened, and hold up nothing."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from typing import Any

import structlog

from watchword.carrier.faults import FaultTable
from watchword.carrier.webhooks import Webhooks

log = structlog.get_logger(__name__)
_STATES = ("MessageStatus", "SmsStatus", "CallStatus", "AnsweredBy")
_NOBODYS_WORD = "evaporated"


@dataclass(frozen=True, slots=True)
class _Receipt:
    url: str
    params: Mapping[str, str]
    method: str


class Receipts:
    """Sends receipts, one queue for each text or call that has some waiting."""

    def __init__(
        self,
        webhooks: Webhooks,
        faults: FaultTable,
        spawn: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
    ) -> None:
        self._webhooks = webhooks
        self._faults = faults
        self._spawn = spawn
        self._waiting: dict[str, deque[_Receipt]] = {}
        self._sending: dict[str, asyncio.Task[None]] = {}

    def send(self, sid: str, url: str, params: Mapping[str, str], method: str = "POST") -> None:
        """Report on `sid` to the customer's `url`, after its earlier receipts."""
        waiting = self._waiting.get(sid)
        if waiting is None:
            waiting = self._waiting[sid] = deque()
            self._sending[sid] = self._spawn(self._send_all(sid, waiting))
        waiting.append(_Receipt(url, params, method))

    def clear(self) -> None:
        """Forget what is waiting."""
        self._waiting.clear()
        self._sending.clear()

    async def sent(self, sid: str) -> None:
        """Return when no receipt of `sid` is waiting any more."""
        sending = self._sending.get(sid)
        if sending is not None:
            await asyncio.wait({sending})

    async def _send_all(self, sid: str, waiting: deque[_Receipt]) -> None:
        overtaken: list[_Receipt] = []
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
                    await self._send(replace(receipt, params=_with_unknown_word(receipt.params)))
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

    async def _send_late(self, receipt: _Receipt, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self._send(receipt)

    async def _send(self, receipt: _Receipt) -> None:
        answer = await self._webhooks.ask(receipt.url, receipt.params, receipt.method)
        if not answer.ok:
            log.warning("status callback was not taken", status=answer.status)


def _with_unknown_word(params: Mapping[str, str]) -> dict[str, str]:
    """The same receipt with a word for the state that nobody has documented."""
    return {name: _NOBODYS_WORD if name in _STATES else value for name, value in params.items()}
