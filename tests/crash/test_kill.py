"""A worker is killed with -9, wherever it hurts most: nothing is lost, and what goes out twice says so."""

import os
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from tests.county import County
from tests.deliveries import Carrier, carrier_process, planned, release, until, worker_process
from watchword.delivery.models import Attempt, Delivery
from watchword.delivery.states import State

_WORKERS = """
SELECT pid FROM pg_locks
WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""

Start = Callable[..., "subprocess.Popen[bytes]"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
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


def drain_with_a_new_worker(carrier: Carrier) -> None:
    assert worker_process(carrier, drain=True).wait(120) == 0


def kill(worker: "subprocess.Popen[bytes]") -> None:
    """And wait until PostgreSQL has noticed that its sessions are gone."""
    worker.kill()
    worker.wait()

    def gone() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({_WORKERS}) AS alive")  # noqa: S608
            return bool(cursor.fetchone() == (0,))

    until(gone)


def sent(carrier: Carrier) -> Counter[str]:
    """How often each address was sent something, by the carrier's log."""
    return Counter(entry["to"] for kind in ("text", "mail", "call") for entry in carrier.log(kind))


def assert_each_was_sent_once_or_says_so(carrier: Carrier, count: int) -> int:
    """Nobody was left out; every address that got two is a delivery marked as a repeat. Returns how many got two."""
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.HANDED_OVER}
    times = sent(carrier)
    assert len(times) == count == Delivery.objects.count()
    twice = [address for address, number in times.items() if number > 1]
    assert max(times.values()) <= 2
    assert len(twice) <= Delivery.objects.filter(repeat=True).count()
    return len(twice)


def test_in_the_middle_of_two_thousand(county: County, carrier: Carrier, start: Start) -> None:
    event = release(county)
    planned(event, 1_800, ["text"])
    planned(event, 200, ["email"])
    worker = start()
    until(lambda: sum(carrier.ask("GET", "")["counts"].values()) > 700)
    kill(worker)
    in_flight = Delivery.objects.filter(state=State.CLAIMED)
    texts_in_flight, mails_in_flight = (in_flight.filter(channel=c).count() for c in ("text", "email"))
    assert 0 < texts_in_flight + mails_in_flight < 2_000
    drain_with_a_new_worker(carrier)
    twice = assert_each_was_sent_once_or_says_so(carrier, 2_000)
    # Of texts the provider could be asked, and none went out twice.
    assert len(carrier.log("text")) == 1_800
    assert twice <= mails_in_flight
    assert Delivery.objects.filter(repeat=True).count() <= mails_in_flight


@pytest.mark.parametrize("point", ["claimed", "attempted", "handed_over", "recorded", "completed"])
def test_at_each_point_between_claim_and_completion(
    county: County, carrier: Carrier, start: Start, point: str
) -> None:
    planned(release(county), 4, ["text", "voice", "email"])
    worker = start(WATCHWORD_PAUSE_AT=point)
    _, status = os.waitpid(worker.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)
    assert os.WSTOPSIG(status) == signal.SIGSTOP
    in_flight = Delivery.objects.filter(state=State.CLAIMED, channel="email").count()
    kill(worker)
    drain_with_a_new_worker(carrier)
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.HANDED_OVER}
    texts, calls, mails = (carrier.log(kind) for kind in ("text", "call", "mail"))
    assert len({text["to"] for text in texts}) == len(texts) == 4
    assert len({call["to"] for call in calls}) == len(calls) == 4
    assert len({mail["to"] for mail in mails}) == 4
    repeats = Delivery.objects.filter(repeat=True)
    assert len(mails) - 4 <= repeats.count() <= in_flight
    assert set(repeats.values_list("channel", flat=True)) <= {"email"}
    assert not Attempt.objects.filter(outcome=None).exists()


def wake(stalled: "subprocess.Popen[bytes]") -> None:
    """Let it come back, tell it to stop, and wait for its end; it stalls again at each of its hand-overs."""
    stalled.send_signal(signal.SIGCONT)
    stalled.terminate()

    def has_ended() -> bool:
        stalled.send_signal(signal.SIGCONT)
        return stalled.poll() is not None

    until(has_ended)


@pytest.mark.parametrize(("point", "repeats"), [("handed_over", 0), ("attempted", 1)])
def test_a_stalled_worker_that_comes_back_undoes_nothing_and_what_it_repeats_says_so(
    county: County, carrier: Carrier, start: Start, point: str, repeats: int
) -> None:
    planned(release(county), 1, ["text"])
    stalled = start(WATCHWORD_PAUSE_AT=point)
    os.waitpid(stalled.pid, os.WUNTRACED)
    # Its session is cut, as a network that went away would do it; another worker takes over.
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_terminate_backend(pid) FROM ({_WORKERS}) AS alive")  # noqa: S608
    drain_with_a_new_worker(carrier)
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.HANDED_OVER}
    wake(stalled)
    assert assert_each_was_sent_once_or_says_so(carrier, 1) == repeats
    assert Delivery.objects.filter(repeat=True).count() == repeats


def test_a_worker_told_to_stop_ends_what_is_under_way(county: County, carrier: Carrier, start: Start) -> None:
    carrier.ask("PUT", "latency", latency_ms=300)
    planned(release(county), 50, ["text"])
    worker = start(WATCHWORD_PROVIDER_CONCURRENCY="10")
    until(lambda: Delivery.objects.filter(state=State.CLAIMED).exists())
    worker.terminate()
    assert worker.wait(60) == 0
    left = Counter(Delivery.objects.values_list("state", flat=True))
    assert set(left) == {State.HANDED_OVER, State.QUEUED}
    assert left[State.HANDED_OVER] == len(carrier.log("text"))
