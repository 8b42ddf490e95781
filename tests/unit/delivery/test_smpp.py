"""Parts, alphabets and places of SMPP; no line is opened."""

import asyncio
from uuid import UUID

import pytest
import smpp34
from hypothesis import given
from hypothesis import strategies as st

from watchword.core.segments import segments
from watchword.delivery.channels.smpp.client import account_at
from watchword.delivery.channels.smpp.encoding import decoded, parts, submit_sm, without_header
from watchword.delivery.channels.smpp.webhook import is_receipt, read_text
from watchword.delivery.channels.smpp.window import Window, WindowClosedError
from watchword.delivery.matching import _named

TEXTS = st.text(  # the alphabet's own escape is no character, and is taken out of whatever sources say
    st.one_of(
        st.sampled_from("aZ7 @£\n^{}[]~|€ñü"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\x1b"),
    ),
    min_size=1,
    max_size=700,
)


@given(TEXTS)
def test_a_phone_puts_together_what_was_sent_in_parts(body: str) -> None:
    """As a phone does it: headers off, octets joined in their order, then read in the coding that was named."""
    sent = list(parts(body, 0xA7))
    assert len(sent) == segments(body)
    octets, codings = b"", set()
    for number, (esm_class, coding, message) in enumerate(sent, start=1):
        assert len(message) <= (160 if coding == 0 else 140)
        part, rest = without_header(message) if esm_class & 0x40 else (None, message)
        assert (part is None) == (len(sent) == 1)
        if part is not None:
            assert (part.reference, part.total, part.number) == (0xA7, len(sent), number)
        octets += rest
        codings.add(coding)
    assert len(codings) == 1
    assert decoded(octets, codings.pop()) == body


@given(st.binary(max_size=300), st.integers(0, 255), st.integers(0, 255))
def test_no_text_that_comes_is_beyond_reading(octets: bytes, coding: int, esm_class: int) -> None:
    raw = smpp34.DeliverSm(
        "12025550123", "1", octets[:254], data_coding=coding, esm_class=esm_class & ~0x3C
    ).encode()
    assert not is_receipt(raw)
    text = read_text(raw)
    assert 1 <= text.part.number <= text.part.total
    assert isinstance(decoded(text.octets, text.data_coding), str)


@given(st.binary(max_size=80))
def test_whatever_makes_no_sense_is_kept_as_a_receipt(octets: bytes) -> None:
    assert is_receipt(octets)


def test_words_that_look_like_a_receipt_are_a_text_when_a_phone_sends_them() -> None:
    forged = smpp34.DeliverSm("12025550123", "1", b"id:m1 sub:001 dlvrd:000 stat:UNDELIV err:001")
    assert not is_receipt(forged.encode())


@pytest.mark.parametrize(
    ("sender", "address", "ton", "npi"),
    [("+12025550100", "12025550100", 1, 1), ("22395", "22395", 3, 0), ("Office", "Office", 5, 0)],
)
def test_our_own_address_goes_with_its_type(sender: str, address: str, ton: int, npi: int) -> None:
    message = smpp34.decode(submit_sm(sender, "+12025550123", (0, 0, b"hello"), with_receipt=True))
    assert isinstance(message, smpp34.SubmitSm)
    assert (message.source_addr, message.source_addr_ton, message.source_addr_npi) == (address, ton, npi)
    assert (message.destination_addr, message.dest_addr_ton, message.dest_addr_npi) == ("12025550123", 1, 1)
    assert message.registered_delivery == 1


@pytest.mark.parametrize(
    ("url", "port", "is_tls"),
    [
        ("smpp://office:secret@centre.example.org", 2775, False),
        ("smpps://office:secret@centre.example.org", 3550, True),
        ("smpps://office:p%40ss@centre.example.org:9000", 9000, True),
    ],
)
def test_an_account_is_read_from_its_address(url: str, port: int, is_tls: bool) -> None:
    account = account_at(url)
    assert (account.host, account.port, account.is_tls) == ("centre.example.org", port, is_tls)
    assert account.password in ("secret", "p@ss")


A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)


@pytest.mark.parametrize(
    ("told", "means"),
    [
        ("1a2b", A),
        ("6699", A),  # 0x1a2b
        ("0000006699", A),
        ("m2", B),
        ("77", C),  # as it stands, though 0x4d is 77 too
        ("m3", None),
        ("²", None),
        ("", None),
    ],
)
def test_an_id_is_known_again_in_another_notation(told: str, means: UUID | None) -> None:
    known = [(A, "1a2b"), (B, "m1 m2"), (A, "4d"), (C, "77"), (A, None)]
    assert _named(told, known) == means


async def settle() -> None:
    """Let everything run that can."""
    for _ in range(5):
        await asyncio.sleep(0)


def test_urgent_words_have_places_of_their_own_and_go_first() -> None:
    async def act() -> None:
        window = Window(10)
        entered: list[bool] = []

        async def enter(urgent: bool) -> None:
            await window.enter(urgent=urgent)
            entered.append(urgent)

        waiting = [asyncio.create_task(enter(False)) for _ in range(20)]
        await settle()
        assert (window.taken, len(entered)) == (8, 8)
        waiting += [asyncio.create_task(enter(True)) for _ in range(4)]
        await settle()
        assert (window.taken, entered.count(True)) == (10, 2)
        for _ in range(2):
            window.leave(urgent=False)
        await settle()
        assert (window.taken, entered.count(True), entered.count(False)) == (10, 4, 8)
        window.close()
        ended = await asyncio.gather(*waiting, return_exceptions=True)
        assert sum(isinstance(each, WindowClosedError) for each in ended) == 12

    asyncio.run(act())


def test_nobody_enters_while_the_window_pauses_and_somebody_does_afterwards() -> None:
    async def act() -> None:
        window = Window(10)
        window.pause(0.05)
        entering = asyncio.create_task(window.enter(urgent=True))
        await settle()
        assert window.taken == 0
        await entering
        assert window.taken == 1

    asyncio.run(act())


def test_who_gives_up_waiting_takes_no_place() -> None:
    async def act() -> None:
        window = Window(2)
        await window.enter(urgent=False)
        waiting = asyncio.create_task(window.enter(urgent=False))
        await settle()
        waiting.cancel()
        await settle()
        window.leave(urgent=False)
        assert window.taken == 0
        await window.enter(urgent=False)

    asyncio.run(act())
