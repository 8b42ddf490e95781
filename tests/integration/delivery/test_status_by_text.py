"""STATUS and a PIN, by text: told where the contact point may be, and to nobody else."""

import pytest

from tests.county import County
from tests.deliveries import PIN, notices, phone_number, registrants, release
from watchword.audit.models import Entry
from watchword.delivery import replies
from watchword.delivery.models import Attempt, Delivery, PinTry
from watchword.delivery.planning import plan_deliveries
from watchword.registrants.models import Registration

pytestmark = pytest.mark.django_db

PHONE, STRANGER = phone_number(0), "+12025550999"
WRONG = "750318"


def registered(county: County, *, allows_detail: bool, language: str = "en", state: str = "active") -> None:
    (registrant,) = registrants(1, ["text", "email"], language=language, allows_detail=allows_detail)
    notices(release(county), [registrant])
    plan_deliveries()
    for delivery in Delivery.objects.all():
        Attempt.objects.create(delivery=delivery, reference=f"{delivery.pk:032x}", number=1)
    Registration.objects.update(state=state)


@pytest.mark.parametrize(
    "body", [f"STATUS {PIN}", f"status: {PIN[:3]}-{PIN[3:]}", f"Status PIN {PIN}", f"ESTADO {PIN}"]
)
def test_where_details_may_be_in_texts_it_says_what_was_told_last(county: County, body: str) -> None:
    registered(county, allows_detail=True)
    assert replies.answer(PHONE, body).startswith("Ana Example was released")
    assert Entry.objects.filter(action="registration.tell_again").count() == 1


def test_elsewhere_it_says_where_to_hear_it(county: County) -> None:
    registered(county, allows_detail=False)
    said = replies.answer(PHONE, f"STATUS {PIN}")
    assert "call +1" in said
    assert "Ana" not in said
    assert not Entry.objects.filter(action="registration.tell_again").exists()


def test_a_registration_that_may_not_tell_has_no_news(county: County) -> None:
    registered(county, allows_detail=True, state="ended")
    assert replies.answer(PHONE, f"STATUS {PIN}") == "There is no new message for you."


@pytest.mark.parametrize("body", ["STATUS", f"STATUS {WRONG}", f"ESTADO {WRONG}"])
def test_without_the_pin_a_known_number_and_a_strangers_read_the_same(county: County, body: str) -> None:
    registered(county, allows_detail=True, language="es")
    assert replies.answer(PHONE, body) == replies.answer(STRANGER, body)


def test_tries_count_with_all_others(county: County) -> None:
    registered(county, allows_detail=True)
    for _ in range(5):
        replies.answer(PHONE, f"STATUS {WRONG}")
    assert replies.answer(PHONE, f"STATUS {PIN}") == replies.answer(STRANGER, f"STATUS {WRONG}")
    assert PinTry.objects.filter(right=False).count() == 7
