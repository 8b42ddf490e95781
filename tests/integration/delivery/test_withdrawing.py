"""What was wrong, and taken back before it went out, is not sent."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from tests.county import County
from tests.deliveries import Carrier, happening, notices, planned, registrants, until
from tests.integration.delivery.test_planning import in_silence
from watchword.delivery.claims import Room, claim
from watchword.delivery.models import Delivery
from watchword.delivery.planning import plan_deliveries
from watchword.delivery.states import State
from watchword.delivery.withdrawing import withdraw_untold
from watchword.notices.models import Notice

pytestmark = pytest.mark.django_db(transaction=True)

ROOM = Room(free=10, routine=10)


def states() -> list[str]:
    return list(Notice.objects.order_by("id").values_list("state", flat=True))


def test_only_what_was_not_sent_is_withdrawn_and_it_never_goes_out(
    county: County, carrier: Carrier, drain: Callable[[], None]
) -> None:
    wrong = happening(county, "transferred")
    told, asleep, unplanned = registrants(3)
    silence = in_silence(asleep)
    notices(wrong, [told, asleep])
    plan_deliveries()
    drain()
    notices(wrong, [unplanned])
    assert withdraw_untold([wrong.pk]) == 2
    assert states() == ["open", "withdrawn", "withdrawn"]
    silence.delete()
    Delivery.objects.filter(state=State.QUEUED).update(due_at="2026-01-01T00:00:00Z")
    drain()
    assert len(carrier.log("text")) == 1
    by_state = list(Delivery.objects.order_by("id").values_list("state", flat=True))
    assert by_state == ["handed_over", "cancelled"]
    assert withdraw_untold([wrong.pk]) == 0


def test_a_message_that_tells_of_something_else_as_well_is_sent_all_the_same(county: County) -> None:
    wrong, right = happening(county, "transferred"), happening(county, "released", "2")
    [registrant] = registrants(1)
    [leader], [follower] = notices(wrong, [registrant]), notices(right, [registrant])
    Notice.objects.filter(pk=follower.pk).update(told_with=leader)
    plan_deliveries()
    assert withdraw_untold([wrong.pk]) == 0
    assert withdraw_untold([wrong.pk, right.pk]) == 2
    assert states() == ["withdrawn", "withdrawn"]


def test_a_notice_that_a_worker_claims_at_this_moment_counts_as_told(county: County) -> None:
    wrong = happening(county, "released")
    planned(wrong, 1)
    withdrawn: list[int] = []

    def withdraw() -> None:
        try:
            withdrawn.append(withdraw_untold([wrong.pk]))
        finally:
            connection.close()

    def is_waiting() -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            return cursor.fetchone() != (0,)

    thread = threading.Thread(target=withdraw)
    with transaction.atomic():
        assert len(claim("text", "twilio", ROOM, 1)) == 1
        thread.start()
        until(is_waiting)
    thread.join()
    assert withdrawn == [0]
    assert states() == ["open"]
