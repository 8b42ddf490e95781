"""Another office's system that misbehaves: the carrier's, told to do so as from its page."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.county import County
from tests.deliveries import PIN, Carrier, until
from watchword import pipeline
from watchword.core.clock import now
from watchword.delivery.models import Delivery
from watchword.delivery.states import State
from watchword.registrants.models import Partner
from watchword.registrants.partners import add_partner
from watchword.worklist.models import Task

pytestmark = pytest.mark.django_db(transaction=True)

Drain = Callable[[], None]
SHELTER = "harbor-shelter"


@pytest.fixture
def system(county: County, carrier: Carrier, settings: Any) -> Carrier:
    """A partner's system at the carrier, which is to be told where somebody stands."""
    settings.WATCHWORD = carrier.settings(push_networks="127.0.0.0/8", provider_timeout_seconds=0.5)
    add_partner(SHELTER, f"{carrier.url}/pushes/{SHELTER}", by="officer", gets_facts=False, may_confirm=False)
    county.person("1001")
    pipeline.register(
        source_name="harbor",
        person_key="1001",
        email=None,
        phone=None,
        push=f"{SHELTER}/4711",
        language="en",
        pin=PIN,
        verified=True,
        by="officer",
        allows_detail=False,
    )
    return carrier


def carried(drain: Drain) -> Delivery:
    """The delivery, once it was handed over, however often that took."""

    def is_over() -> bool:
        Delivery.objects.filter(state__in=[State.RETRY_WAIT, State.OUTCOME_UNKNOWN]).update(due_at=now())
        drain()
        return Delivery.objects.get().state == State.HANDED_OVER

    until(is_over)
    return Delivery.objects.get()


def test_a_push_is_taken_and_says_which_case_there_is_news_of(system: Carrier, drain: Drain) -> None:
    assert not carried(drain).repeat
    (push,) = system.log("push")
    assert (push["to"], json.loads(push["body"])["data"]["registration"]) == (SHELTER, "4711")


@pytest.mark.parametrize("kind", ["cut", "slow", "hang", "server_error"])
def test_a_push_that_may_have_been_taken_is_sent_again_with_the_id_by_which_a_repeat_is_known(
    system: Carrier, drain: Drain, kind: str
) -> None:
    system.fault("pushes", kind, seconds=2)  # longer than we wait for an answer
    assert carried(drain).repeat
    system.settle()
    pushes = system.log("push")
    assert len(pushes) == (1 if kind in ("hang", "server_error") else 2)
    assert len({push["id"] for push in pushes}) == 1


def test_a_push_that_the_system_has_no_time_for_waits_as_long_as_it_asked(
    system: Carrier, drain: Drain
) -> None:
    system.fault("pushes", "too_many", seconds=60)
    drain()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.last_error) == (State.RETRY_WAIT, "http_429")
    assert delivery.due_at is not None
    assert (delivery.due_at - now()).total_seconds() > 30
    assert not carried(drain).repeat


def test_a_system_that_wants_no_more_gets_none_and_the_desk_is_told(system: Carrier, drain: Drain) -> None:
    system.ask("PUT", f"partners/{SHELTER}", pushes={"kind": "gone"})
    drain()
    assert Delivery.objects.get().state == State.UNDELIVERABLE
    assert Partner.objects.get().stopped_at is not None
    assert Task.objects.filter(kind=Task.Kind.PARTNER_GONE).count() == 1
    assert not system.log("push")
