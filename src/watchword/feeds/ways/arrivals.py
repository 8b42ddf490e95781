"""What the ways share: a file that has come, and reading on where a connection broke."""

import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Protocol

from watchword.core.errors import WatchwordError

ATTEMPTS = 4
"""How often a file's reading is begun or taken up in one visit."""

_FIRST_WAIT_SECONDS = 0.5


class WayError(WatchwordError):
    """A source could not be reached, or not as its mapping says. The visit is made again later."""


class BrokenOffError(Exception):
    """The connection broke; what is left of the file may be asked for."""


class Readable(Protocol):
    """What bytes can be read from."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """One file that is new. `mark` tells it from the next one; `taken` is called when it is safe with us."""

    open: Callable[[], AbstractContextManager[BinaryIO | Readable]]
    mark: dict[str, Any]
    taken: Callable[[], None] = field(default=lambda: None)


class Resuming:
    """A file that is read on from where it was when the connection breaks.

    `open_at` opens it at a byte; BrokenOffError from there or from reading means: try again, a few times.
    """

    def __init__(self, open_at: Callable[[int], Readable]) -> None:
        self._open_at = open_at
        self._stream: Readable | None = None
        self._read = 0
        self._left = ATTEMPTS

    def read(self, size: int = 1 << 20, /) -> bytes:
        """At most so many bytes; none at the end; WayError where it breaks too often."""
        while True:
            try:
                if self._stream is None:
                    self._stream = self._open_at(self._read)
                chunk = self._stream.read(size)
            except BrokenOffError as error:
                self._stream = None
                self._left -= 1
                if self._left == 0:
                    raise WayError(f"The connection broke {ATTEMPTS} times: {error}.") from None
                time.sleep(_FIRST_WAIT_SECONDS * 2 ** (ATTEMPTS - self._left) * random.uniform(0.5, 1.5))  # noqa: S311
            else:
                self._read += len(chunk)
                return chunk
