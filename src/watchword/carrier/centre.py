"""The message centre: SMPP 3.4, over which texts go to the same phones as over the Messages API.

Anybody may bind, by any name: whoever reaches this port reads and writes what the page shows anyway.
"""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count

import smpp34

from watchword.carrier import smpp
from watchword.carrier.doors import ServerDoor
from watchword.carrier.errors import ApiError
from watchword.carrier.exchange import Exchange
from watchword.carrier.faults import Fault, Kind
from watchword.carrier.receipts import NOBODYS_ID
from watchword.carrier.records import Text
from watchword.carrier.smpp import Pdu
from watchword.carrier.texting import check_takes, send_text
from watchword.carrier.webhooks import Answer, Webhooks, insist

_ANSWER_SECONDS = 15.0
_NAME = b"carrier\0"
_STATUSES = {
    21211: smpp.RINVDSTADR,
    21614: smpp.RINVDSTADR,
    21212: smpp.RINVSRCADR,
}  # of the Messages API's codes
_REFUSALS: dict[Kind, int] = {
    "server_error": smpp.RSYSERR,
    "too_many": smpp.RTHROTTLED,
    "refused": smpp.RSUBMITFAIL,
}
_STATES = {"delivered": "DELIVRD", "undelivered": "UNDELIV", "failed": "REJECTD"}
_NOBODYS_STATE = "EVAPORATED"
_BINDS = (smpp.BIND_RECEIVER, smpp.BIND_TRANSMITTER, smpp.BIND_TRANSCEIVER)


def message_centre(exchange: Exchange, host: str, port: int) -> ServerDoor:
    """The centre's door, not yet open."""
    centre = Centre(exchange)
    return ServerDoor(
        port,
        lambda port: asyncio.start_server(centre.serve, host, port),
        lambda: [bind.writer.transport for bind in centre.binds],
    )


@dataclass(eq=False)
class Bind:
    """One client's line."""

    writer: asyncio.StreamWriter
    takes_texts: bool = False
    """It was bound as a receiver or transceiver."""
    answers: dict[int, asyncio.Future[int]] = field(default_factory=dict)
    numbers: Callable[[], int] = field(default_factory=lambda: count(1).__next__)

    def answer(self, came: Pdu, body: bytes = b"", status: int = smpp.ROK) -> None:
        self.writer.write(smpp.written(came.command | smpp.RESPONSE, came.sequence, body, status))

    async def deliver(self, message: smpp34.DeliverSm) -> int | None:
        """The status that the client acknowledges this with; None where it does not."""
        number = self.numbers()
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.answers[number] = answer
        self.writer.write(smpp.numbered(message, number))
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                return await answer
        except TimeoutError:
            return None
        finally:
            self.answers.pop(number, None)


@dataclass(frozen=True, slots=True)
class Told:
    """A receipt of one part of a text."""

    centre: "Centre"
    message_id: str
    state: str
    phone: str
    line: str

    async def told(self, webhooks: Webhooks) -> Answer:
        words = f"id:{self.message_id} sub:001 dlvrd:001 stat:{self.state} err:000 text:"
        return await self.centre.deliver(
            smpp.from_phone(self.phone, self.line, words.encode(), esm_class=smpp.IS_RECEIPT)
        )

    def with_unknown_word(self) -> "Told":
        return replace(self, state=_NOBODYS_STATE)

    def with_unknown_id(self) -> "Told":
        return replace(self, message_id=NOBODYS_ID)


@dataclass(slots=True)
class _Parts:
    """The parts of a text that have come."""

    words: dict[int, bytes] = field(default_factory=dict)
    receipts: list[str] = field(default_factory=list)
    """The ids of those that want one."""


class Centre:
    """All binds, and the texts of which parts are missing."""

    def __init__(self, exchange: Exchange) -> None:
        self.binds: list[Bind] = []
        self._exchange = exchange
        self._parts: dict[tuple[str, str, int, int], _Parts] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client, until it goes."""
        bind = Bind(writer)
        self.binds.append(bind)
        try:
            while True:
                self._handle(bind, await smpp.read(reader))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.binds.remove(bind)
            for answer in bind.answers.values():
                answer.cancel()
            writer.close()

    def _handle(self, bind: Bind, came: Pdu) -> None:
        if came.command & smpp.RESPONSE:
            answer = bind.answers.get(came.sequence)
            if answer is not None and not answer.done():
                answer.set_result(came.status)
        elif came.command in _BINDS:
            bind.takes_texts = came.command != smpp.BIND_TRANSMITTER
            bind.answer(came, _NAME)
        elif came.command in (smpp.ENQUIRE_LINK, smpp.UNBIND):
            bind.answer(came)
        elif came.command == smpp.SUBMIT_SM:
            self._exchange.spawn(self._submit(bind, came))
        else:
            bind.writer.write(smpp.written(smpp.GENERIC_NACK, came.sequence, status=smpp.RINVCMDID))

    async def _submit(self, bind: Bind, came: Pdu) -> None:
        """Take a part of a text, with the set latency and the set faults."""
        fault = self._exchange.faults.take("smpp")
        if fault is not None and not fault.accepts:
            await _refuse(bind, came, fault)
            return
        message_id = os.urandom(8).hex()
        try:
            self._take(smpp34.decode(came.raw), message_id)
        except ApiError as error:
            bind.answer(came, status=_STATUSES.get(error.code, smpp.RSUBMITFAIL))
        except (smpp34.SmppError, UnicodeDecodeError):
            bind.answer(came, status=smpp.RSYSERR)
        else:
            await self._exchange.late()
            await _accept(bind, came, message_id, fault)

    def _take(self, message: smpp34.SubmitSm | smpp34.DeliverSm | smpp34.RawPdu, message_id: str) -> None:
        """Keep a part, and send the text on its way once it is whole. ApiError where the phone takes none."""
        if not isinstance(message, smpp34.SubmitSm):
            raise smpp34.SmppError("no submit_sm")
        line = smpp.number_of(message.source_addr, message.source_addr_ton)
        phone = smpp.number_of(message.destination_addr, message.dest_addr_ton)
        check_takes(self._exchange, phone, line)
        part = smpp.part_of(message)
        place = (line, phone, part.reference, part.total)
        kept = self._parts.setdefault(place, _Parts())
        kept.words[part.number] = part.words
        if message.registered_delivery & 1:
            kept.receipts.append(message_id)
        if len(kept.words) == part.total:
            del self._parts[place]
            self._send(line, phone, kept, message.data_coding)

    def _send(self, line: str, phone: str, parts: _Parts, coding: int) -> None:
        body = smpp.words_of(b"".join(words for _, words in sorted(parts.words.items())), coding)
        self._exchange.line(line).deliver = self._text_from_phone

        def receipts(text: Text) -> list[Told]:
            state = _STATES.get(text.status)
            return [Told(self, each, state, text.to, text.from_) for each in parts.receipts if state]

        send_text(self._exchange, from_=line, to=phone, body=body, tells=receipts)

    async def _text_from_phone(self, text: Text) -> Answer:
        """Hand a phone's text to the client; what comes back says whether it was taken."""
        answer = Answer(0)
        for esm_class, coding, octets in smpp.pieces(text.body, reference=os.urandom(1)[0]):
            answer = await self.deliver(
                smpp.from_phone(text.from_, text.to, octets, esm_class=esm_class, coding=coding)
            )
        return answer

    async def deliver(self, message: smpp34.DeliverSm) -> Answer:
        """Deliver over the newest bind that takes such; again, twice, where it is not acknowledged."""

        async def once() -> Answer:
            bind = next((bind for bind in reversed(self.binds) if bind.takes_texts), None)
            status = None if bind is None else await bind.deliver(message)
            return Answer(0 if status is None else 200 if status == smpp.ROK else 503)

        return await insist(once)


async def _refuse(bind: Bind, came: Pdu, fault: Fault) -> None:
    if fault.kind == "hang":
        await asyncio.sleep(fault.seconds)
        bind.writer.transport.abort()
    else:
        bind.answer(came, status=_REFUSALS[fault.kind])


async def _accept(bind: Bind, came: Pdu, message_id: str, fault: Fault | None) -> None:
    if fault is not None and fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
    if fault is not None and fault.kind == "cut":
        bind.writer.transport.abort()
    elif fault is not None and fault.kind == "garbage":
        bind.writer.write(smpp.written(smpp.RESPONSE | 0x7F, came.sequence, b"\x00\xff{{{"))
    else:
        bind.answer(came, f"{message_id}\0".encode())
