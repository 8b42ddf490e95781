"""A carrier, as new for each test, and workers that end with it."""

import subprocess
from collections.abc import Iterator

import pytest

from tests.crash.workers import Start
from tests.deliveries import Carrier, carrier_process, worker_process


@pytest.fixture(scope="package")
def _carrier() -> Iterator[Carrier]:
    with carrier_process() as carrier:
        yield carrier


@pytest.fixture
def carrier(_carrier: Carrier) -> Carrier:
    _carrier.reset()
    return _carrier


@pytest.fixture
def start(carrier: Carrier) -> Iterator[Start]:
    """Start workers, which end with the test at the latest."""
    workers: list[subprocess.Popen[bytes]] = []

    def worker(**environment: str) -> "subprocess.Popen[bytes]":
        workers.append(worker_process(carrier, drain=False, **environment))
        return workers[-1]

    yield worker
    for each in workers:
        each.kill()
        each.wait()
