"""Somebody calls the office's line back."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.county import County
from tests.deliveries import PIN, happening, phone_number, planned, registrants, release
from tests.deliveries import notices as notices_of
from tests.integration.phone.calls import Step
from watchword.core.clock import now
from watchword.delivery.links import public_url
from watchword.delivery.models import Attempt, Delivery, PinTry
from watchword.delivery.planning import plan_deliveries
from watchword.delivery.states import State
from watchword.notices.models import Notice

pytestmark = pytest.mark.django_db

WRONG = "750318"
STRANGER = "+12025550999"


def hand_over() -> None:
    for delivery in Delivery.objects.filter(state=State.QUEUED):
        Attempt.objects.create(delivery=delivery, reference=f"{delivery.pk:032x}", number=1)
    Delivery.objects.update(state=State.HANDED_OVER, handed_over_at=now())


def call_back(number: str = phone_number(0)) -> Step:
    """The line asks for the PIN, in English."""
    return Step(f"{public_url()}/phone/inbound", From=number).keys("1", "1")


def test_the_pin_reads_every_open_message_that_this_phone_was_called_about_and_confirms_it(
    county: County,
) -> None:
    (reader,) = registrants(1, ["voice"])
    notices_of(release(county, "1"), [reader])
    notices_of(happening(county, "escaped", "2"), [reader])
    plan_deliveries()
    hand_over()
    message = call_back().press(PIN)
    assert "released" in message.says
    assert "escaped" in message.says
    assert "escaped" in message.press("1").says
    assert set(Notice.objects.values_list("state", flat=True)) == {"confirmed"}
    assert call_back().press(PIN).says.startswith("There is no new message")


def test_a_message_that_was_not_called_out_yet_is_not_read(county: County) -> None:
    planned(release(county), 1, ["voice"])
    assert call_back().press(PIN).says.startswith("There is no new message")
    assert Notice.objects.get().state == "open"


@pytest.mark.parametrize("number", [STRANGER, "anonymous", ""])
def test_a_stranger_and_a_wrong_pin_sound_alike_at_the_same_cost(county: County, number: str) -> None:
    planned(release(county), 1, ["voice"], language="es")
    hand_over()
    known, unknown = call_back(), call_back(number)
    costs = []
    for _ in range(3):
        assert known.says == unknown.says
        with CaptureQueriesContext(connection) as of_known:
            known = known.press(WRONG)
        with CaptureQueriesContext(connection) as of_unknown:
            unknown = unknown.press(WRONG)
        costs.append(
            [sum("delivery_pintry" in query["sql"] for query in each) for each in (of_known, of_unknown)]
        )
    assert known.says == unknown.says
    assert known.ends
    assert unknown.ends
    assert all(one == other for one, other in costs)


def test_tries_count_together_with_those_in_calls_that_we_made(county: County) -> None:
    planned(release(county), 1, ["voice"])
    hand_over()
    call_back().press(WRONG).press(WRONG).press(WRONG)
    assert call_back().press(WRONG).press(WRONG).press(PIN).ends
    assert PinTry.objects.filter(right=False).count() == 6
    assert Notice.objects.get().state == "open"


def test_the_star_key_changes_the_language_and_0_reaches_a_person(county: County, settings: Any) -> None:
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"office_phone": "+1 202 555 0100"})
    planned(release(county), 1, ["voice"])
    hand_over()
    step = call_back()
    assert step.languages == ["en-US", "es-US"]
    assert "salió" in step.press("*").press(PIN).says
    assert step.press("0").root.find("Dial/Number") is not None
