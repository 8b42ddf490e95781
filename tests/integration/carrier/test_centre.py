"""The message centre, as a client that is not ours sees it: texts to the phones, receipts, replies, and faults."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import smpp34

from tests.integration.carrier.customer import OUR_NUMBER, PHONE, Customer

ORDINARY = {"source_addr_ton": 1, "source_addr_npi": 1, "dest_addr_ton": 1, "dest_addr_npi": 1}


def bound(customer: Customer, act: Callable[[smpp34.Smsc], Awaitable[Any]]) -> Any:
    """What `act` makes of a bind to the carrier."""

    async def play() -> Any:
        client = smpp34.Client("127.0.0.1", customer.carrier.smpp_port, "office", "secret")
        bind = await client.connect()
        try:
            return await act(bind)
        finally:
            await bind.unbind()

    return asyncio.run(play())


async def sent(bind: smpp34.Smsc, body: bytes = b"You have a message", **more: Any) -> smpp34.SubmitSmResp:
    return await bind.submit_sm(
        PHONE[1:], body, source_addr=OUR_NUMBER[1:], **(ORDINARY | {"registered_delivery": 1} | more)
    )


async def heard(bind: smpp34.Smsc) -> smpp34.DeliverSmEvent:
    async with asyncio.timeout(20):
        event = await bind.next()
    assert isinstance(event, smpp34.DeliverSmEvent)
    return event


def test_a_text_reaches_the_phone_and_its_receipt_names_the_id_that_it_was_given(customer: Customer) -> None:
    async def act(bind: smpp34.Smsc) -> None:
        answer = await sent(bind)
        receipt = await heard(bind)
        assert answer.is_success
        assert receipt.esm_class == 0x04
        assert receipt.short_message.startswith(f"id:{answer.message_id} ".encode())
        assert b"stat:DELIVRD" in receipt.short_message
        assert (receipt.source_addr, receipt.destination_addr) == (PHONE[1:], OUR_NUMBER[1:])

    bound(customer, act)
    assert customer.texts() == ["You have a message"]


def test_a_long_text_is_one_on_the_phone_and_each_part_has_its_receipt(customer: Customer) -> None:
    async def act(bind: smpp34.Smsc) -> None:
        header = [bytes([5, 0, 3, 7, 2, number]) for number in (1, 2)]
        words = ["ó" * 60, "and the rest"]
        answers = [
            await sent(bind, header[at] + words[at].encode("utf_16_be"), esm_class=0x40, data_coding=8)
            for at in (1, 0)
        ]
        receipts = [(await heard(bind)).short_message.split()[0] for _ in answers]
        assert set(receipts) == {f"id:{answer.message_id}".encode() for answer in answers}

    bound(customer, act)
    assert customer.texts() == ["ó" * 60 + "and the rest"]


def test_what_the_phone_answers_comes_over_the_bind(customer: Customer) -> None:
    customer.set_phone(texts={"reply": "482913"})

    async def act(bind: smpp34.Smsc) -> None:
        await sent(bind, registered_delivery=0)
        reply = await heard(bind)
        assert (reply.esm_class, reply.short_message, reply.source_addr) == (0, b"482913", PHONE[1:])

    bound(customer, act)
    assert not customer.told("/webhooks/carrier/message")


@pytest.mark.parametrize(
    ("kind", "state"),
    [("undelivered", b"stat:UNDELIV"), ("failed", b"stat:REJECTD"), ("deliver", b"stat:DELIVRD")],
)
def test_a_phone_does_as_it_was_set(customer: Customer, kind: str, state: bytes) -> None:
    customer.set_phone(texts={"kind": kind})

    async def act(bind: smpp34.Smsc) -> None:
        await sent(bind)
        assert state in (await heard(bind)).short_message

    bound(customer, act)


@pytest.mark.parametrize(("kind", "status"), [("invalid", 0x0B), ("landline", 0x0B), ("opted_out", 0x45)])
def test_a_number_that_takes_no_texts_is_refused(customer: Customer, kind: str, status: int) -> None:
    customer.set_phone(texts={"kind": kind})
    assert bound(customer, sent).command_status == status


@pytest.mark.parametrize(("kind", "status"), [("server_error", 0x08), ("too_many", 0x58), ("refused", 0x45)])
def test_it_refuses_when_it_is_told_to_and_then_takes_texts_again(
    customer: Customer, kind: str, status: int
) -> None:
    customer.do("POST", "/faults", {"api": "smpp", "kind": kind})

    async def act(bind: smpp34.Smsc) -> list[int]:
        return [(await sent(bind)).command_status, (await sent(bind)).command_status]

    assert bound(customer, act) == [status, 0]
    assert len(customer.texts()) == 1


@pytest.mark.parametrize(
    ("kind", "words"), [("unknown_word", b"stat:EVAPORATED"), ("unknown_id", b"id:" + b"0" * 32)]
)
def test_a_receipt_can_have_a_word_or_an_id_that_nobody_knows(
    customer: Customer, kind: str, words: bytes
) -> None:
    customer.do("POST", "/faults", {"api": "callbacks", "kind": kind})

    async def act(bind: smpp34.Smsc) -> None:
        await sent(bind)
        assert words in (await heard(bind)).short_message

    bound(customer, act)


def test_it_can_be_cut_off_after_it_took_a_text_or_be_away(customer: Customer) -> None:
    customer.do("POST", "/faults", {"api": "smpp", "kind": "cut"})

    async def cut_off() -> None:
        client = smpp34.Client("127.0.0.1", customer.carrier.smpp_port, "office", "secret")
        bind = await client.connect()
        with pytest.raises(smpp34.SmppError):
            await sent(bind)

    asyncio.run(cut_off())
    assert len(customer.texts()) == 1
