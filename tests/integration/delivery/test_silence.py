"""Nothing is sent in a silent time, however it came to be due in one: the claim itself keeps it."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from tests.county import County
from tests.deliveries import happening, planned, release
from tests.integration.delivery.test_planning import in_silence
from watchword.core.clock import now
from watchword.delivery import lanes
from watchword.delivery.claims import Room, claim
from watchword.delivery.escalation import hurry_next_rung
from watchword.delivery.liveness import Liveness
from watchword.delivery.models import Attempt, Delivery
from watchword.delivery.records import Accepted, Outbound, Result
from watchword.delivery.states import Move, State, move
from watchword.delivery.sweeps import repeat_calls
from watchword.registrants.models import ContactPoint

pytestmark = pytest.mark.django_db


def claimed(channel: str = "text", limit: int = 50) -> list[int]:
    return [out.delivery for out in claim(channel, "twilio", Room(free=limit, routine=limit), 1)]


def never_safe_now(channel: str = "text") -> None:
    for point in ContactPoint.objects.filter(channel=channel).select_related("registrant"):
        in_silence(point.registrant, contact_point=point, kind="never_safe", keeps_back="all")


def first_planned(delivery: Delivery) -> None:
    """As it was planned: due now."""


def refused_for_now(delivery: Delivery) -> None:
    assert claimed(delivery.channel) == [delivery.pk]
    move([Move(delivery=delivery.pk, to=State.RETRY_WAIT, due_in=timedelta())])


def never_arrived(delivery: Delivery) -> None:
    assert claimed(delivery.channel) == [delivery.pk]
    move([Move(delivery=delivery.pk, to=State.OUTCOME_UNKNOWN, due_in=timedelta())])
    move([Move(delivery=delivery.pk, to=State.QUEUED, due_in=timedelta(), repeat=True)])


def called_in_vain(delivery: Delivery) -> None:
    assert claimed(delivery.channel) == [delivery.pk]
    move([Move(delivery=delivery.pk, to=State.HANDED_OVER, due_in=timedelta())])
    assert repeat_calls() == 1


def hurried(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(rung=2, due_at=now() + timedelta(days=1))
    lost = Delivery.objects.get(channel="email")
    hurry_next_rung([lost.pk])


def long_overdue(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(due_at=now() - timedelta(days=2))


@pytest.mark.parametrize(
    "come_due", [first_planned, refused_for_now, never_arrived, called_in_vain, hurried, long_overdue]
)
def test_nothing_goes_to_a_contact_point_in_its_never_safe_hours_not_even_an_escape(
    county: County, come_due: Callable[[Delivery], None]
) -> None:
    planned(happening(county, "escaped"), 1, ["email", "voice"])
    delivery = Delivery.objects.get(channel="voice")
    come_due(delivery)
    Delivery.objects.filter(pk=delivery.pk, due_at__gt=now() - timedelta(days=1)).update(
        due_at=now() - timedelta(minutes=1)  # the database's clock stands still in a test
    )
    attempts = Attempt.objects.count()
    never_safe_now("voice")
    assert claimed("voice") == []
    delivery.refresh_from_db()
    assert delivery.due_at is not None
    assert timedelta(minutes=118) < delivery.due_at - now() <= timedelta(minutes=120)
    assert delivery.state in (State.QUEUED, State.RETRY_WAIT)
    assert Attempt.objects.count() == attempts
    assert claimed("email"), "another contact point goes on"


@pytest.mark.parametrize(
    ("kind", "keeps_back", "goes"),
    [
        ("transferred", "routine", False),
        ("released", "routine", True),
        ("died", "all_but_releases", False),
        ("released", "all_but_releases", True),
        ("vanished", "all_but_releases", True),
        ("released", "all", False),
    ],
)
@pytest.mark.parametrize("come_due", [first_planned, refused_for_now, never_arrived, long_overdue])
def test_quiet_hours_hold_for_what_comes_due_in_them_as_the_registrant_said(
    county: County, come_due: Callable[[Delivery], None], kind: str, keeps_back: str, goes: bool
) -> None:
    planned(happening(county, kind), 1)
    come_due(Delivery.objects.get())
    Delivery.objects.update(
        due_at=now() - timedelta(minutes=1)
    )  # the database's clock stands still in a test
    in_silence(ContactPoint.objects.get().registrant, keeps_back=keeps_back)
    assert bool(claimed()) is goes


def test_a_release_that_the_office_calls_routine_wakes_whoever_asked_for_it(county: County) -> None:
    planned(release(county), 1)
    Delivery.objects.update(urgent=False)
    in_silence(ContactPoint.objects.get().registrant, keeps_back="all_but_releases")
    assert claimed()


def test_those_who_sleep_do_not_keep_the_others_waiting(county: County) -> None:
    planned(happening(county, "transferred"), 12)
    for point in ContactPoint.objects.select_related("registrant"):
        in_silence(point.registrant)
    awake = planned(happening(county, "transferred", "2"), 3)
    assert set(claimed(limit=3)) == set(
        Delivery.objects.filter(notice__in=awake).values_list("id", flat=True)
    )


def with_own_connection(act: Any, *args: Any) -> Any:
    try:
        return act(*args)
    finally:
        connection.close()


class _Provider:
    """Takes everything."""

    name, channels, slots = "twilio", ("text",), 10

    def __init__(self) -> None:
        self.given: list[Outbound] = []

    async def send(self, outbound: Outbound) -> Result:
        self.given.append(outbound)
        return Accepted(provider_id=str(outbound.reference))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("stood_still", "is_sent"), [(30, True), (3600, False)])
def test_a_worker_that_stood_still_after_its_claim_asks_again_before_it_sends(
    county: County, monkeypatch: pytest.MonkeyPatch, stood_still: int, is_sent: bool
) -> None:
    planned(release(county), 1)
    uptime = [1000.0]
    monkeypatch.setattr(lanes, "_uptime", lambda: uptime[0])

    def pause(point: str) -> None:
        uptime[0] += stood_still if point == "attempted" else 0

    monkeypatch.setattr(lanes, "pause", pause)
    liveness = Liveness(lambda: None)
    liveness.number, liveness.may_send = 7, True
    provider: Any = _Provider()

    async def database(act: Any, *args: Any, **kwargs: Any) -> Any:
        return await asyncio.to_thread(with_own_connection, act, *args)

    async def turns() -> None:
        lane = lanes.Lane("text", [provider], liveness, database)
        await lane.turn()
        while lane._sending:
            await asyncio.sleep(0)
        lane.stop()
        await lane.turn()

    asyncio.run(turns())
    delivery = Delivery.objects.get()
    assert bool(provider.given) is is_sent
    assert (delivery.state, delivery.last_error) == (
        ("handed_over", None) if is_sent else ("retry_wait", "stalled")
    )


def test_a_message_is_not_sent_just_before_never_safe_hours(county: County) -> None:
    planned(release(county), 1)
    point = ContactPoint.objects.select_related("registrant").get()
    soon: dict[str, Any] = {"contact_point": point, "kind": "never_safe", "keeps_back": "all"}
    silent = in_silence(point.registrant, **soon)
    starts = (now() + timedelta(minutes=3)).replace(second=0, microsecond=0)
    silent.starts, silent.ends = starts.time(), (starts + timedelta(hours=1)).time()
    silent.save()
    point.registrant.time_zone = "UTC"
    point.registrant.save()
    assert claimed() == []
    assert Delivery.objects.get().due_at == starts + timedelta(hours=1)
