"""Reading ahead: what gives items works in a thread of its own, while what takes them is busy elsewhere."""

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def read_ahead(items: Iterable[T], most: int) -> Iterator[Iterator[T]]:
    """The same items, drawn in a thread from now on, `most` of them ahead. An error comes where its item would."""
    drawn = iter(items)
    with ThreadPoolExecutor(1) as beside:

        def draw() -> Future[list[T]]:
            return beside.submit(lambda: list(islice(drawn, most)))

        def taken() -> Iterator[T]:
            part = next_part.result()
            while part:
                following = draw()
                yield from part
                part = following.result()

        next_part = draw()
        yield taken()
