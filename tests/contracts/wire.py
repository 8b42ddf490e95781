"""The far end of a provider's wire: it plays one answer, or one misbehaviour, to each client."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Literal

from watchword.delivery.channels.smpp.pdu import GENERIC_NACK, SUBMIT_SM, numbered, pdu, read_pdu

Behaviour = Literal["answer", "hang", "cut"]
"""cut: the connection is lost after the whole request was taken, before any answer."""


@dataclass(kw_only=True)
class Wire:
    """Where it listens, and what came over it."""

    port: int = 0
    requests: list[bytes]


@asynccontextmanager
async def http_server(raw: bytes, behaviour: Behaviour) -> AsyncIterator[Wire]:
    """Answers each request with these bytes."""
    wire = Wire(requests=[])

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
                wire.requests.append(head + await reader.readexactly(int(length or 0)))
                await _behave(writer, raw, behaviour)

    async with _listening(serve, wire):
        yield wire


@asynccontextmanager
async def mail_server(raw: bytes, to: str, behaviour: Behaviour) -> AsyncIterator[Wire]:
    """A mail server that says yes to everything but what begins with `to`, which it answers with these bytes."""
    wire = Wire(requests=[])

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            writer.write(b"220 example.org\r\n")
            while True:
                line = await reader.readuntil(b"\r\n")
                if line.upper().startswith(to.encode()):
                    await _behave(writer, raw, behaviour)
                elif line.upper().startswith(b"DATA"):
                    writer.write(b"354 Go on\r\n")
                    content = await reader.readuntil(b"\r\n.\r\n")
                    wire.requests.append(content)
                    if to == "\r\n.\r\n":
                        await _behave(writer, raw, behaviour)
                    else:
                        writer.write(b"250 2.0.0 Ok\r\n")
                else:
                    writer.write(b"250 Ok\r\n")

    async with _listening(serve, wire):
        yield wire


@asynccontextmanager
async def message_centre(raw: bytes, behaviour: Behaviour) -> AsyncIterator[Wire]:
    """An SMPP message centre that lets everybody bind, and answers each message with these bytes."""
    wire = Wire(requests=[])

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                came = await read_pdu(reader)
                if came.command == SUBMIT_SM:
                    wire.requests.append(came.raw)
                    await _behave(writer, numbered(raw, came.sequence), behaviour)
                else:
                    writer.write(pdu(came.command | GENERIC_NACK, came.sequence, b"centre\0"))

    async with _listening(serve, wire):
        yield wire


async def _behave(writer: asyncio.StreamWriter, raw: bytes, behaviour: Behaviour) -> None:
    match behaviour:
        case "answer":
            writer.write(raw)
        case "hang":
            await asyncio.Event().wait()
        case "cut":
            writer.transport.abort()


@asynccontextmanager
async def _listening(serve: object, wire: Wire) -> AsyncIterator[None]:
    clients: set[asyncio.Task[None]] = set()

    async def each(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = asyncio.ensure_future(serve(reader, writer))  # type: ignore[operator]
        clients.add(client)
        with suppress(asyncio.CancelledError):
            await client
        writer.close()

    server = await asyncio.start_server(each, "127.0.0.1", 0)
    wire.port = server.sockets[0].getsockname()[1]
    try:
        yield
    finally:
        server.close()
        for client in clients:
            client.cancel()
        await asyncio.gather(*clients, return_exceptions=True)
