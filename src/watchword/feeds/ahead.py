"""Reading ahead: what gives items works in a thread of its own, while what takes them is busy elsewhere."""

import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

_TURN = 0.0003
"""Seconds until a thread gives way to another that could go on. Python's 0.005 is longer than most answers of the
database take, so that whoever waits for one would mostly wait for the reader: a tenth of a large roster's time.
"""


@contextmanager
def read_ahead(items: Iterable[T], most: int) -> Iterator[Iterator[T]]:
    """The same items, drawn in a thread from now on, `most` of them ahead. An error comes where its item would."""
    drawn = iter(items)
    with ThreadPoolExecutor(1) as beside, _short_turns():
        drawing = deque(beside.submit(lambda: list(islice(drawn, 1))) for _ in range(most))

        def taken() -> Iterator[T]:
            while one := drawing.popleft().result():
                drawing.append(beside.submit(lambda: list(islice(drawn, 1))))
                yield from one

        yield taken()


@contextmanager
def _short_turns() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(_TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
