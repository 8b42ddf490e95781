"""The code goes by a running worker and a carrier to a phone, and from there into the page."""

import re
from collections.abc import Iterator

import pytest

from tests.county import County
from tests.deliveries import Carrier, carrier_process, until, worker_process
from tests.integration.registrants.asking.people import held
from tests.integration.site.sign_up.walking import signed_up
from watchword.registrants.models import Registration

PHONE = "+12025550123"


@pytest.fixture(scope="module")
def carrier() -> Iterator[Carrier]:
    with carrier_process() as carrier:
        yield carrier


@pytest.mark.django_db(transaction=True)
def test_the_code_that_a_phone_gets_registers_whoever_types_it_and_the_phone_is_told(
    county: County, carrier: Carrier
) -> None:
    held(county)
    walk = signed_up(county)
    worker = worker_process(carrier, drain=False)
    try:
        until(lambda: texts(carrier))
        (code,) = re.findall(r"\b\d{6}\b", texts(carrier)[0])
        walk.answer(code=code)
        assert Registration.objects.get().state == "active"
        until(lambda: len(texts(carrier)) > 1)
    finally:
        worker.terminate()
        worker.wait()


def texts(carrier: Carrier) -> list[str]:
    said = carrier.ask("GET", f"phones/{PHONE}/texts")["texts"]
    return [text["body"] for text in said if text["direction"] != "inbound"]
