"""A carrier for the whole session, as new for each test; and a worker."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.deliveries import Carrier, carrier_process
from watchword.delivery.channels.registry import routes
from watchword.delivery.worker import Worker


@pytest.fixture(scope="session")
def _carrier() -> Iterator[Carrier]:
    with carrier_process() as carrier:
        yield carrier


@pytest.fixture
def carrier(_carrier: Carrier, settings: Any) -> Carrier:
    """The carrier, empty, as our provider."""
    _carrier.reset()
    settings.WATCHWORD = _carrier.settings()
    return _carrier


@pytest.fixture
def drain() -> Callable[[], None]:
    """Send all that is due, in this process."""
    return lambda: asyncio.run(Worker(routes()).work(drain=True))
