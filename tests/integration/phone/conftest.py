"""A carrier for the line's tests, whose webhooks are our web server: calls go over two sockets, as they do in life."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.county import County
from tests.deliveries import Carrier, carrier_process
from tests.integration.delivery.conftest import drain as drain

OUR_NUMBER, OFFICE = "+12025550198", "+12025550199"
CALLER = "+12025550147"

Dial = Callable[..., list[str]]


@pytest.fixture(scope="session")
def _line_carrier() -> Iterator[Carrier]:
    with carrier_process() as carrier:
        yield carrier


@pytest.fixture
def carrier(_line_carrier: Carrier, live_server: Any, settings: Any) -> Carrier:
    """The carrier, empty, whose webhooks are our web server."""
    _line_carrier.reset()
    settings.WATCHWORD = _line_carrier.settings(
        public_url=live_server.url, office_phone=OFFICE, text_from=OUR_NUMBER, voice_from=OUR_NUMBER
    )
    line = {
        "message_url": f"{live_server.url}/webhooks/carrier/message",
        "voice_url": f"{live_server.url}/phone/inbound",
    }
    _line_carrier.ask("PUT", f"lines/{OUR_NUMBER}", **line)
    return _line_carrier


@pytest.fixture
def dial(carrier: Carrier) -> Dial:
    """Somebody calls the line and presses these keys, a group for each question; what was said to them."""

    def call(*keys: str, caller: str = CALLER) -> list[str]:
        asked = {"to": OUR_NUMBER, "keys": list(keys)}
        sid = carrier.ask("POST", f"phones/{caller}/calls", **asked)["sid"]
        carrier.settle()
        lines = carrier.ask("GET", f"calls/{sid}")["transcript"]
        assert not [line["text"] for line in lines if line["kind"] in ("note", "unheard")]
        return [line["text"] for line in lines if line["kind"] in ("said", "dialled")]

    return call


@pytest.fixture
def harbor(carrier: Carrier, county: County) -> County:
    """A county whose calls can be made."""
    return county
