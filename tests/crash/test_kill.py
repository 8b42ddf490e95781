"""A worker is killed with -9, wherever it hurts most: nothing is lost, and what goes out twice says so."""

import os
import signal
import subprocess
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F

from tests.county import County
from tests.crash.workers import (
    WORKERS,
    Start,
    assert_each_was_sent_once_or_says_so,
    drain_with_a_new_worker,
    kill,
)
from tests.deliveries import Carrier, planned, release, until
from watchword.delivery.models import Attempt, Delivery
from watchword.delivery.states import State

pytestmark = pytest.mark.django_db(transaction=True)


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


def cut_its_session() -> None:
    """As a network that went away would do it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_terminate_backend(pid) FROM ({WORKERS}) AS alive")  # noqa: S608


def let_time_pass() -> None:
    """As if it had been stopped for an hour, with its lock held all the while."""
    Attempt.objects.update(started_at=F("started_at") - timedelta(hours=1))


@pytest.mark.parametrize("stall", [cut_its_session, let_time_pass])
@pytest.mark.parametrize(("point", "repeats"), [("handed_over", 0), ("attempted", 1)])
def test_a_stalled_worker_that_comes_back_undoes_nothing_and_what_it_repeats_says_so(
    county: County, carrier: Carrier, start: Start, point: str, repeats: int, stall: Callable[[], None]
) -> None:
    planned(release(county), 1, ["text"])
    stalled = start(WATCHWORD_PAUSE_AT=point)
    os.waitpid(stalled.pid, os.WUNTRACED)
    stall()
    drain_with_a_new_worker(carrier)  # it takes over meanwhile
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
