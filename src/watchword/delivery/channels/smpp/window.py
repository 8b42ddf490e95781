"""How many requests may wait for their answers at once, and who goes first."""

import asyncio
from collections import deque

from watchword.delivery.pace import reserve


class WindowClosedError(Exception):
    """The bind is over: nothing more may be sent on it."""


class Window:
    """So many places, each taken from a request until its answer. Urgent words go ahead of routine ones, and a fifth
    of the places is kept free for them, as everywhere on the way.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.for_routine = max(1, size - reserve(size))
        self.taken = 0
        self._routine = 0
        self._waiting: dict[bool, deque[asyncio.Future[None]]] = {True: deque(), False: deque()}
        self._pauses = 0
        self._closed = False

    async def enter(self, *, urgent: bool) -> None:
        """Wait for a place and take it. WindowClosedError where none will come any more."""
        if self._closed:
            raise WindowClosedError
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[urgent].append(place)
        self._admit()
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled() and not place.exception():
                self.leave(urgent=urgent)  # it had just been given
            raise

    def leave(self, *, urgent: bool) -> None:
        """Give a place back."""
        self.taken -= 1
        self._routine -= not urgent
        self._admit()

    def pause(self, seconds: float) -> None:
        """Let nobody in for so long."""
        self._pauses += 1
        asyncio.get_running_loop().call_later(seconds, self._resume)

    def close(self) -> None:
        """Send everybody away who waits, and let nobody in any more."""
        self._closed = True
        for waiting in self._waiting.values():
            for place in waiting:
                if not place.done():
                    place.set_exception(WindowClosedError())
            waiting.clear()

    def _resume(self) -> None:
        self._pauses -= 1
        self._admit()

    def _admit(self) -> None:
        if self._closed or self._pauses:
            return
        for urgent, most in ((True, self.size), (False, self.for_routine)):
            waiting = self._waiting[urgent]
            while waiting and self.taken < self.size and (urgent or self._routine < most):
                place = waiting.popleft()
                if not place.done():
                    self.taken += 1
                    self._routine += not urgent
                    place.set_result(None)
