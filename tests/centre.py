"""A carrier's message centre for tests: SMPP 3.4 over a real socket, doing as the test tells it."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import smpp34

from watchword.delivery.channels.smpp.pdu import (
    BIND_TRANSCEIVER,
    BIND_TRANSCEIVER_RESP,
    DELIVER_SM_RESP,
    ENQUIRE_LINK,
    ENQUIRE_LINK_RESP,
    SUBMIT_SM,
    SUBMIT_SM_RESP,
    UNBIND,
    UNBIND_RESP,
    Pdu,
    numbered,
    pdu,
    read_pdu,
)

PHONE, OURS = "12025550123", "12025550100"


@dataclass(kw_only=True)
class Submitted:
    """A submit_sm that came, and the bind it came over."""

    message: smpp34.SubmitSm
    bind: "Bind"

    def answer(self, status: int = 0, message_id: str = "") -> None:
        self.bind.outstanding -= 1
        body = f"{message_id}\0".encode() if status == 0 else b""
        self.bind.write(pdu(SUBMIT_SM_RESP, self.message.sequence_number, body, status))


@dataclass(kw_only=True)
class Bind:
    """One client's line."""

    writer: asyncio.StreamWriter
    outstanding: int = 0
    enquiries: int = 0
    answers: asyncio.Queue[Pdu] = field(default_factory=asyncio.Queue)

    def write(self, raw: bytes) -> None:
        self.writer.write(raw)

    def cut(self) -> None:
        self.writer.transport.abort()

    async def tell(self, message: smpp34.DeliverSm, sequence: int = 1) -> int:
        """Send a deliver_sm; the status that it is acknowledged with."""
        self.write(numbered(message.encode(), sequence))
        async with asyncio.timeout(30):
            answer = await self.answers.get()
        assert (answer.command, answer.sequence) == (DELIVER_SM_RESP, sequence)
        return answer.status


class Centre:
    """What came, and what is done with it: `on_submit`, given each submit_sm; without it, all are accepted."""

    def __init__(self) -> None:
        self.port = 0
        self.bind_status = 0
        self.answers_enquiries = True
        self.on_submit: Callable[[Submitted], None] = self.accept
        self.submitted: list[Submitted] = []
        self.binds: list[Bind] = []
        self.most_outstanding = 0
        self.most_binds = self.live = 0
        self._news = asyncio.Event()

    def accept(self, submitted: Submitted) -> None:
        submitted.answer(message_id=f"m{self.submitted.index(submitted)}")

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until the line has brought this about."""
        async with asyncio.timeout(30):
            while not condition():
                self._news.clear()
                await self._news.wait()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        bind = Bind(writer=writer)
        self.live += 1
        self.most_binds = max(self.most_binds, self.live)
        try:
            with suppress(EOFError, OSError):
                while True:
                    self._handle(bind, await read_pdu(reader))
                    self._news.set()
        finally:
            self.live -= 1
            self._news.set()
            writer.close()

    def _handle(self, bind: Bind, came: Pdu) -> None:
        match came.command:
            case command if command == BIND_TRANSCEIVER:
                body = b"" if self.bind_status else b"centre\0"
                bind.write(pdu(BIND_TRANSCEIVER_RESP, came.sequence, body, self.bind_status))
                if not self.bind_status:
                    self.binds.append(bind)
            case command if command == SUBMIT_SM:
                message = smpp34.decode(came.raw)
                assert isinstance(message, smpp34.SubmitSm)
                bind.outstanding += 1
                self.most_outstanding = max(self.most_outstanding, bind.outstanding)
                self.submitted.append(Submitted(message=message, bind=bind))
                self.on_submit(self.submitted[-1])
            case command if command == ENQUIRE_LINK:
                bind.enquiries += 1
                if self.answers_enquiries:
                    bind.write(pdu(ENQUIRE_LINK_RESP, came.sequence))
            case command if command == UNBIND:
                bind.write(pdu(UNBIND_RESP, came.sequence))
            case _:
                bind.answers.put_nowait(came)


@asynccontextmanager
async def message_centre(tls: tuple[Path, Path] | None = None) -> AsyncIterator[Centre]:
    """A centre on a free port of this machine; with a certificate and its key, over TLS."""
    centre = Centre()
    context = None
    if tls is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*tls)
    clients: set[asyncio.Task[None]] = set()

    async def each(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = asyncio.ensure_future(centre.serve(reader, writer))
        clients.add(client)
        with suppress(asyncio.CancelledError):
            await client

    server = await asyncio.start_server(each, "127.0.0.1", 0, ssl=context)
    centre.port = server.sockets[0].getsockname()[1]
    try:
        yield centre
    finally:
        server.close()
        for client in clients:
            client.cancel()
        await asyncio.gather(*clients, return_exceptions=True)


def receipt(message_id: str, stat: str = "DELIVRD", phone: str = PHONE) -> smpp34.DeliverSm:
    """A delivery receipt in the words of appendix B."""
    return words(f"id:{message_id} sub:001 dlvrd:001 stat:{stat} err:000 text:", phone, esm_class=0x04)


def words(
    body: str | bytes, phone: str = PHONE, *, esm_class: int = 0, data_coding: int = 0
) -> smpp34.DeliverSm:
    """A text from a phone."""
    octets = body if isinstance(body, bytes) else body.encode("utf_16_be" if data_coding == 8 else "ascii")
    return smpp34.DeliverSm(
        phone,
        OURS,
        octets,
        source_addr_ton=1,
        source_addr_npi=1,
        esm_class=esm_class,
        data_coding=data_coding,
    )
