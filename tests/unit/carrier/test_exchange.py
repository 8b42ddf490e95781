"""What the exchange knows before anything was sent."""

import asyncio

import pytest

from watchword.carrier.exchange import Exchange, NotPossible

PHONE, OWN = "+12025550147", "+12025550100"


def called(own_number: str) -> str:
    """Whom a phone calls that nobody has reached yet, in an exchange that has forgotten everything."""

    async def ask() -> str:
        exchange = Exchange("AC0", "secret", "http://127.0.0.1:1", own_number=own_number)
        await exchange.reset()
        await exchange.webhooks.close()
        return exchange.reached_by(PHONE)

    return asyncio.run(ask())


def test_a_phone_that_nobody_has_reached_calls_the_customers_own_number() -> None:
    assert called(OWN) == OWN


def test_without_one_it_must_be_named() -> None:
    with pytest.raises(NotPossible):
        called("")
