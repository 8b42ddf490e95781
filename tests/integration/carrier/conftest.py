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
    listening.do("POST", "/reset")
    listening.answers.clear()
    listening.heard.clear()
    return listening
