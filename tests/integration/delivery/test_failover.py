"""Two providers for a channel, over real sockets: who gets what, who is asked, and what goes ahead of what."""

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, TypeVar

import pytest

from tests.county import County
from tests.deliveries import Carrier, carrier_process, planned, release
from watchword.config.environment import CarrierAccount
from watchword.core.clock import now
from watchword.delivery import claims, outages
from watchword.delivery.channels.registry import routes
from watchword.delivery.claims import Room
from watchword.delivery.health import COOL_DOWN, Carrying, Outcome, Stand
from watchword.delivery.lanes import Lane
from watchword.delivery.liveness import Liveness
from watchword.delivery.models import Attempt, Delivery
from watchword.delivery.outages import News
from watchword.delivery.states import State
from watchword.delivery.worker import Worker
from watchword.worklist.models import Incident

pytestmark = pytest.mark.django_db(transaction=True)

T = TypeVar("T")
Drain = Callable[[], None]
DOWN = "http://127.0.0.1:1"


@pytest.fixture(scope="module")
def _second() -> Iterator[Carrier]:
    with carrier_process() as carrier:
        yield carrier


@pytest.fixture
def second(_second: Carrier, carrier: Carrier, settings: Any) -> Carrier:
    """Another carrier, as the second provider of texts and calls."""
    _second.reset()
    environment = carrier.settings()
    account = CarrierAccount(
        url=_second.url,
        account=environment.carrier_account,
        token=environment.carrier_token,
        signing_key="signing",
    )
    both = {
        "signalwire": account,
        "text_providers": "twilio,signalwire",
        "voice_providers": "twilio,signalwire",
    }
    settings.WATCHWORD = environment.model_copy(update=both)
    return _second


def first_is_down(settings: Any) -> None:
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"carrier_url": DOWN})


def due_now() -> None:
    Delivery.objects.filter(state=State.RETRY_WAIT).update(due_at=now())


def worked(worker: Worker) -> None:
    asyncio.run(worker.work(drain=True))


def test_the_first_provider_gets_everything_while_it_is_well(
    county: County, carrier: Carrier, second: Carrier, drain: Drain
) -> None:
    planned(release(county), 30)
    drain()
    assert (len(carrier.log("text")), len(second.log("text"))) == (30, 0)
    assert set(Attempt.objects.values_list("provider", flat=True)) == {"twilio"}


def test_when_the_first_fails_the_second_takes_over_and_nothing_is_lost_or_sent_twice(
    county: County, carrier: Carrier, second: Carrier, settings: Any
) -> None:
    first_is_down(settings)
    planned(release(county), 300)

    async def go() -> None:
        worker = Worker(routes())
        working = asyncio.create_task(worker.work(drain=False))
        while len(await asyncio.to_thread(second.log, "text")) < 300:
            await asyncio.to_thread(with_own_connection, due_now)
            await asyncio.sleep(0.05)
        while not await asyncio.to_thread(with_own_connection, Incident.objects.exists):
            await asyncio.sleep(0.05)
        worker.stop()
        await working

    asyncio.run(asyncio.wait_for(go(), 60))
    assert set(Delivery.objects.values_list("state", flat=True)) == {"handed_over"}
    assert len({entry["to"] for entry in second.log("text")}) == 300
    accepted = Attempt.objects.filter(outcome="accepted")
    assert set(accepted.values_list("provider", flat=True)) == {"signalwire"}
    assert not Delivery.objects.filter(repeat=True).exists()
    incident = Incident.objects.get()
    assert (incident.kind, incident.state, incident.source) == ("second_provider", "open", "text")
    assert "text goes out through signalwire, its second provider, because twilio" in incident.summary


def with_own_connection(act: Callable[[], T]) -> T:
    from django.db import connection

    try:
        return act()
    finally:
        connection.close()


def test_the_provider_that_got_the_attempt_is_the_one_that_is_asked(
    county: County, carrier: Carrier, second: Carrier, drain: Drain
) -> None:
    planned(release(county), 5)
    second.fault("messages", "cut", count=5)
    with_second_alone = {channel: providers[1:] or providers for channel, providers in routes().items()}
    worked(Worker(with_second_alone))
    assert set(Delivery.objects.values_list("state", flat=True)) == {"handed_over"}
    second_had = {entry["id"] for entry in second.log("text")}
    assert set(Delivery.objects.values_list("provider_id", flat=True)) == second_had
    assert carrier.log("text") == []


def test_what_a_provider_that_was_given_up_got_takes_another_way(
    county: County, carrier: Carrier, second: Carrier, drain: Drain, settings: Any
) -> None:
    planned(release(county), 1)
    attempt = Attempt.objects.create(
        delivery=Delivery.objects.get(), reference=f"{7:032x}", number=1, provider="signalwire"
    )
    Delivery.objects.update(state=State.OUTCOME_UNKNOWN, reference=attempt.reference, due_at=now())
    settings.WATCHWORD = carrier.settings(signalwire=None, text_providers="twilio", voice_providers="twilio")
    drain()
    assert Delivery.objects.get().repeat
    assert len(carrier.log("text")) == 1


def test_while_nobody_carries_a_channel_its_urgent_notices_take_the_next_rung_and_the_desk_knows(
    county: County,
) -> None:
    later = now() + timedelta(days=1)
    urgent, routine = (
        planned(release(county), 1, ["text", "voice"]),
        planned(release(county, "2"), 1, ["text", "voice"]),
    )
    Delivery.objects.filter(channel="voice").update(rung=2, due_at=later)
    Delivery.objects.filter(notice__in=routine).update(urgent=False)
    for _ in range(2):
        outages.follow("text", {News.DOWN})
    [incident] = Incident.objects.all()
    assert (incident.kind, incident.state, incident.source) == ("provider_down", "open", "text")
    calls = Delivery.objects.filter(channel="voice")
    assert calls.filter(notice=urgent[0], due_at__lte=now()).exists()
    assert calls.filter(notice=routine[0], due_at=later).exists()
    outages.follow("text", {News.UP})
    incident.refresh_from_db()
    assert incident.state == "cleared"
    assert "works again" in incident.reason
    outages.follow("text", {News.DOWN})
    assert Incident.objects.filter(state="open").count() == 1


def test_a_worker_whose_only_provider_is_down_waits_and_sends_when_it_is_back(
    county: County, carrier: Carrier, settings: Any
) -> None:
    planned(release(county), 40)
    up = settings.WATCHWORD
    first_is_down(settings)
    worker = Worker(routes())
    [lane] = [lane for lane in worker._lanes if lane.channel == "text"]
    worked(worker)
    assert lane.stand.carrying is Carrying.NOBODY
    assert lane.news() == {News.DOWN}
    assert Incident.objects.get().state == "open"
    assert not Delivery.objects.filter(handed_over_at__isnull=False).exists()
    due_now()
    settings.WATCHWORD = up
    worked(Worker(routes()))
    assert len(carrier.log("text")) == 40
    assert Incident.objects.get().state == "cleared"


def test_while_a_lone_provider_is_taken_for_ill_it_is_sent_what_it_takes(
    county: County, carrier: Carrier, settings: Any
) -> None:
    settings.WATCHWORD = carrier.settings(provider_concurrency=10)
    planned(release(county), 200)
    carrier.fault("messages", "too_many", count=9, seconds=0)
    worker = Worker(routes())
    [lane] = [lane for lane in worker._lanes if lane.channel == "text"]

    async def go() -> None:
        working = asyncio.create_task(worker.work(drain=False))
        while await asyncio.to_thread(with_own_connection, is_anything_left):
            await asyncio.sleep(0.05)
        assert lane.stand.carrying is Carrying.NOBODY, "it is not found well before the minute is over"
        worker.stop()
        await working

    def is_anything_left() -> bool:
        return Delivery.objects.exclude(state=State.HANDED_OVER).exists()

    asyncio.run(asyncio.wait_for(go(), 60))
    assert len(carrier.log("text")) == 200


class _Clock:
    """In place of the `time` module: its seconds pass when told to."""

    at = 1000.0

    def monotonic(self) -> float:
        return self.at


def test_a_few_failures_alarm_nobody_while_what_is_tried_after_them_goes_well(
    carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = _Clock()
    monkeypatch.setattr("watchword.delivery.lanes.time", clock)
    [lane] = [lane for lane in Worker(routes())._lanes if lane.channel == "text"]
    [line] = lane._lines.values()

    def comes(*outcomes: Outcome) -> None:
        for outcome in outcomes:
            line.tally.add(clock.at, outcome)
            line.probing.ended(clock.at, outcome)
        clock.at += 1
        lane._judge(clock.at)

    comes(*[Outcome.ERROR] * 5)
    assert lane.is_down
    assert lane.news() == {News.DOWN}, "nothing is known to work"
    comes(Outcome.SUCCESS)
    assert lane.is_down
    assert lane.news() == set()
    comes(Outcome.ERROR, Outcome.ERROR)
    assert lane.news() == {News.DOWN}
    for _ in range(int(COOL_DOWN)):
        comes(Outcome.SUCCESS, Outcome.SUCCESS, Outcome.ERROR)
    comes(Outcome.SUCCESS)
    assert lane.is_down
    assert lane.news() == {News.DOWN}, "a minute later it is still not well"


def test_the_desk_hears_once_of_the_second_provider_and_once_that_the_first_is_back(
    second: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = _Clock()
    monkeypatch.setattr("watchword.delivery.lanes.time", clock)
    one, other = (
        lane
        for worker in (Worker(routes()), Worker(routes()))
        for lane in worker._lanes
        if lane.channel == "text"
    )

    def a_second_passes(first: Outcome, *lanes: Lane) -> None:
        clock.at += 1
        for lane in lanes:
            to_first, to_second = lane.stand.shares()
            if to_first:
                lane._lines["twilio"].tally.add(clock.at, first)
            if to_second:
                lane._lines["signalwire"].tally.add(clock.at, Outcome.SUCCESS)
            lane._judge(clock.at)
            outages.follow("text", lane.news())

    def states() -> list[str]:
        return list(Incident.objects.order_by("id").values_list("state", flat=True))

    for _ in range(10):
        a_second_passes(Outcome.ERROR, one)
    assert states() == ["open"]
    for _ in range(600):
        a_second_passes(Outcome.ERROR, one, other)
    assert states() == ["open"], "tries that fail change nothing"
    while one.stand.carrying is Carrying.SECOND:
        a_second_passes(Outcome.SUCCESS, one)
    for _ in range(10):
        a_second_passes(Outcome.SUCCESS, one, other)
    assert other.stand.carrying is Carrying.SECOND
    assert states() == ["cleared"], "a worker that comes back later does not open it again"
    while other.stand.carrying is Carrying.SECOND:
        a_second_passes(Outcome.SUCCESS, one, other)
    for _ in range(60):
        a_second_passes(Outcome.SUCCESS, one, other)
    assert states() == ["cleared"]
    for _ in range(60):
        a_second_passes(Outcome.ERROR, one, other)
    assert states() == ["cleared", "open"], "the next time is another incident"


class _Held:
    """A provider that takes what it is given and keeps it under way until it is let go."""

    name, channels = "twilio", ("text",)

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self.given: list[bool] = []
        self.let_go = asyncio.Event()

    async def send(self, outbound: Any) -> Any:
        from watchword.delivery.records import Accepted

        self.given.append(outbound.urgent)
        await self.let_go.wait()
        return Accepted(provider_id=str(outbound.reference))


def test_however_many_routine_ones_are_under_way_an_urgent_one_finds_a_free_slot(county: County) -> None:
    planned(release(county), 100)
    Delivery.objects.update(urgent=False)
    liveness = Liveness(lambda: None)
    liveness.number, liveness.may_send = 7, True

    async def directly(act: Any, *args: Any, **kwargs: Any) -> Any:
        return await asyncio.to_thread(act, *args, **kwargs)

    async def go() -> list[bool]:
        held: Any = _Held(slots=10)
        lane = Lane("text", [held], liveness, directly)
        for _ in range(3):
            await lane.turn()
        await asyncio.sleep(0)
        assert held.given == [False] * 8
        await asyncio.to_thread(with_own_connection, lambda: _make_urgent(3))
        lane.call()
        await lane.turn()
        await asyncio.sleep(0)
        given = list(held.given)
        held.let_go.set()
        while lane._sending:
            await asyncio.sleep(0.01)
        lane.stop()
        await lane.turn()
        await asyncio.to_thread(with_own_connection, lambda: None)
        return given

    assert asyncio.run(go()) == [False] * 8 + [True] * 2


def _make_urgent(count: int) -> None:
    queued = Delivery.objects.filter(state=State.QUEUED).order_by("-id").values_list("id", flat=True)
    Delivery.objects.filter(id__in=list(queued[:count])).update(urgent=True)


def test_no_more_calls_are_under_way_than_the_provider_takes_and_a_fifth_is_kept_for_urgent_ones(
    county: County,
) -> None:
    planned(release(county), 20, ["voice"])
    Delivery.objects.update(urgent=False)
    room = Room(free=100, routine=80, calls_at_once=5)
    assert len(claims.claim("voice", "twilio", room, 1)) == 4
    assert claims.claim("voice", "twilio", room, 1) == []
    _make_urgent(3)
    assert [out.urgent for out in claims.claim("voice", "twilio", room, 1)] == [True]
    assert claims.claim("voice", "twilio", room, 1) == []
    assert len(claims.claim("voice", "telnyx", room, 1)) == 4 + 1  # another provider has lines of its own
    Delivery.objects.filter(urgent=True, attempts=1).update(state=State.DELIVERED)
    Attempt.objects.filter(provider="twilio").update(started_at=now() - timedelta(minutes=6))
    Delivery.objects.filter(state=State.CLAIMED).update(state=State.HANDED_OVER)
    assert len(claims.claim("voice", "twilio", room, 1)) == 4


def test_a_provider_on_its_way_back_is_given_a_small_share(
    county: County, carrier: Carrier, second: Carrier
) -> None:
    worker = Worker(routes())
    [lane] = [lane for lane in worker._lanes if lane.channel == "text"]
    lane.stand = Stand(
        carrying=Carrying.SECOND, since=time.monotonic(), trial=1, trial_since=time.monotonic()
    )
    planned(release(county), 400)
    worked(worker)
    given = len(carrier.log("text"))
    assert 0 < given < 100
    assert given + len(second.log("text")) == 400
