"""Status callbacks: those of one text or call go out in the order in which things happened, and hold up nothing."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from watchword.carrier.faults import FaultTable
from watchword.carrier.webhooks import Webhooks

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Receipt:
    url: str
    params: Mapping[str, str]
    method: str


class Receipts:
    """Sends receipts, one queue for each text or call that has some waiting."""

    def __init__(
        self, webhooks: Webhooks, faults: FaultTable, spawn: Callable[[Coroutine[Any, Any, None]], object]
    ) -> None:
        self._webhooks = webhooks
        self._faults = faults
        self._spawn = spawn
        self._waiting: dict[str, deque[_Receipt]] = {}

    def send(self, sid: str, url: str, params: Mapping[str, str], method: str = "POST") -> None:
        """Report on `sid` to the customer's `url`, after its earlier receipts."""
        waiting = self._waiting.get(sid)
        if waiting is None:
            waiting = self._waiting[sid] = deque()
            self._spawn(self._send_all(sid, waiting))
        waiting.append(_Receipt(url, params, method))

    def clear(self) -> None:
        """Forget what is waiting."""
        self._waiting.clear()

    async def _send_all(self, sid: str, waiting: deque[_Receipt]) -> None:
        while waiting:
            receipt = waiting.popleft()
            fault = self._faults.take("callbacks")
            match fault.kind if fault else None:
                case "drop":
                    continue
                case "late":
                    self._spawn(self._send_late(receipt, fault.seconds if fault else 0))
                case "twice":
                    await self._send(receipt)
                    await self._send(receipt)
                case _:
                    await self._send(receipt)
        self._waiting.pop(sid, None)

    async def _send_late(self, receipt: _Receipt, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self._send(receipt)

    async def _send(self, receipt: _Receipt) -> None:
        answer = await self._webhooks.ask(receipt.url, receipt.params, receipt.method)
        if not answer.ok:
            log.warning("status callback was not taken", status=answer.status)
