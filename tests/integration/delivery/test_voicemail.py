"""A machine takes the call and begins to record: which calls are sent to the words for it, and which are left alone."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode
from uuid import UUID, uuid4

import pytest

from tests.county import County
from tests.deliveries import NOWHERE, planned, release
from tests.receiver import Receiver, receiving
from watchword.delivery import voicemail
from watchword.delivery.links import Links
from watchword.delivery.models import Attempt, Delivery
from watchword.registrants.models import ContactPoint

pytestmark = pytest.mark.django_db

BEEP = {"CallSid": "CA1", "AnsweredBy": "machine_end_beep"}


@pytest.fixture
def carrier(settings: Any) -> Iterator[Receiver]:
    """Whoever is asked to go on with another document."""
    with receiving() as receiver:
        settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"carrier_url": receiver.url})
        yield receiver


@pytest.fixture
def reference(county: County) -> UUID:
    """A call that is under way."""
    planned(release(county), 1, ["voice"])
    attempt = Attempt.objects.create(delivery=Delivery.objects.get(), reference=uuid4(), number=1)
    return attempt.reference


def told(reference: UUID | None, form: dict[str, str], provider: str = "twilio") -> None:
    voicemail.begin(provider, "call", urlencode(form).encode(), reference)


@pytest.mark.parametrize("word", ["machine_end_beep", "machine_end_silence", "machine_end_other"])
def test_a_call_that_a_machine_records_goes_on_with_the_words_for_it(
    carrier: Receiver, reference: UUID, word: str
) -> None:
    told(reference, BEEP | {"AnsweredBy": word})
    [asked] = carrier.taken
    assert asked.path.endswith("/Calls/CA1.json")
    [url] = parse_qs(asked.body)["Url"]
    assert url == Links.here().call(Delivery.objects.get().pk, "voicemail")


def test_a_text_telephone_whose_tones_were_taken_for_a_machine_is_not_cut_off(
    carrier: Receiver, reference: UUID
) -> None:
    ContactPoint.objects.update(tty=True)
    told(reference, BEEP)
    assert not carrier.taken


def test_who_gave_the_pin_and_was_then_taken_for_a_machine_is_not_cut_off(
    carrier: Receiver, reference: UUID
) -> None:
    Attempt.objects.update(call_outcome="confirmed")
    told(reference, BEEP)
    assert not carrier.taken


LEAVE_IT_ALONE = [
    ({"CallSid": "CA1", "AnsweredBy": "human"}, "twilio"),
    ({"CallSid": "CA1", "AnsweredBy": "machine_start"}, "twilio"),  # it greets: nothing is recorded yet
    ({"CallSid": "CA1", "AnsweredBy": "fax"}, "twilio"),
    ({"CallSid": "CA1", "CallStatus": "in-progress"}, "twilio"),
    ({"AnsweredBy": "machine_end_beep"}, "twilio"),  # of which call?
    (BEEP, "smpp"),  # a provider that makes no calls
    (BEEP, "of_former_days"),
]


@pytest.mark.parametrize(("form", "provider"), LEAVE_IT_ALONE)
def test_a_report_that_does_not_say_that_a_machine_records_changes_nothing(
    carrier: Receiver, reference: UUID, form: dict[str, str], provider: str
) -> None:
    told(reference, form, provider)
    assert not carrier.taken


@pytest.mark.parametrize("strange", [None, UUID(int=7)])
def test_a_report_on_a_call_of_nobody_changes_nothing(
    carrier: Receiver, reference: UUID, strange: UUID | None
) -> None:
    told(strange, BEEP)
    assert not carrier.taken


def test_a_carrier_that_does_not_do_so_fails_nothing(reference: UUID, settings: Any) -> None:
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"carrier_url": NOWHERE})
    told(reference, BEEP)
    assert Attempt.objects.get().call_outcome is None
