"""A planned delivery reaches the provider, on each channel, with the words it may have."""

from collections.abc import Callable

import pytest

from tests.county import County
from tests.deliveries import Carrier, planned, release
from watchword.delivery.models import Attempt, Delivery

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_channel_hands_over_one_neutral_message(
    county: County, carrier: Carrier, drain: Callable[[], None]
) -> None:
    planned(release(county), 3, ["email", "text", "voice"])
    drain()
    assert set(Delivery.objects.values_list("state", flat=True)) == {"handed_over"}
    assert Attempt.objects.filter(outcome="accepted").count() == 9
    texts, mails, calls = (carrier.log(kind) for kind in ("text", "mail", "call"))
    assert len(texts) == len(mails) == len(calls) == 3
    for text in texts:
        assert "You have a message" in text["body"]
        assert "Ana" not in text["body"]
