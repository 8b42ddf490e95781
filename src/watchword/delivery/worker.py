"""The sender: claims what is due, hands it to the providers, writes down how that ended.

One event loop makes all calls to providers. The database is spoken to from two threads, one for the queue and one for
housekeeping, each with its own connection, in batches: so the same plain functions serve here and everywhere else, and
no transaction is ever open while a provider is called.
"""

import asyncio
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from typing import ParamSpec, TypeVar

import structlog
import uvloop
from django.db import OperationalError, connection

from watchword.delivery import recovery
from watchword.delivery.channels import Provider
from watchword.delivery.channels.registry import providers as configured_providers
from watchword.delivery.claims import claim, complete
from watchword.delivery.housekeeping import EVERY_SECONDS, is_anything_left, keep_house
from watchword.delivery.liveness import Liveness
from watchword.delivery.pauses import pause
from watchword.delivery.records import Completed, Outbound, Result, Unknown

_GATHER_SECONDS = 0.02  # completions are written in batches of what ends within this time
_IDLE_SECONDS = 1.0  # how long a worker sleeps at most when nothing wakes it
_DATABASE_BACK_SECONDS = 1.0

P = ParamSpec("P")
T = TypeVar("T")
_log = structlog.get_logger(__name__)


def run(drain: bool, before: Callable[[], object] | None = None) -> None:
    """Send until told to stop (SIGTERM, SIGINT), and end what is under way; with `drain`, until nothing is due.

    `before` is done first, in a thread: the pipeline finishes there what a crash left half done.
    """
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(Worker(configured_providers()).work(drain=drain, before=before))


class Worker:
    """One sender. At most `slots` hand-overs of each provider are claimed and not yet written down at any moment."""

    def __init__(self, providers: Sequence[Provider]) -> None:
        self._providers = providers
        self._liveness = Liveness()
        self._queue = ThreadPoolExecutor(1, thread_name_prefix="queue")
        self._house = ThreadPoolExecutor(1, thread_name_prefix="house")
        self._under_way = {provider.name: 0 for provider in providers}
        self._ended: list[tuple[Provider, Completed]] = []
        self._sending: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._stopping = False

    async def work(self, *, drain: bool, before: Callable[[], object] | None = None) -> None:
        """Send until told to stop, or, with `drain`, until nothing is due."""
        self._listen_to_signals()
        async with AsyncExitStack() as open_things:
            for thread in (self._queue, self._house):
                open_things.push_async_callback(self._leave, thread)
            for provider in self._providers:
                await provider.open()
                open_things.push_async_callback(provider.close)
            alive = asyncio.create_task(self._liveness.keep(self._wake))
            open_things.push_async_callback(_cancel, alive)
            if before is not None:
                await self._with_database(self._house, before)
            if drain:
                await self._drain()
            else:
                house = asyncio.create_task(self._keep_house())
                open_things.push_async_callback(_cancel, house)
                await self._serve()
            await self._finish()

    def stop(self) -> None:
        """Claim nothing more; end what is under way."""
        self._stopping = True
        self._wake.set()

    async def _serve(self) -> None:
        while not self._stopping:
            await self._sleep()
            await self._turn()

    async def _drain(self) -> None:
        while not self._stopping:
            await self._do_housekeeping()
            await self._turn()
            while self._sending or self._ended:
                await self._sleep()
                await self._turn()
            if not await self._with_database(self._house, is_anything_left):
                return
            await self._sleep()

    async def _finish(self) -> None:
        while self._sending:
            await asyncio.wait(self._sending)
        await self._write_ended()

    async def _sleep(self) -> None:
        """Until something ended, new work came, or a little time has passed; then a moment more for others to end."""
        try:
            await asyncio.wait_for(self._wake.wait(), _IDLE_SECONDS)
        except TimeoutError:
            pass
        else:
            if self._sending:
                await asyncio.sleep(_GATHER_SECONDS)
        self._wake.clear()

    async def _turn(self) -> None:
        """Write down what ended, and fill the free slots with what is due."""
        await self._write_ended()
        for provider in self._providers:
            free = provider.slots - self._under_way[provider.name]
            number = self._liveness.number
            if free > 0 and number is not None and not self._stopping:
                claimed = await self._with_database(self._queue, claim, provider.channels, free, number)
                self._under_way[provider.name] += len(claimed)
                for outbound in claimed:
                    sending = asyncio.create_task(self._send(provider, outbound))
                    self._sending.add(sending)
                    sending.add_done_callback(self._sending.discard)

    async def _write_ended(self) -> None:
        ended, self._ended = self._ended, []
        if ended:
            await self._with_database(self._queue, complete, [completed for _, completed in ended])
            for provider, _ in ended:
                self._under_way[provider.name] -= 1

    async def _send(self, provider: Provider, outbound: Outbound) -> None:
        pause("attempted")
        result: Result
        try:
            result = await provider.send(outbound)
        except Exception as error:  # noqa: BLE001 - a fault of ours in one message must not lose it, nor stop the others
            _log.exception("a hand-over failed by a fault of our own", delivery=outbound.delivery)
            result = Unknown(code=type(error).__name__)
        pause("handed_over")
        self._ended.append((provider, Completed(outbound=outbound, result=result)))
        self._wake.set()

    async def _keep_house(self) -> None:
        while True:
            await self._do_housekeeping()
            await asyncio.sleep(EVERY_SECONDS)

    async def _do_housekeeping(self) -> None:
        wanted = await self._with_database(self._house, keep_house)
        if wanted:
            answers = await recovery.ask(self._providers, wanted)
            await self._with_database(self._house, recovery.settle, answers)
            self._wake.set()

    async def _with_database(
        self, thread: ThreadPoolExecutor, act: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Do it in that thread; again, if the database was away, when it is back."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                return await loop.run_in_executor(thread, lambda: act(*args, **kwargs))
            except OperationalError:
                _log.warning("the database does not answer; trying again")
                await loop.run_in_executor(thread, _close_connection)
                await asyncio.sleep(_DATABASE_BACK_SECONDS)

    async def _leave(self, thread: ThreadPoolExecutor) -> None:
        await self._with_database(thread, _close_connection)
        thread.shutdown()

    def _listen_to_signals(self) -> None:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, self.stop)


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])


def _close_connection() -> None:
    connection.close()  # the one of the thread that this is called in
