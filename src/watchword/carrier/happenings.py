"""What happens at the exchange, for those who watch: the newest events, numbered."""

import asyncio
from collections import deque

Event = dict[str, str]
_KEPT = 2_000


class Happenings:
    """Events in order, each with a number; a watcher asks for those after the last that it saw.

    A watcher that lags by more than what is kept misses the oldest.
    """

    def __init__(self) -> None:
        self.last = 0
        """The number of the newest event."""
        self._kept: deque[tuple[int, Event]] = deque(maxlen=_KEPT)
        self._news = asyncio.Event()
        self._closed = False

    def add(self, kind: str, place: str, **more: str) -> None:
        """Something happened at a phone, a mailbox, a letterbox or a partner."""
        self.last += 1
        self._kept.append((self.last, {"kind": kind, "place": place, **more}))
        self._wake()

    async def after(self, n: int) -> list[tuple[int, Event]]:
        """The events after number `n`, as soon as there is one; none at all when there will be no more."""
        while n >= self.last and not self._closed:
            await self._news.wait()
        return [] if self._closed else [each for each in self._kept if each[0] > n]

    def close(self) -> None:
        """Send those who watch away."""
        self._closed = True
        self._wake()

    def _wake(self) -> None:
        self._news.set()
        self._news.clear()
