"""Where a push may be connected to, how it is signed, and what an endpoint that hangs costs."""

import asyncio
from base64 import b64decode
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from tests.receiver import receiving
from watchword.core.errors import WatchwordError
from watchword.delivery.channels.push.client import PushProvider
from watchword.delivery.channels.push.networks import is_allowed, parse_networks
from watchword.delivery.channels.push.signing import message_id, signed_headers
from watchword.delivery.records import Outbound, Refused, Result, Unknown

INSIDE = [
    *("127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1"),  # noqa: S104
    *("169.254.169.254", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
    *("::1", "::", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1"),
    "::ffff:127.0.0.1",  # an IPv4 address, written as IPv6
    "::127.0.0.1",  # likewise, in the old way
    "64:ff9b::7f00:1",  # through a NAT64 gateway
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",  # through a 6to4 relay
    "2002:0a00:0001::1",
]


@pytest.mark.parametrize("address", INSIDE)
def test_nothing_inside_is_connected_to(address: str) -> None:
    assert not is_allowed(address, ())


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "2606:2800:21f:cb07::1", "::ffff:93.184.215.14", "64:ff9b::5db8:d70e"]
)
def test_public_addresses_are(address: str) -> None:
    assert is_allowed(address, ())


def test_the_office_may_name_networks_of_its_own() -> None:
    networks = parse_networks("10.20.0.0/16, fd00:20::/32")
    assert is_allowed("10.20.3.4", networks)
    assert is_allowed("::ffff:10.20.3.4", networks)
    assert is_allowed("fd00:20::7", networks)
    assert not is_allowed("10.21.3.4", networks)
    with pytest.raises(WatchwordError, match="WATCHWORD_PUSH_NETWORKS"):
        parse_networks("10.20.0.0/33")


def test_a_push_is_signed_as_the_specification_has_it() -> None:
    """The vector of the published libraries' own tests."""
    key = b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = signed_headers("msg_p5jXN8AQM9LWM0D4loKWxJek", at, body, [key])
    assert headers["webhook-timestamp"] == "1614265330"
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(
    st.integers(0, 2**63 - 1),
    st.text(max_size=50),
    st.lists(st.binary(min_size=24, max_size=64), min_size=1, max_size=3),
)
def test_every_key_alone_verifies_whatever_is_pushed(delivery: int, body: str, keys: list[bytes]) -> None:
    headers = signed_headers(message_id(delivery, datetime.now(UTC)), datetime.now(UTC), body.encode(), keys)
    assert "." not in headers["webhook-id"]
    for key in keys:
        Webhook(key).verify(body, dict(headers), json_parse=False)


def test_a_number_that_a_restored_database_gives_out_again_is_no_repeat() -> None:
    first, second = datetime(2026, 3, 1, 12, tzinfo=UTC), datetime(2026, 3, 1, 12, 0, 0, 1, tzinfo=UTC)
    assert message_id(7, first) == message_id(7, first)
    assert len({message_id(7, first), message_id(7, second), message_id(8, first)}) == 3


def test_an_endpoint_that_hangs_is_left_alone_for_a_while_and_others_are_not() -> None:
    async def go(hanging: str, other: str) -> list[Result]:
        provider = PushProvider(slots=2, timeout_seconds=0.3, networks=parse_networks("127.0.0.0/8"))
        await provider.open()
        try:
            return [await provider.send(push(url)) for url in (hanging, hanging, other, hanging)]
        finally:
            await provider.close()

    with receiving() as hanging, receiving() as other:
        hanging.will("hang")
        first, second, _, fourth = asyncio.run(go(hanging.url, other.url))
        assert first == Unknown(code="TimeoutError", of_address=True)
        assert second == fourth == Refused(code="resting", permanent=False, of_address=True)
        assert len(other.taken) == len(hanging.taken) == 1


def push(url: str) -> Outbound:
    return Outbound(
        delivery=7,
        reference=UUID(int=7),
        channel="push",
        provider="push",
        urgent=True,
        to="harbor-shelter/4711",
        url=url,
        body="{}",
        message_id="msg_x",
        signing_keys=(b"k" * 32,),
    )
