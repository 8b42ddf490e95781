"""One provider's lane through a worker: its slots, what is under way in them, and the batches around it."""

import asyncio
import time
from collections.abc import Callable
from typing import ParamSpec, Protocol, TypeVar

import structlog

from watchword.delivery.channels import Provider
from watchword.delivery.claims import claim, complete
from watchword.delivery.liveness import Liveness
from watchword.delivery.pauses import pause
from watchword.delivery.records import Completed, Outbound, Result, Unknown

_GATHER_SECONDS = 0.02  # what ends within this time is written down together
_IDLE_SECONDS = 1.0  # a lane with free slots looks for work at least this often

P = ParamSpec("P")
T = TypeVar("T")
_log = structlog.get_logger(__name__)


class Database(Protocol):
    """Does something with the database, off the event loop."""

    async def __call__(self, act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do it, and return what it returned."""


class Lane:
    """At most `provider.slots` hand-overs are claimed and not yet written down at any moment."""

    def __init__(self, provider: Provider, liveness: Liveness, database: Database) -> None:
        self._provider = provider
        self._liveness = liveness
        self._database = database
        self._wake = asyncio.Event()
        self._ended: list[Completed] = []
        self._sending: set[asyncio.Task[None]] = set()
        self._look_again_at = 0.0  # nothing was due when we last looked: no sooner than this, unless called
        self._claiming = False
        self._stopping = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is under way, nor about to be."""
        return not (self._claiming or self._sending or self._ended)

    def call(self) -> None:
        """Something may be due."""
        self._look_again_at = 0.0
        self._wake.set()

    def stop(self) -> None:
        """Claim nothing more."""
        self._stopping = True
        self._wake.set()

    async def serve(self) -> None:
        """Send what is due until told to stop, and end what is under way."""
        while not self._stopping:
            await self.turn()
            await self.rest()
        while not self.is_empty:
            await self._write_ended()
            await self.rest()

    async def turn(self) -> None:
        """Write down what ended, and fill the free slots with what is due."""
        await self._write_ended()
        number = self._liveness.number
        free = self._provider.slots - len(self._sending) - len(self._ended)
        if free <= 0 or number is None or self._stopping or time.monotonic() < self._look_again_at:
            return
        self._claiming = True
        self._look_again_at = time.monotonic() + _IDLE_SECONDS
        claimed = await self._database(claim, self._provider.channels, free, number)
        if len(claimed) == free:
            self._look_again_at = 0.0
        for outbound in claimed:
            sending = asyncio.create_task(self._send(outbound))
            self._sending.add(sending)
            sending.add_done_callback(self._sending.discard)
        self._claiming = False

    async def rest(self) -> None:
        """Until something ended or the lane is called, and a moment more for others to end."""
        try:
            await asyncio.wait_for(self._wake.wait(), _IDLE_SECONDS)
        except TimeoutError:
            return
        self._wake.clear()
        if self._sending:
            await asyncio.sleep(_GATHER_SECONDS)

    async def _write_ended(self) -> None:
        if self._ended:
            ended = list(self._ended)
            await self._database(complete, ended)
            del self._ended[: len(ended)]

    async def _send(self, outbound: Outbound) -> None:
        pause("attempted")
        result: Result
        try:
            result = await self._provider.send(outbound)
        except Exception as error:  # noqa: BLE001 - a fault of ours in one message must not stop the others
            _log.exception("a hand-over failed by a fault of our own", delivery=outbound.delivery)
            result = Unknown(code=type(error).__name__)
        pause("handed_over")
        self._ended.append(Completed(outbound=outbound, result=result))
        self._wake.set()
