from collections.abc import Iterator

import pytest

from tests.integration.carrier.customer import Customer, customer_with_carrier


@pytest.fixture(scope="package")
def listening() -> Iterator[Customer]:
    with customer_with_carrier() as customer:
        yield customer


@pytest.fixture
def customer(listening: Customer) -> Customer:
    """A customer of a carrier that knows nothing yet."""
    if not listening.see("")["calls_under_way"]:  # one that still rings would never come to an end
        listening.settle()  # or this test hears of what the one before has left under way
    listening.do("POST", "/reset")
    listening.answers.clear()
    listening.heard.clear()
    return listening
