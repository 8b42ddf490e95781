"""The world around the workers fails while they send: providers, PostgreSQL, the clock."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models.functions import Now

from tests.county import County
from tests.crash.workers import Start, assert_each_was_sent_once_or_says_so, kill
from tests.deliveries import Carrier, planned, release, until
from tests.environment import throw_away_postgres
from watchword.config.private_postgres import PrivatePostgres
from watchword.core.clock import now
from watchword.delivery.models import Attempt, Delivery
from watchword.delivery.states import State
from watchword.registrants.models import Registrant, SilentTime

pytestmark = pytest.mark.django_db(transaction=True)

FAULTS = ("cut", "garbage", "hang", "server_error", "slow", "too_many")
FEW_AT_ONCE = {"WATCHWORD_PROVIDER_CONCURRENCY": "10"}
IMPATIENT = FEW_AT_ONCE | {"WATCHWORD_PROVIDER_TIMEOUT_SECONDS": "1"}


def all_are_handed_over() -> bool:
    """Whether nothing waits any more; what waits for a retry is due at once, so that no test has to wait for it."""
    Delivery.objects.filter(state=State.RETRY_WAIT, due_at__gt=Now()).update(due_at=Now())
    return not Delivery.objects.exclude(state=State.HANDED_OVER).exists()


def accepted(carrier: Carrier) -> int:
    return sum(carrier.ask("GET", "")["counts"].values())


def has_accepted(carrier: Carrier, more_than: int) -> bool:
    return accepted(carrier) > more_than


def misbehave(carrier: Carrier, *apis: str) -> None:
    """Each fault on each of these APIs: few enough among the good answers that no provider is given up."""
    for api in apis:
        for fault in FAULTS:
            carrier.fault(api, fault, seconds=1)


def assert_nothing_is_stuck_and_only_mails_went_out_twice(carrier: Carrier, count: int) -> None:
    """Texts and calls can be asked for; a mail whose end is unknown is sent once more, and says so."""
    assert_each_was_sent_once_or_says_so(carrier, count)
    for kind in ("text", "call"):
        to = [entry["to"] for entry in carrier.log(kind)]
        assert len(to) == len(set(to))
    assert set(Delivery.objects.filter(repeat=True).values_list("channel", flat=True)) <= {"email"}
    assert not Attempt.objects.filter(outcome=None).exists()


def test_two_workers_one_of_them_killed_while_every_provider_does_all_that_providers_do_wrong(
    county: County, carrier: Carrier, start: Start
) -> None:
    event = release(county)
    channels = ("text", "voice", "email")
    for channel in channels:
        planned(event, 40, [channel])
    carrier.ask("PUT", "latency", latency_ms=100)  # so that something is always under way
    first, _ = start(**IMPATIENT), start(**IMPATIENT)
    until(lambda: accepted(carrier) == 120)  # so much that a few faults do not make it a provider to give up
    misbehave(carrier, "messages", "calls", "mail")
    carrier.fault("mail", "refused")
    for channel in channels:
        planned(event, 60, [channel])
    until(lambda: accepted(carrier) > 200)
    first.kill()
    until(all_are_handed_over, 120)
    assert not carrier.ask("GET", "faults")["faults"], "the workers met every fault"
    assert_nothing_is_stuck_and_only_mails_went_out_twice(carrier, 300)


# PostgreSQL


@dataclass
class Server:
    """A PostgreSQL of this test's own, which the test's connection and its workers use."""

    server: PrivatePostgres

    def stop_at_once(self) -> None:
        """As `pg_ctl stop -m immediate`: no goodbye to anybody, no checkpoint."""
        postmaster = int((self.server.data / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGQUIT)
        until(lambda: not self.server.answers())

    def start(self) -> None:
        PrivatePostgres(self.server.folder.parent).join()
        connection.close()


@pytest.fixture
def own_server(db: None) -> Iterator[Server]:
    usual = dict(connection.settings_dict)
    with throw_away_postgres() as server:
        given = server.connection_options
        connection.close()
        connection.settings_dict |= {
            "NAME": given["dbname"],
            "USER": given["user"],
            "PASSWORD": "",
            "HOST": given["host"],
            "PORT": given["port"],
        }
        try:
            call_command("migrate", verbosity=0)
            yield Server(server)
        finally:
            connection.close()
            connection.settings_dict.update(usual)


def test_postgresql_dies_twice_under_load(own_server: Server, carrier: Carrier, start: Start) -> None:
    event = release(County())
    planned(event, 400, ["text"])
    planned(event, 40, ["email"])
    carrier.ask("PUT", "latency", latency_ms=100)  # so that something is always under way
    worker = start(**FEW_AT_ONCE)
    for reached in (100, 250):
        until(partial(has_accepted, carrier, reached))
        own_server.stop_at_once()
        own_server.start()
    until(all_are_handed_over, 120)
    assert worker.poll() is None, "the worker lived through both"
    assert_nothing_is_stuck_and_only_mails_went_out_twice(carrier, 440)


# The clock


def faketime() -> str:
    """The library that makes a process see another time."""
    program = shutil.which("faketime")
    assert program
    return str(next((Path(program).parents[1] / "lib").rglob("faketime/libfaketime.so.1")))


@pytest.mark.system("faketime")
def test_a_worker_whose_clock_is_wrong_by_half_a_day_keeps_silent_times_all_the_same(
    county: County, carrier: Carrier, start: Start
) -> None:
    planned(release(county), 2, ["text"])
    asleep, awake = Delivery.objects.select_related("contact_point__registrant").order_by("id")
    for delivery, from_now in ((asleep, timedelta()), (awake, timedelta(hours=12))):
        starts = now() + from_now - timedelta(hours=1)
        SilentTime.objects.create(
            registrant=delivery.contact_point.registrant,
            keeps_back="all",
            kind="quiet",
            days=list(range(1, 8)),
            starts=starts.time(),
            ends=(starts + timedelta(hours=3)).time(),
        )
    Registrant.objects.update(time_zone="UTC")
    start(LD_PRELOAD=faketime(), FAKETIME="+12h", DONT_FAKE_MONOTONIC="1")
    until(lambda: Delivery.objects.get(pk=awake.pk).state == State.HANDED_OVER)
    until(lambda: Delivery.objects.filter(pk=asleep.pk, due_at__gt=Now()).exists())
    assert len(carrier.log("text")) == 1


@pytest.mark.system("faketime")
@pytest.mark.parametrize("step", ["+1h", "-1h"])
def test_a_workers_clock_steps_by_an_hour(
    county: County, carrier: Carrier, start: Start, tmp_path: Path, step: str
) -> None:
    offset = tmp_path / "offset"
    offset.write_text("+0\n")
    planned(release(county), 150, ["text"])
    carrier.ask("PUT", "latency", latency_ms=100)
    worker = start(
        **IMPATIENT,
        LD_PRELOAD=faketime(),
        FAKETIME_TIMESTAMP_FILE=str(offset),
        FAKETIME_NO_CACHE="1",
        DONT_FAKE_MONOTONIC="1",
    )
    until(lambda: accepted(carrier) > 30)
    carrier.fault("messages", "cut", count=3)
    carrier.fault("messages", "too_many", count=3, seconds=30)
    offset.write_text(f"{step}\n")
    until(lambda: Delivery.objects.filter(state=State.RETRY_WAIT).count() == 3)
    waits = [each.due_at - now() for each in Delivery.objects.filter(state=State.RETRY_WAIT) if each.due_at]
    assert all(0 < wait.total_seconds() < 60 for wait in waits), "as the provider asked, by everybody's clock"
    until(all_are_handed_over)
    assert worker.poll() is None
    assert_nothing_is_stuck_and_only_mails_went_out_twice(carrier, 150)


def database_clock_is_put_back() -> None:
    """By an hour: every time that the database has written lies that much later now."""
    move_times("+ interval '1 hour'")


def database_clock_goes_ahead() -> None:
    move_times("- interval '1 hour'")


def move_times(by: str) -> None:
    columns = {
        "delivery_delivery": ("due_at", "queued_at", "handed_over_at"),
        "delivery_attempt": ("started_at",),
        "delivery_heartbeat": ("at",),
        "notices_notice": ("tell_from",),
    }
    with connection.cursor() as cursor:
        for table, names in columns.items():
            cursor.execute(f"UPDATE {table} SET " + ", ".join(f"{name} = {name} {by}" for name in names))  # noqa: S608


@pytest.mark.parametrize("step", [database_clock_is_put_back, database_clock_goes_ahead])
def test_the_databases_clock_steps_by_an_hour(
    county: County, carrier: Carrier, start: Start, step: Callable[[], None]
) -> None:
    event = release(county)
    planned(event, 30, ["text"])
    first = start(**IMPATIENT)
    until(all_are_handed_over)
    kill(first)
    carrier.fault("messages", "cut", count=2)
    planned(event, 30, ["text"])
    step()
    start(**IMPATIENT)
    until(lambda: not Delivery.objects.exclude(state=State.HANDED_OVER).exists())
    assert_nothing_is_stuck_and_only_mails_went_out_twice(carrier, 60)
