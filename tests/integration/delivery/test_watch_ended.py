"""The worker finds the notice of a watch that ended, and sends it without haste."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.county import County
from tests.deliveries import Carrier
from tests.integration.notices.test_writing import active
from watchword.core.clock import now
from watchword.delivery.models import Delivery
from watchword.notices import jobs
from watchword.notices.models import Wording
from watchword.registrants.models import Registration


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("language", "first", "then"),
    [
        (
            "en",
            "We watched for the person you asked about (number 2001) until ",
            "We no longer watch for them.",
        ),
        ("es", "Hasta el ", "si aparecía la persona por la que usted preguntó (número 2001)"),
    ],
)
def test_the_end_of_a_watch_is_planned_and_sent_as_routine(
    carrier: Carrier,
    drain: Callable[[], None],
    county: County,
    settings: Any,
    language: str,
    first: str,
    then: str,
) -> None:
    settings.WATCHWORD = carrier.settings(routine_rung_minutes=0)
    active(person_key="2001", watch=True, language=language)
    Registration.objects.update(watch_ends_at=now() - timedelta(hours=1))
    jobs.end_watches(timestamp=0)
    drain()
    assert [len(carrier.log(kind)) for kind in ("text", "mail", "call")] == [1, 1, 1]
    assert set(Delivery.objects.values_list("channel", "urgent")) == {
        ("text", False),
        ("email", False),
        ("voice", False),
    }
    for said in Wording.objects.filter(channel__in=["email", "voice"]).values_list("body", flat=True):
        assert said.startswith(first)
        assert then in said
