"""The sender: claims what is due, hands it to the providers, writes down how that ended.

One event loop makes all calls to providers. The database is spoken to from two threads, one for the queue and one for
housekeeping, each with its own connection, in batches: so the same plain functions serve here and everywhere else, and
no transaction is ever open while a provider is called.
"""

import asyncio
import signal
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, suppress
from functools import partial
from typing import ParamSpec, TypeVar

import structlog
import uvloop
from django.db import OperationalError, connection

from watchword.core.errors import WatchwordError
from watchword.delivery import heartbeat, outages, recovery, replays, testing
from watchword.delivery.channels import send_all
from watchword.delivery.channels.registry import Routes, distinct, routes
from watchword.delivery.housekeeping import EVERY_SECONDS, is_anything_left, keep_house
from watchword.delivery.lanes import Lane
from watchword.delivery.liveness import Liveness, count_workers
from watchword.delivery.plans import plan_once

_DATABASE_BACK_SECONDS = 1.0
_LOOK_SECONDS = 0.1  # how often a worker that drains looks whether anything is left

P = ParamSpec("P")
T = TypeVar("T")
_log = structlog.get_logger(__name__)


def run(drain: bool, before: Callable[[], object] | None = None) -> None:
    """Send until told to stop (SIGTERM, SIGINT), and end what is under way; with `drain`, until nothing is due.

    `before` is done first, in a thread: the pipeline finishes there what a crash left half done.
    """
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(Worker(routes()).work(drain=drain, before=before))


class Worker:
    """One sender, with a lane for each channel."""

    def __init__(self, routes: Routes) -> None:
        self._providers = distinct(routes)
        self._queue = ThreadPoolExecutor(1, thread_name_prefix="queue", initializer=plan_once)
        self._house = ThreadPoolExecutor(1, thread_name_prefix="house")
        self._liveness = Liveness(self._call_lanes)
        database = partial(self._with_database, self._queue)
        self._lanes = [
            Lane(channel, providers, self._liveness, database) for channel, providers in routes.items()
        ]
        self._told_to_stop = asyncio.Event()

    async def work(self, *, drain: bool, before: Callable[[], object] | None = None) -> None:
        """Send until told to stop, or, with `drain`, until nothing is due."""
        self._listen_to_signals()
        async with AsyncExitStack() as leaving:
            for thread in (self._queue, self._house):
                leaving.push_async_callback(self._leave, thread)
            for provider in self._providers:
                await provider.open()
                leaving.push_async_callback(provider.close)
            leaving.push_async_callback(_cancel, asyncio.create_task(self._liveness.keep()))
            if drain and not await self._may_send():
                raise WatchwordError(heartbeat.HELD)
            if before is not None:
                await self._with_database(self._house, before)
            async with asyncio.TaskGroup() as group:
                if drain:
                    group.create_task(self._drain())
                else:
                    # Beside one another: a provider that is slow to answer a question keeps nothing else waiting.
                    for part in (self._do_housekeeping, self._ask, self._replay):
                        group.create_task(self._keep_doing(part))
                for lane in self._lanes:
                    group.create_task(lane.serve())

    def stop(self) -> None:
        """Claim nothing more; end what is under way."""
        self._told_to_stop.set()
        for lane in self._lanes:
            lane.stop()

    def _call_lanes(self) -> None:
        for lane in self._lanes:
            lane.call()

    async def _drain(self) -> None:
        """Stop when nothing is under way and housekeeping finds nothing more to do."""
        while not self._told_to_stop.is_set():
            if self._is_empty():
                await self._do_housekeeping()
                await self._ask()
                await self._replay()
                if await self._is_all_done():
                    await self._follow_outages()
                    self.stop()
                self._call_lanes()
            await asyncio.sleep(_LOOK_SECONDS)

    async def _is_all_done(self) -> bool:
        """Whether nothing is due, nor was under way while we looked: that may be due again when it has ended."""
        begun = self._begun()
        if not self._is_empty():
            return False
        left = await self._with_database(self._house, is_anything_left, self._channels_up())
        return not left and self._is_empty() and self._begun() == begun

    def _begun(self) -> int:
        return sum(lane.begun for lane in self._lanes)

    def _is_empty(self) -> bool:
        return all(lane.is_empty for lane in self._lanes)

    async def _keep_doing(self, part: Callable[[], Awaitable[None]]) -> None:
        """Now, and again every couple of seconds, until told to stop."""
        while not self._told_to_stop.is_set():
            await part()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told_to_stop.wait(), EVERY_SECONDS)

    async def _ask(self) -> None:
        """Find out how those hand-overs ended whose end nobody saw: one batch after the other, until none is left."""
        if not self._liveness.may_send:
            return
        try:
            while not self._told_to_stop.is_set() and (
                wanted := await self._with_database(self._house, recovery.sought)
            ):
                answers = await recovery.ask(self._providers, wanted)
                await self._with_database(self._house, recovery.settle, answers)
                self._call_lanes()
        except Exception:  # noqa: BLE001 - a fault of ours in one of them must not stop the sending
            _log.exception(
                "hand-overs with an unknown end could not be asked about; what else is due goes on"
            )

    async def _replay(self) -> None:
        if not self._liveness.may_send:
            return
        pushing = [provider for provider in self._providers if "push" in provider.channels]
        try:
            for provider in pushing:
                while pushes := await self._with_database(self._house, replays.take, provider.name):
                    ended = await send_all([provider], pushes)
                    await self._with_database(self._house, replays.settle, ended)
        except Exception:  # noqa: BLE001 - a fault of ours in what somebody asked for must not stop the sending
            _log.exception("pushes could not be sent again; what else is due goes on")

    async def _may_send(self) -> bool:
        """Whether this is the database that we knew. Where it is not, nothing is done until it was reconciled."""
        may = await self._with_database(self._house, heartbeat.beat)
        if may and not self._liveness.may_send:
            self._call_lanes()
        self._liveness.may_send = may
        return may

    async def _do_housekeeping(self) -> None:
        if not await self._may_send():
            return
        self._liveness.workers = await self._with_database(self._house, count_workers)
        await self._with_database(self._house, keep_house)
        tests = await self._with_database(self._house, testing.take, self._able())
        if tests:
            ended = await send_all(self._providers, tests)
            await self._with_database(self._house, testing.settle, ended)
        await self._follow_outages()

    async def _follow_outages(self) -> None:
        for lane in self._lanes:
            await self._with_database(self._house, outages.follow, lane.channel, lane.news())

    def _able(self) -> list[str]:
        """The providers that this worker serves now."""
        return [provider.name for provider in self._providers if provider.slots]

    def _channels_up(self) -> list[str]:
        return [lane.channel for lane in self._lanes if not lane.is_down]

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
