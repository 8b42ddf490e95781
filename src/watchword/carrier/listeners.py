"""Who is at the phone once it is picked up: a person, or a script that acts by itself."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Protocol

_WAIT_KEY = "w"
_WAIT_SECONDS = 0.5
_DIALLED_TALK_SECONDS = 10.0


class HungUp(Exception):  # noqa: N818 (an outcome, not a fault)
    """The phone was put down."""


class Listener(Protocol):
    """What a conversation needs of the party at the phone. Seconds are those of the call, at a natural pace."""

    elapsed: float

    async def hear(self, seconds: float) -> None:
        """Let something take its time; keys are not taken."""

    def ready(self) -> None:
        """Keys count from now on."""

    async def heed(self, seconds: float) -> str | None:
        """Listen to a prompt of this length; a key that was pressed meanwhile cuts it short and is returned."""

    async def key(self, seconds: float) -> str | None:
        """The next key, or None when none comes within this time."""

    def unready(self) -> str:
        """Keys no longer count; those pressed that nobody took."""

    async def talk(self) -> None:
        """Talk with another person until it is enough."""


class Person:
    """Somebody on the page, or a test that presses keys one by one. `pace` 0: what is said takes no time."""

    def __init__(self, pace: float) -> None:
        self.elapsed = 0.0
        self.listens = asyncio.Event()
        self._pace = pace
        self._keys: asyncio.Queue[str] = asyncio.Queue()

    def press(self, digits: str) -> bool:
        """Press keys; False where the call is not waiting for any, so that nobody hears them."""
        if not self.listens.is_set():
            return False
        for digit in digits:
            self._keys.put_nowait(digit)
        return True

    async def hear(self, seconds: float) -> None:
        await asyncio.sleep(seconds * self._pace)

    def ready(self) -> None:
        self.listens.set()

    async def heed(self, seconds: float) -> str | None:
        return await self._within(seconds * self._pace)

    async def key(self, seconds: float) -> str | None:
        return await self._within(seconds)

    def unready(self) -> str:
        self.listens.clear()
        left = ""
        while not self._keys.empty():
            left += self._keys.get_nowait()
        return left

    async def talk(self) -> None:
        await asyncio.Event().wait()  # until somebody hangs up

    async def _within(self, seconds: float) -> str | None:
        try:
            async with asyncio.timeout(seconds):
                return await self._keys.get()
        except TimeoutError:
            return None


class Script:
    """A phone that acts by itself: `entries` are the keys it presses, one entry for each Gather.

    It hears every prompt out, presses its keys, and puts the phone down after `hangs_up_after` seconds of the call.
    """

    def __init__(self, entries: list[str], pace: float, hangs_up_after: float = 300) -> None:
        self.elapsed = 0.0
        self._entries = deque(entries)
        self._pace = pace
        self._hangs_up_after = hangs_up_after
        self._entry: deque[str] = deque()

    async def hear(self, seconds: float) -> None:
        left = self._hangs_up_after - self.elapsed
        self.elapsed += min(seconds, left)
        await asyncio.sleep(min(seconds, left) * self._pace)
        if seconds >= left:
            raise HungUp

    def ready(self) -> None:
        self._entry = deque(self._entries.popleft() if self._entries else "")

    async def heed(self, seconds: float) -> str | None:
        await self.hear(seconds)
        return None

    async def key(self, seconds: float) -> str | None:
        while self._entry:
            key = self._entry.popleft()
            if key != _WAIT_KEY:
                return key
            await self.hear(_WAIT_SECONDS)
        await self.hear(seconds)
        return None

    def unready(self) -> str:
        left, self._entry = "".join(self._entry).replace(_WAIT_KEY, ""), deque()
        return left

    async def talk(self) -> None:
        await self.hear(_DIALLED_TALK_SECONDS)


class Machine(Script):
    """A voicemail: it greets, beeps (`beep` is awaited), records, and hangs up. It presses no key."""

    def __init__(
        self, greets: float, records: float, pace: float, beep: Callable[[], Awaitable[None]]
    ) -> None:
        super().__init__([], pace, greets + records)
        self._greets = greets
        self._beep = beep

    async def hear(self, seconds: float) -> None:
        left = self._greets - self.elapsed
        if 0 < left <= seconds:
            await super().hear(left)
            await self._beep()
            seconds -= left
        await super().hear(seconds)

    async def greet(self) -> None:
        """Let it greet, while the caller says nothing."""
        await self.hear(self._greets - self.elapsed)
