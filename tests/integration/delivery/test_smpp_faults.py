"""A message centre that misbehaves: the carrier's, told to do so as from its page."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.county import County
from tests.deliveries import Carrier, planned, release, until
from watchword.core.clock import now
from watchword.delivery.models import Delivery
from watchword.delivery.states import State
from watchword.worklist.models import Task

pytestmark = pytest.mark.django_db(transaction=True)

Drain = Callable[[], None]


@pytest.fixture
def centre(carrier: Carrier, settings: Any) -> Carrier:
    """The carrier's message centre, in use for texts."""
    settings.WATCHWORD = carrier.settings(
        text_providers="smpp", smpp_url=f"smpp://office:secret@127.0.0.1:{carrier.smpp_port}"
    )
    return carrier


def carried(drain: Drain) -> Delivery:
    """The delivery, once it was handed over, however often that took."""

    def is_over() -> bool:
        Delivery.objects.filter(state__in=[State.RETRY_WAIT, State.OUTCOME_UNKNOWN]).update(due_at=now())
        drain()
        return Delivery.objects.get().state in (State.HANDED_OVER, State.DELIVERED)

    until(is_over)
    return Delivery.objects.get()


def test_a_text_goes_to_the_phone_and_its_receipt_comes_back(
    county: County, centre: Carrier, drain: Drain
) -> None:
    planned(release(county), 1)
    assert not carried(drain).repeat
    assert len(centre.log("text")) == 1


@pytest.mark.parametrize("kind", ["cut", "garbage", "slow", "hang", "server_error"])
def test_a_text_that_the_centre_may_have_taken_is_sent_once_more_marked_as_a_repeat(
    county: County, centre: Carrier, drain: Drain, kind: str
) -> None:
    planned(release(county), 1)
    centre.fault("smpp", kind, seconds=3)  # longer than we wait for an answer
    assert carried(drain).repeat
    taken = 1 if kind in ("hang", "server_error") else 2
    assert len(centre.log("text")) == taken
    assert Task.objects.get().kind == Task.Kind.OUTCOME_UNKNOWN


@pytest.mark.parametrize("kind", ["too_many", "refused", "away"])
def test_a_text_that_the_centre_did_not_take_is_tried_again(
    county: County, centre: Carrier, drain: Drain, kind: str
) -> None:
    planned(release(county), 1)
    centre.fault("smpp", kind, seconds=1)
    assert not carried(drain).repeat
    assert len(centre.log("text")) == 1
