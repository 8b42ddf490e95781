"""A channel's lane through a worker: its providers, what is under way at each, and the batches around it.

Urgent words go ahead of routine ones, always: they are claimed first, and a fifth of every provider's slots (and of the
calls it may have under way) is kept free for them. So routine ones by the hundred thousand, and a provider that takes
twenty seconds over each, leave an escape waiting for nothing but the claim itself.
"""

import asyncio
import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import ParamSpec, Protocol, TypeVar

import structlog

from watchword.delivery.channels import Provider
from watchword.delivery.claims import Room, claim, complete
from watchword.delivery.health import COOL_DOWN, Carrying, Outcome, Stand, Verdict, step
from watchword.delivery.lines import Line
from watchword.delivery.liveness import Liveness
from watchword.delivery.outages import News
from watchword.delivery.pauses import pause
from watchword.delivery.probing import Probing
from watchword.delivery.records import Accepted, Completed, Outbound, Refused, Result, Unknown

_GATHER_SECONDS = 0.005  # what ends within this time is written down together
_IDLE_SECONDS = 1.0  # a lane with free slots looks for work at least this often
_JUDGE_SECONDS = 0.5  # how often the providers' health is looked at, while all goes well
_STALE_SECONDS = 60.0  # a claim is used at once, or not at all: less than the margin before never-safe hours
_TRIAL_SECONDS = 15.0  # one on its way back is given one at least this often, however little there is to send

P = ParamSpec("P")
T = TypeVar("T")
_log = structlog.get_logger(__name__)


class Database(Protocol):
    """Does something with the database, off the event loop."""

    async def __call__(self, act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do it, and return what it returned."""


class Lane:
    """Sends what is due on one channel. What is claimed and not yet written down never exceeds the slots."""

    def __init__(
        self, channel: str, providers: Sequence[Provider], liveness: Liveness, database: Database
    ) -> None:
        """`providers`: the first and, if there is one, the second."""
        self.channel = channel
        self.stand = Stand()
        self.begun = 0  # hand-overs, since the worker started
        self._lines = {provider.name: Line(provider, channel) for provider in providers}
        self._liveness = liveness
        self._database = database
        self._wake = asyncio.Event()
        self._ended: list[Completed] = []
        self._sending: set[asyncio.Task[None]] = set()
        # Nothing of this kind was due when we last looked: no sooner than this, unless called.
        self._look_for_urgent_at = self._look_for_routine_at = 0.0
        self._judge_at = 0.0
        self._is_at_database = False
        self._stopping = False
        self._told: set[News] = set()  # of who carries the channel now

    @property
    def is_empty(self) -> bool:
        """Whether nothing is under way, nor about to be."""
        return not (self._is_at_database or self._sending or self._ended)

    @property
    def is_down(self) -> bool:
        """Whether no provider of the channel works: what is due waits."""
        return self.stand.carrying is Carrying.NOBODY

    def news(self) -> set[News]:
        """What is new of the channel: that it is down, each time; everything else once.

        A few failures may be all that a worker has seen, as one that has just started: while what is tried goes well,
        nobody is alarmed before the provider had its time to be found well.
        """
        if self.is_down:
            is_sending = any(line.probing.goes_well for line in self._lines.values())
            is_new = time.monotonic() - self.stand.since < COOL_DOWN
            return set() if is_sending and is_new else {News.DOWN}
        new = set(self._seen()) - self._told
        self._told |= new
        return new

    def _seen(self) -> Iterator[News]:
        is_on_second, at = self.stand.carrying is Carrying.SECOND, time.monotonic()
        if is_on_second:
            yield News.ON_SECOND
        if any(line.tally.verdict(at, self.stand.since) is Verdict.WELL for line in self._lines.values()):
            yield News.UP
            if not is_on_second:
                yield News.ON_FIRST

    def call(self) -> None:
        """Something may be due."""
        self._look_for_urgent_at = self._look_for_routine_at = 0.0
        self._wake.set()

    def stop(self) -> None:
        """Claim nothing more."""
        self._stopping = True
        self._wake.set()

    async def serve(self) -> None:
        """Send what is due until told to stop, and end what is under way."""
        await self.turn()
        while not (self._stopping and self.is_empty):
            await self.rest()
            await self.turn()

    async def turn(self) -> None:
        """Write down what ended and fill the free slots with what is due, in one visit to the database."""
        at = time.monotonic()
        self._judge(at)
        ended = self._take_ended()
        self._is_at_database = True
        for line, room in self._asking(at):
            # No more than one claim a visit: one that fails is made again as a whole, and would forget the first claim.
            asked_at, claimed = await self._database(self._write_and_claim, ended, line.provider.name, room)
            ended = []
            self._begin(line, room, claimed, asked_at)
        if ended:
            await self._database(complete, ended)
        self._is_at_database = False

    async def rest(self) -> None:
        """Until something ended or the lane is called, and a moment more for others to end."""
        try:
            await asyncio.wait_for(self._wake.wait(), _IDLE_SECONDS)
        except TimeoutError:
            return
        self._wake.clear()
        if self._sending:
            await asyncio.sleep(_GATHER_SECONDS)

    def _judge(self, at: float) -> None:
        if at < self._judge_at:
            return
        self._judge_at = at + _JUDGE_SECONDS
        before = self.stand
        self.stand = step(before, [line.tally for line in self._lines.values()], at)
        if self.stand.carrying is not before.carrying:
            self.call()
            self._told.clear()
            for line in self._lines.values():
                line.probing = Probing()
            _log.warning(
                "a channel changes its provider",
                channel=self.channel,
                before=before.carrying.value,
                after=self.stand.carrying.value,
            )

    def _open_lines(self, at: float) -> Iterator[tuple[Line, float]]:
        """The providers to be given something now, each with its share; who comes first gets what little there is."""
        lines = list(self._lines.values())
        if self.stand.carrying is Carrying.NOBODY:
            for line in lines:
                if places := line.probing.places(at):
                    yield line, min(1.0, places / max(1, line.provider.slots))
            return
        first, second = self.stand.shares()
        if first == 1.0:
            yield lines[0], 1.0
            return
        if first and (at - lines[0].asked_at >= _TRIAL_SECONDS or random.random() < first):  # noqa: S311 - no secret
            yield lines[0], first
        yield lines[1], second

    def _take_ended(self) -> list[Completed]:
        """What is to be written down now. Its slots are free as soon as it is."""
        ended, self._ended = self._ended, []
        for each in ended:
            self._lines[each.outbound.provider].ended(each.outbound)
        return ended

    def _asking(self, at: float) -> Iterator[tuple[Line, Room]]:
        """The providers that something is to be claimed for now, each with its room."""
        for line, share in self._open_lines(at):
            if self._stopping or self._liveness.claims_as() is None:
                return
            room = line.room(share, at, self._liveness.workers)
            urgent = room.free > 0 and at >= self._look_for_urgent_at
            routine = min(room.free, room.routine) > 0 and at >= self._look_for_routine_at
            if urgent or routine:
                yield line, room if routine else room.for_urgent()

    def _write_and_claim(
        self, ended: Sequence[Completed], provider: str, room: Room
    ) -> tuple[float, list[Outbound]]:
        """What was claimed, and since when it can have been."""
        complete(ended)
        # The number is looked at when the database answers, which may be long after it was asked: another by then.
        number = self._liveness.claims_as()
        asked_at = _uptime()
        return asked_at, [] if number is None else claim(self.channel, provider, room, number)

    def _begin(self, line: Line, room: Room, claimed: Sequence[Outbound], asked_at: float) -> None:
        """Send what was claimed. Where less came than there was room for, we look again after a while."""
        now = time.monotonic()
        came_urgent = sum(out.urgent for out in claimed)
        came_routine = len(claimed) - came_urgent
        if came_urgent < room.free:
            self._look_for_urgent_at = now + _IDLE_SECONDS
        if room.routine > 0 and came_routine < min(room.free - came_urgent, room.routine):
            self._look_for_routine_at = now + _IDLE_SECONDS
        line.began(claimed, now)
        self.begun += len(claimed)
        for outbound in claimed:
            sending = asyncio.create_task(self._send(line, outbound, asked_at))
            self._sending.add(sending)
            sending.add_done_callback(self._sending.discard)

    async def _send(self, line: Line, outbound: Outbound, claimed_at: float) -> None:
        pause("attempted")
        if _uptime() - claimed_at > _STALE_SECONDS:
            # We stood still. Others may have it by now, and it may be an hour at which nothing is sent.
            self._end(outbound, Refused(code="stalled", permanent=False))
            return
        began = time.monotonic()
        result: Result
        try:
            result = await line.provider.send(outbound)
        except Exception as error:  # noqa: BLE001 - a fault of ours in one message must not stop the others
            _log.exception("a hand-over failed by a fault of our own", delivery=outbound.delivery)
            result = Unknown(code=type(error).__name__)
        pause("handed_over")
        now = time.monotonic()
        outcome = outcome_of(result)
        line.tally.add(now, outcome, now - began)
        line.probing.ended(now, outcome)
        if outcome is not Outcome.SUCCESS:
            self._judge_at = 0.0
        self._end(outbound, result)

    def _end(self, outbound: Outbound, result: Result) -> None:
        self._ended.append(Completed(outbound=outbound, result=result))
        self._wake.set()


def _uptime() -> float:
    """Seconds since the machine started, those in which it slept among them."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def outcome_of(result: Result) -> Outcome:
    """What this says of the provider's health."""
    match result:
        case Accepted():
            return Outcome.SUCCESS
        case Refused():
            return Outcome.SUCCESS if result.permanent or result.of_address else Outcome.ERROR
        case Unknown():
            return Outcome.SUCCESS if result.of_address else Outcome.UNKNOWN
