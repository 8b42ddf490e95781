"""Killed with -9, or restored from a copy: texts over an SMPP bind, letters into a folder, pushes to a partner.

None of them is lost. A letter that lies in the folder is found there; of a text over SMPP and of a push nobody can say
whether it went out: it is sent once more, and says so.
"""

import asyncio
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from django.db.models.functions import Now

from tests.centre import Centre, message_centre
from tests.county import County
from tests.crash.copies import Copy
from tests.crash.workers import Start, kill, watchword
from tests.deliveries import PIN, Carrier, planned, release, until
from tests.receiver import receiving
from watchword import pipeline
from watchword.delivery import heartbeat
from watchword.delivery.models import Attempt, Delivery
from watchword.delivery.states import State
from watchword.registrants.partners import add_partner
from watchword.registrants.queries import address_of

pytestmark = pytest.mark.django_db(transaction=True)

COUNT = 4
SHELTER = "harbor-shelter"


@dataclass(frozen=True, kw_only=True)
class Way:
    """A way to a person, and what came out at its far end."""

    environment: dict[str, str]
    plan: Callable[[], None]  # COUNT deliveries
    arrived: Callable[[], Counter[int]]  # how often each delivery's message did
    can_be_asked: bool


@contextmanager
def texts_over_smpp(county: County, folder: Path) -> Iterator[Way]:
    with centre_in_a_thread() as centre:

        def arrived() -> Counter[int]:
            phones = {
                address_of(delivery.contact_point).removeprefix("+"): delivery.pk
                for delivery in Delivery.objects.select_related("contact_point")
            }
            messages = [submitted.message for submitted in centre.submitted]
            # The header of a part ends with its number: whoever has the last parts has the texts.
            return Counter(
                phones[message.destination_addr]
                for message in messages
                if not message.esm_class or message.short_message[4] == message.short_message[5]
            )

        yield Way(
            environment={
                "WATCHWORD_TEXT_PROVIDERS": "smpp",
                "WATCHWORD_SMPP_URL": f"smpp://office:secret@127.0.0.1:{centre.port}",
            },
            plan=lambda: _plan(county, "text"),
            arrived=arrived,
            can_be_asked=False,
        )


@contextmanager
def letters_into_a_folder(county: County, folder: Path) -> Iterator[Way]:
    def arrived() -> Counter[int]:
        references = [UUID(path.stem) for path in folder.glob("*.pdf")]
        return Counter(Attempt.objects.filter(reference__in=references).values_list("delivery_id", flat=True))

    yield Way(
        environment={"WATCHWORD_LETTER_PROVIDERS": "outbox", "WATCHWORD_LETTER_OUTBOX": str(folder)},
        plan=lambda: _plan(county, "letter"),
        arrived=arrived,
        can_be_asked=True,
    )


@contextmanager
def pushes_to_a_partner(county: County, folder: Path) -> Iterator[Way]:
    with receiving() as receiver:

        def plan() -> None:
            add_partner(SHELTER, receiver.url, by="officer", gets_facts=False, may_confirm=False)
            for place in range(COUNT):
                _in_care(county, place)

        def arrived() -> Counter[int]:
            deliveries = dict(Delivery.objects.values_list("notice_id", "id"))
            return Counter(deliveries[push.data()["notice"]] for push in receiver.taken)

        yield Way(
            environment={"WATCHWORD_PUSH_NETWORKS": "127.0.0.0/8"},
            plan=plan,
            arrived=arrived,
            can_be_asked=False,
        )


def _plan(county: County, channel: str) -> None:
    planned(release(county), COUNT, [channel])


def _in_care(county: County, place: int) -> None:
    """Somebody in the partner's care, who is told where a new person stands."""
    key = str(2000 + place)
    county.person(key)
    pipeline.register(
        source_name="harbor",
        person_key=key,
        email=None,
        phone=None,
        push=f"{SHELTER}/{place}",
        language="en",
        pin=PIN,
        verified=True,
        by="officer",
    )


@contextmanager
def centre_in_a_thread() -> Iterator[Centre]:
    """A message centre that lives beside the test, on a free port."""
    loop, over, ready = asyncio.new_event_loop(), asyncio.Event(), threading.Event()
    made: list[Centre] = []

    async def serve() -> None:
        async with message_centre() as centre:
            made.append(centre)
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(10)
    try:
        yield made[0]
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()


Through = Callable[[County, Path], AbstractContextManager[Way]]
WAYS = [
    texts_over_smpp,
    pytest.param(letters_into_a_folder, marks=pytest.mark.system("libpangoft2-1.0")),
    pushes_to_a_partner,
]


def all_are_handed_over() -> bool:
    """Whether nothing waits any more; what waits for a retry is due at once, so that no test has to wait for it."""
    Delivery.objects.filter(state=State.RETRY_WAIT, due_at__gt=Now()).update(due_at=Now())
    return not Delivery.objects.exclude(state=State.HANDED_OVER).exists()


def assert_none_is_lost_and_repeats_are_marked(way: Way, most_repeats: int) -> None:
    times = way.arrived()
    assert set(times) == set(Delivery.objects.values_list("id", flat=True))
    twice = {delivery for delivery, number in times.items() if number > 1}
    assert max(times.values()) <= 2
    marked = set(Delivery.objects.filter(repeat=True).values_list("id", flat=True))
    assert twice <= marked
    assert len(marked) <= most_repeats
    assert not Attempt.objects.filter(outcome=None).exists()


@pytest.mark.parametrize("point", ["attempted", "handed_over", "recorded"])
@pytest.mark.parametrize("through", WAYS)
def test_a_worker_killed_around_a_hand_over_loses_nothing_and_what_it_repeats_says_so(
    county: County,
    carrier: Carrier,
    start: Start,
    tmp_path: Path,
    through: Through,
    point: str,
) -> None:
    with through(county, tmp_path) as way:
        way.plan()
        worker = start(**way.environment, WATCHWORD_PAUSE_AT=point)
        _, status = os.waitpid(worker.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        in_flight = Delivery.objects.filter(state=State.CLAIMED).count()
        kill(worker)
        start(**way.environment)
        until(all_are_handed_over)
        assert_none_is_lost_and_repeats_are_marked(way, 0 if way.can_be_asked else in_flight)


@pytest.mark.parametrize("through", WAYS)
def test_from_a_restored_database_nothing_goes_out_twice_unmarked(
    county: County,
    carrier: Carrier,
    start: Start,
    tmp_path: Path,
    through: Through,
) -> None:
    with through(county, tmp_path) as way:
        way.plan()
        assert heartbeat.beat()
        yesterday = Copy()
        try:
            worker = start(**way.environment)
            until(all_are_handed_over)
            kill(worker)
            yesterday.restore()
        finally:
            yesterday.drop()
        done = watchword(
            carrier, "reconcile", "--by", "Officer Example", "--reason", "the disk died", **way.environment
        )
        assert done.returncode == 0, done.stderr
        start(**way.environment)
        until(all_are_handed_over)
        assert set(Delivery.objects.values_list("repeat", flat=True)) == {True}
