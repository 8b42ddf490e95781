"""Texts over an SMPP bind, against a message centre on a real socket."""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import smpp34
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings as django_settings
from django.db import DatabaseError

from tests.centre import PHONE, Centre, Submitted, message_centre, receipt, words
from tests.county import County
from tests.deliveries import PIN, Carrier, planned, release, worker_process
from watchword.delivery import incoming, receipts, testing
from watchword.delivery.channels.registry import KINDS, routes
from watchword.delivery.channels.smpp import places
from watchword.delivery.channels.smpp.client import SmppProvider
from watchword.delivery.channels.smpp.encoding import submit_sm
from watchword.delivery.channels.smpp.pdu import (
    DELIVER_SM_RESP,
    ENQUIRE_LINK,
    ENQUIRE_LINK_RESP,
    UNBIND,
    numbered,
    pdu,
)
from watchword.delivery.channels.smpp.session import Account, BindError, Session
from watchword.delivery.models import Attempt, Delivery, IncomingText, Receipt, TestMessage
from watchword.delivery.records import Accepted, Outbound, Refused, Unknown
from watchword.delivery.worker import Worker
from watchword.notices.models import Notice
from watchword.registrants.models import ContactPoint
from watchword.registrants.queries import address_of

pytestmark = pytest.mark.django_db(transaction=True)

BODY = "You have a message."
MESSAGE = submit_sm("+12025550100", f"+{PHONE}", (0, 0, BODY.encode()), with_receipt=True)


def use(centre: Centre, settings: Any, **others: Any) -> None:
    """Make this centre the office's provider of texts."""
    changed = {
        "smpp_url": f"smpp://office:secret@127.0.0.1:{centre.port}",
        "text_providers": "smpp",
        "settle_seconds": 0.2,
        "provider_timeout_seconds": 5,
    }
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update=changed | others)


@asynccontextmanager
async def opened(settings: Any) -> Any:
    provider = KINDS["smpp"].make(settings.WATCHWORD)
    await provider.open()
    try:
        yield provider
    finally:
        await provider.close()


def text(body: str = BODY, *, urgent: bool = True) -> Outbound:
    return Outbound(
        delivery=1,
        reference=uuid4(),
        channel="text",
        provider="smpp",
        urgent=urgent,
        to=f"+{PHONE}",
        body=body,
    )


def with_centre(act: Callable[[Centre], Awaitable[None]]) -> None:
    async def play() -> None:
        async with message_centre() as centre:
            await act(centre)

    asyncio.run(play())


def drained(settings: Any, prepare: Callable[[Centre], None], **others: Any) -> Centre:
    """Send all that is due through a centre that was prepared so."""
    kept: list[Centre] = []

    async def act(centre: Centre) -> None:
        kept.append(centre)
        prepare(centre)
        use(centre, settings, **others)
        await Worker(routes()).work(drain=True)

    with_centre(act)
    return kept[0]


def states() -> dict[str, int]:
    found: dict[str, int] = {}
    for state in Delivery.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def phone_of(submitted: Submitted) -> str:
    return submitted.message.destination_addr


# --- the window


def test_the_window_is_kept_full_and_never_exceeded(county: County, settings: Any) -> None:
    planned(release(county), 60)
    waiting: list[Submitted] = []

    def prepare(centre: Centre) -> None:
        def answer_ten_at_once(submitted: Submitted) -> None:
            waiting.append(submitted)
            if len(waiting) == 10:
                for each in waiting:
                    centre.accept(each)
                waiting.clear()

        centre.on_submit = answer_ten_at_once

    centre = drained(settings, prepare)
    assert states() == {"handed_over": 60}
    assert (centre.most_outstanding, len(centre.submitted), centre.most_binds) == (10, 60, 1)


def test_a_bind_lost_in_the_middle_of_a_window_leaves_those_in_it_unknown_and_loses_none(
    county: County, settings: Any
) -> None:
    planned(release(county), 100)
    in_the_window: list[Submitted] = []

    def prepare(centre: Centre) -> None:
        def cut_once(submitted: Submitted) -> None:
            if len(centre.submitted) <= 60 or len(centre.binds) > 1:
                centre.accept(submitted)
                return
            in_the_window.append(submitted)
            if len(in_the_window) == 10:
                submitted.bind.cut()

        centre.on_submit = cut_once

    drained(settings, prepare)
    lost = {f"+{phone_of(each)}" for each in in_the_window}
    unknown = Attempt.objects.filter(outcome="unknown")
    assert unknown.count() == len(lost) == 10
    assert set(unknown.values_list("error", flat=True)) == {"disconnected"}
    assert states() == {"handed_over": 100}
    assert Delivery.objects.filter(repeat=True).count() == 10
    assert set(Delivery.objects.filter(repeat=True)) == {each.delivery for each in unknown}


def test_a_centre_that_is_asked_for_too_much_gets_it_later(county: County, settings: Any) -> None:
    planned(release(county), 12)

    def prepare(centre: Centre) -> None:
        def throttle(submitted: Submitted) -> None:
            if centre.submitted.index(submitted) == 10:
                submitted.answer(status=0x58)
            else:
                centre.accept(submitted)

        centre.on_submit = throttle

    drained(settings, prepare)
    assert states() == {"handed_over": 11, "retry_wait": 1}
    assert Delivery.objects.get(state="retry_wait").last_error == "ESME_RTHROTTLED"


def test_what_is_answered_late_keeps_its_place_until_then() -> None:
    async def act(centre: Centre) -> None:
        session = await session_with(centre, timeout_seconds=0.1)
        centre.on_submit = lambda submitted: None
        assert await session.submit(MESSAGE, urgent=True) == Unknown(code="time_out")
        assert session.window.taken == 1
        centre.submitted[0].answer(message_id="m1")
        async with asyncio.timeout(30):
            while session.window.taken:
                await asyncio.sleep(0.01)
        assert not session.over.is_set()
        await session.unbind()

    with_centre(act)


def test_a_bind_that_answers_nothing_any_more_is_given_up() -> None:
    async def act(centre: Centre) -> None:
        session = await session_with(centre, timeout_seconds=0.1)
        centre.on_submit = lambda submitted: None
        results = await asyncio.gather(*(session.submit(MESSAGE, urgent=False) for _ in range(8)))
        assert results == [Unknown(code="time_out")] * 8
        assert session.over.is_set()
        await session.unbind()

    with_centre(act)


# --- the bind


def test_what_was_under_way_is_unknown_when_the_centre_unbinds_and_the_rest_goes_over_the_next_bind(
    settings: Any,
) -> None:
    async def act(centre: Centre) -> None:
        use(centre, settings)

        def unbind_once(submitted: Submitted) -> None:
            if len(centre.binds) > 1:
                centre.accept(submitted)
            elif len(centre.submitted) == 10:
                submitted.bind.write(pdu(UNBIND, 1))

        centre.on_submit = unbind_once
        async with opened(settings) as provider:
            results = await asyncio.gather(*(provider.send(text()) for _ in range(15)))
        assert results[:10] == [Unknown(code="unbound")] * 10
        assert all(isinstance(each, Accepted) for each in results[10:])

    with_centre(act)


def test_a_centre_that_refuses_the_bind_got_nothing_and_its_word_is_kept(settings: Any) -> None:
    async def act(centre: Centre) -> None:
        use(centre, settings)
        centre.bind_status = 0x0E
        async with opened(settings) as provider:
            assert await provider.send(text()) == Refused(code="ESME_RINVPASWD", permanent=False)
        assert not centre.submitted

    with_centre(act)


def test_of_two_workers_one_has_the_bind_and_the_other_takes_it_over(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "_LOOK_SECONDS", 0.05)

    async def act(centre: Centre) -> None:
        use(centre, settings)
        first = KINDS["smpp"].make(settings.WATCHWORD)
        await first.open()
        assert isinstance(await first.send(text()), Accepted)
        async with opened(settings) as second:
            assert await second.send(text()) == Refused(code="no_bind", permanent=False)
            assert (first.slots, second.slots) == (20, 0)
            await first.close()
            async with asyncio.timeout(30):
                while not second.slots:
                    await asyncio.sleep(0.02)
            assert isinstance(await second.send(text()), Accepted)
        assert (centre.most_binds, len(centre.binds)) == (1, 2)

    with_centre(act)


def test_a_worker_without_the_bind_leaves_the_texts_to_the_one_that_has_it(
    county: County, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "_LOOK_SECONDS", 0.05)
    planned(release(county), 20)

    async def act(centre: Centre) -> None:
        use(centre, settings)
        async with opened(settings) as other:
            await other.send(text())
            working = asyncio.create_task(Worker(routes()).work(drain=True))
            # It looks for texts meanwhile, more than once.
            await asyncio.wait([working], timeout=1.5)
            assert len(centre.submitted) == 1
        await working

    with_centre(act)
    assert states() == {"handed_over": 20}
    assert set(Attempt.objects.values_list("number", "outcome")) == {(1, "accepted")}


def test_a_worker_that_is_killed_leaves_its_bind_to_the_next_and_no_text_is_lost(
    county: County, settings: Any
) -> None:
    planned(release(county), 40)

    async def act(centre: Centre) -> None:
        use(centre, settings)
        centre.on_submit = lambda submitted: None
        worker = worker_process(
            Carrier(1, 1, 1),
            drain=False,
            WATCHWORD_SMPP_URL=settings.WATCHWORD.smpp_url,
            WATCHWORD_TEXT_PROVIDERS="smpp",
        )
        try:
            await centre.until(lambda: len(centre.submitted) == 10)
        finally:
            worker.kill()
            worker.wait()
        centre.on_submit = centre.accept
        await Worker(routes()).work(drain=True)
        assert centre.most_binds == 1

    with_centre(act)
    assert states() == {"handed_over": 40}
    # The window's ten may have gone out; as many more were claimed and nobody can say.
    assert (
        Delivery.objects.filter(repeat=True).count()
        == Attempt.objects.filter(outcome="unknown").count()
        == 20
    )


def test_as_many_workers_bind_as_the_carrier_allows(settings: Any) -> None:
    async def act(centre: Centre) -> None:
        use(centre, settings, smpp_binds=2)
        async with opened(settings) as first, opened(settings) as second:
            assert isinstance(await first.send(text()), Accepted)
            assert isinstance(await second.send(text()), Accepted)
            async with opened(settings) as third:
                assert await third.send(text()) == Refused(code="no_bind", permanent=False)
        assert centre.most_binds == 2

    with_centre(act)


async def session_with(centre: Centre, **others: Any) -> Session:
    async def store(raws: object) -> int:
        return 0

    account = Account(host="127.0.0.1", port=centre.port, is_tls=False, user="office", password="secret")
    options: dict[str, Any] = {"window": 10, "timeout_seconds": 5, "store": store, "on_end": lambda: None}
    return await Session.bind(account, **(options | others))


def test_a_silent_line_is_kept_alive_and_a_dead_one_is_given_up() -> None:
    async def act(centre: Centre) -> None:
        session = await session_with(centre, enquire_seconds=0.02, timeout_seconds=0.5)
        await centre.until(lambda: centre.binds[0].enquiries >= 3)
        assert not session.over.is_set()
        centre.answers_enquiries = False
        async with asyncio.timeout(30):
            await session.over.wait()
        await session.unbind()

    with_centre(act)


def test_a_bind_that_ends_answers_what_is_under_way_first() -> None:
    async def act(centre: Centre) -> None:
        session = await session_with(centre)
        centre.on_submit = lambda submitted: None
        sending = asyncio.create_task(session.submit(MESSAGE, urgent=True))
        await centre.until(lambda: bool(centre.submitted))
        leaving = asyncio.create_task(session.unbind())
        await asyncio.sleep(0)
        centre.submitted[0].answer(message_id="m1")
        await leaving
        assert await sending == Accepted(provider_id="m1")

    with_centre(act)


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    at = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, private = tmp_path / "certificate.pem", tmp_path / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate, private


@pytest.mark.parametrize("is_trusted", [True, False])
def test_a_centre_with_tls_is_bound_to_only_if_its_certificate_is_trusted(
    settings: Any, certificate: tuple[Path, Path], is_trusted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))

    async def play() -> None:
        async with message_centre(tls=certificate) as centre:
            use(centre, settings, smpp_url=f"smpps://office:secret@localhost:{centre.port}")
            async with opened(settings) as provider:
                result = await provider.send(text())
        expected = Accepted(provider_id="m0") if is_trusted else Refused(code="unreachable", permanent=False)
        assert result == expected

    asyncio.run(play())


# --- receipts


def test_a_receipt_that_comes_before_the_answer_is_not_lost(county: County, settings: Any) -> None:
    planned(release(county), 5)
    telling: list[asyncio.Task[None]] = []

    def prepare(centre: Centre) -> None:
        def report_first(submitted: Submitted) -> None:
            number = centre.submitted.index(submitted)

            async def tell() -> None:
                # Acknowledged, so stored, before we know of the message.
                assert await submitted.bind.tell(receipt(f"m{number}", phone=phone_of(submitted))) == 0
                submitted.answer(message_id=f"m{number}")

            telling.append(asyncio.ensure_future(tell()))

        centre.on_submit = report_first

    drained(settings, prepare)
    receipts.read_unread()
    assert states() == {"delivered": 5}
    assert Receipt.objects.filter(applied=True, word="DELIVRD").count() == 5


def handed_over(county: County, settings: Any, **contact: Any) -> tuple[Notice, str]:
    """A notice that was texted, and the id that the centre gave it."""
    [notice] = planned(release(county), 1, **contact)
    drained(settings, lambda centre: None)
    delivery = Delivery.objects.get(notice=notice)
    assert delivery.provider_id
    return notice, delivery.provider_id


def phone_at(notice: Notice) -> str:
    return address_of(Delivery.objects.get(notice=notice).contact_point).removeprefix("+")


def came(*messages: smpp34.DeliverSm) -> list[incoming.Reply]:
    """What a bind does with these: keep, then work off."""
    incoming.keep("smpp", [each.encode() for each in messages])
    return incoming.work_off("smpp")


@pytest.mark.parametrize(
    ("stat", "state"),
    [
        ("DELIVRD", "delivered"),
        ("UNDELIV", "retry_wait"),
        ("ENROUTE", "handed_over"),
        ("UNKNOWN", "handed_over"),
    ],
)
def test_a_receipt_moves_the_delivery_that_it_is_about(
    county: County, settings: Any, stat: str, state: str
) -> None:
    notice, provider_id = handed_over(county, settings)
    for _ in range(2):  # they come twice, too
        came(receipt(provider_id, stat, phone_at(notice)))
    assert states() == {state: 1}
    attempt = Attempt.objects.get()
    assert set(Receipt.objects.values_list("reference", "provider_id")) == {(attempt.reference, provider_id)}


def test_a_receipt_for_another_phone_moves_nothing(county: County, settings: Any) -> None:
    _, provider_id = handed_over(county, settings)
    came(receipt(provider_id, phone="12025550999"))
    assert states() == {"handed_over": 1}
    assert Receipt.objects.get().word == ""


def test_what_stays_unknown_is_read_for_the_last_time_after_a_while(county: County, settings: Any) -> None:
    notice, _ = handed_over(county, settings)
    came(receipt("nobodys", phone=phone_at(notice)))
    Receipt.objects.update(received_at=datetime.now(UTC) - timedelta(minutes=11))
    receipts.read_unread()
    assert Receipt.objects.get().word == "DELIVRD"
    assert receipts.read_unread() == 0
    assert states() == {"handed_over": 1}


def test_a_text_in_parts_has_arrived_when_all_of_them_have(county: County, settings: Any) -> None:
    notice, provider_id = handed_over(county, settings, allows_detail=True)
    parts = provider_id.split()
    assert len(parts) > 1
    for part in parts[1:]:
        came(receipt(part, phone=phone_at(notice)))
        came(receipt(part, phone=phone_at(notice)))
        assert states() == {"handed_over": 1}
    came(receipt(parts[0], phone=phone_at(notice)))
    assert states() == {"delivered": 1}


def test_a_canary_is_known_to_have_arrived_by_its_receipt(settings: Any) -> None:
    settings.WATCHWORD = settings.WATCHWORD.model_copy(
        update={"canary": {"text": f"+{PHONE}"}, "text_providers": "smpp"}
    )
    assert testing.request_canaries() == 1
    drained(settings, lambda centre: None)
    canary = TestMessage.objects.get()
    assert (canary.outcome, canary.provider_id, canary.delivered_at) == ("accepted", "m0", None)
    came(receipt("m0"))
    canary.refresh_from_db()
    assert canary.delivered_at is not None


# --- texts from phones


def test_nothing_is_acknowledged_before_it_is_stored(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()
    keep = incoming.keep

    def keep_when_told(*args: Any) -> None:
        go_on.wait(30)
        keep(*args)

    monkeypatch.setattr(incoming, "keep", keep_when_told)

    async def act(centre: Centre) -> None:
        use(centre, settings)
        async with opened(settings) as provider:
            await provider.send(text())
            [bind] = centre.binds
            bind.write(numbered(receipt("m1").encode(), 1) + pdu(ENQUIRE_LINK, 2))
            # The line is served meanwhile: the later question is answered first.
            async with asyncio.timeout(30):
                assert (await bind.answers.get()).command == ENQUIRE_LINK_RESP
                go_on.set()
                assert (await bind.answers.get()).command == DELIVER_SM_RESP

    with_centre(act)
    assert Receipt.objects.count() == 1


def test_the_centre_is_asked_to_come_back_when_the_database_is_away(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = incoming.keep
    faults = iter([True])

    def fail_once(*args: Any) -> None:
        if next(faults, False):
            raise DatabaseError
        keep(*args)

    monkeypatch.setattr(incoming, "keep", fail_once)

    async def act(centre: Centre) -> None:
        use(centre, settings)
        async with opened(settings) as provider:
            await provider.send(text())
            [bind] = centre.binds
            assert [await bind.tell(receipt("m1"), number) for number in (1, 2)] == [0x64, 0]

    with_centre(act)
    assert Receipt.objects.count() == 1


def test_stop_stops_the_phone_and_is_answered_over_the_bind(county: County, settings: Any) -> None:
    notice, _ = handed_over(county, settings)
    phone = phone_at(notice)

    async def act(centre: Centre) -> None:
        use(centre, settings)
        async with opened(settings) as provider:
            await provider.send(text())
            assert await centre.binds[0].tell(words("STOP", phone)) == 0
            await centre.until(lambda: len(centre.submitted) == 2)
        [_, reply] = centre.submitted
        assert phone_of(reply) == phone
        assert reply.message.registered_delivery == 0

    with_centre(act)
    assert ContactPoint.objects.get().stopped_at is not None
    assert not IncomingText.objects.exists()


def test_a_pin_by_text_confirms(county: County, settings: Any) -> None:
    notice, _ = handed_over(county, settings)
    [reply] = came(words(PIN, phone_at(notice)))
    assert states() == {"confirmed": 1}
    assert reply.to == f"+{phone_at(notice)}"


def test_a_text_that_a_dead_worker_left_is_answered_by_the_next(county: County, settings: Any) -> None:
    notice, _ = handed_over(county, settings)
    incoming.keep("smpp", [words(PIN, phone_at(notice)).encode()])

    async def act(centre: Centre) -> None:
        use(centre, settings)
        async with opened(settings):
            await centre.until(lambda: bool(centre.submitted))

    with_centre(act)
    assert states() == {"confirmed": 1}


def part_of(body: str, number: int, phone: str) -> smpp34.DeliverSm:
    """One letter of a text, in UCS-2, as phones send parts."""
    header = bytes([5, 0, 3, 0x42, len(body), number])
    return words(header + body[number - 1].encode("utf_16_be"), phone, esm_class=0x40, data_coding=8)


def test_a_text_in_parts_is_put_together_in_whatever_order_they_come(county: County, settings: Any) -> None:
    notice, _ = handed_over(county, settings)
    phone = phone_at(notice)
    for number in (6, 2, 2, 1, 5, 4):
        assert came(part_of(PIN, number, phone)) == []
        assert came(part_of("STOP", 1, "12025550998")) == []  # another's
    assert states() == {"handed_over": 1}
    assert len(came(part_of(PIN, 3, phone))) == 1
    assert states() == {"confirmed": 1}


def test_a_text_whose_parts_never_come_is_read_without_them(county: County, settings: Any) -> None:
    notice, _ = handed_over(county, settings)
    assert came(part_of("STOP", 1, phone_at(notice))) == []
    IncomingText.objects.update(received_at=datetime.now(UTC) - timedelta(minutes=11))
    assert len(came()) == 1
    assert not IncomingText.objects.exists()


# --- another's message centre


def test_it_works_with_the_message_centre_of_smpp34(settings: Any) -> None:
    async def play() -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = smpp34.Server("127.0.0.1", port, system_id="centre")
        await server.start()
        settings.WATCHWORD = django_settings.WATCHWORD.model_copy(
            update={"smpp_url": f"smpp://office:secret@127.0.0.1:{port}", "text_providers": "smpp"}
        )
        async with opened(settings) as provider:
            assert isinstance(provider, SmppProvider)
            sending = asyncio.create_task(provider.send(text("ó" * 100)))
            esme = await server.next()
            assert isinstance(esme, smpp34.Esme)
            for number in range(2):
                came = await server.next()
                assert isinstance(came, smpp34.SubmitSmEvent)
                assert (came.destination_addr, came.data_coding, came.esm_class) == (PHONE, 8, 0x40)
                came.accept(f"m{number}")
            assert await sending == Accepted(provider_id="m0 m1")
            told = await esme.deliver_sm(
                "12025550100",
                b"",
                source_addr=PHONE,
                esm_class=0x04,
                tlvs=[
                    smpp34.Tlv(0x001E, b"m0\0"),
                    smpp34.Tlv(0x0427, b"\x02"),
                ],
            )
            assert told.is_success
            sending = asyncio.create_task(provider.send(text()))
            came = await server.next()
            assert isinstance(came, smpp34.SubmitSmEvent)
            came.reject(0x0B)
            assert await sending == Refused(code="ESME_RINVDSTADR", permanent=True)
        assert isinstance(await server.next(), smpp34.Unbound)
        await server.stop()

    asyncio.run(play())
    assert Receipt.objects.count() == 1


def test_a_centre_that_is_not_there_refuses_the_bind_in_its_own_words() -> None:
    async def act(centre: Centre) -> None:
        centre.bind_status = 0x0D
        with pytest.raises(BindError, match="ESME_RBINDFAIL"):
            await session_with(centre)

    with_centre(act)
