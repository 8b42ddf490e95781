"""The least that can send or take a message on each channel, to measure ours against; each in a process of its own.

A client sends the same words as we do and does nothing else: no database, no attempts, no receipts. A server takes
everything at once. Texts over HTTP have their server in `bench.delivery`, which takes a while to answer.
"""

import argparse
import asyncio
import os
import resource
import smtplib
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

CONCURRENCY = 200
WINDOW = 10
_WORDS = "Harbor County: You have a message. Reply with your PIN, or read it here: " + "x" * 60
_HEAD = "From: office@example.org\r\nTo: reader@example.org\r\nSubject: A message\r\n"
_MAIL_THREADS = 4


def cost_of_client(scheme: str, url: str, messages: int) -> float:
    """The CPU's seconds for each message of the bare client for http, smtp or smpp."""
    command = [sys.executable, "-m", "bench.bare", scheme, "--url", url, "--messages", str(messages)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout) / messages


@contextmanager
def server(scheme: str) -> Iterator[str]:
    """A bare server for smtp or smpp; its address."""
    command = [sys.executable, "-m", "bench.bare", scheme]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    port = int(process.stdout.readline())
    try:
        yield f"{scheme}://{'office:secret@' * (scheme == 'smpp')}127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scheme", choices=["http", "smtp", "smpp"])
    parser.add_argument("--url", help="send there; without it, be the server")
    parser.add_argument("--messages", type=int, default=0)
    arguments = parser.parse_args()
    if arguments.url is None:
        serve({"smtp": PostOffice, "smpp": Centre}[arguments.scheme])
        return
    send = {"http": send_by_http, "smtp": send_by_smtp, "smpp": send_by_smpp}[arguments.scheme]
    before = resource.getrusage(resource.RUSAGE_SELF)
    send(arguments.url, arguments.messages)
    after = resource.getrusage(resource.RUSAGE_SELF)
    print(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, flush=True)
    os._exit(0)  # the thread of smpp34's client now and then brings an interpreter down that ends before it


# The clients


def send_by_http(url: str, messages: int) -> None:
    import aiohttp

    left = iter(range(messages))

    async def send(session: aiohttp.ClientSession) -> None:
        for _ in left:
            form = {
                "To": "+12025550123",
                "From": "+12025550100",
                "Body": _WORDS,
                "StatusCallback": f"http://127.0.0.1:8600/webhooks/twilio/message-status?ref={uuid4()}",
            }
            async with session.post(f"{url}/2010-04-01/Accounts/AC/Messages.json", data=form) as answer:
                assert (await answer.json())["sid"]

    async def send_all() -> None:
        connector = aiohttp.TCPConnector(limit=CONCURRENCY)
        async with aiohttp.ClientSession(connector=connector) as session:
            await asyncio.gather(*(send(session) for _ in range(CONCURRENCY)))

    asyncio.run(send_all())


def send_by_smtp(url: str, messages: int) -> None:
    address = urlsplit(url)

    def send(share: int) -> None:
        with smtplib.SMTP(address.hostname or "", address.port or 0) as connection:
            for number in range(share):
                words = f"{_HEAD}\r\n{number} {_WORDS}\r\n"
                connection.sendmail("office@example.org", ["reader@example.org"], words)

    with ThreadPoolExecutor(_MAIL_THREADS) as threads:
        list(threads.map(send, [messages // _MAIL_THREADS] * _MAIL_THREADS))


def send_by_smpp(url: str, messages: int) -> None:
    import smpp34

    address = urlsplit(url)
    left = iter(range(messages))

    async def send(bind: smpp34.Smsc) -> None:
        for _ in left:
            answer = await bind.submit_sm(
                "12025550123", _WORDS.encode(), source_addr="12025550100", registered_delivery=1
            )
            assert answer.is_success

    async def send_all() -> None:
        client = smpp34.Client(
            address.hostname or "", address.port or 0, address.username or "", address.password or ""
        )
        bind = await client.connect()
        await asyncio.gather(*(send(bind) for _ in range(WINDOW)))
        await bind.unbind()

    asyncio.run(send_all())


# The servers


def serve(protocol: Callable[[], asyncio.Protocol]) -> None:
    """Listen on a free port, and print it."""
    import uvloop

    async def listen() -> None:
        listening = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
        print(listening.sockets[0].getsockname()[1], flush=True)
        await listening.serve_forever()

    uvloop.run(listen())


class PostOffice(asyncio.Protocol):
    """Takes every mail."""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._buffer, self._in_content = b"", False
        self._transport.write(b"220 lean\r\n")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while True:
            end = b"\r\n.\r\n" if self._in_content else b"\r\n"
            part, found, rest = self._buffer.partition(end)
            if not found:
                return
            self._buffer = rest
            self._transport.write(self._answer(part))

    def _answer(self, part: bytes) -> bytes:
        if self._in_content:
            self._in_content = False
            return b"250 taken\r\n"
        match part[:4].upper():
            case b"EHLO":
                return b"250-lean\r\n250 PIPELINING\r\n"
            case b"DATA":
                self._in_content = True
                return b"354 go on\r\n"
            case b"QUIT":
                return b"221 bye\r\n"
            case _:
                return b"250 ok\r\n"


class Centre(asyncio.Protocol):
    """Takes every text over SMPP."""

    _HEADER = struct.Struct(">IIII")
    _RESPONSE = 0x80000000
    _SUBMIT_SM, _BIND_TRANSCEIVER = 0x04, 0x09

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._buffer = b""

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while len(self._buffer) >= self._HEADER.size:
            length, command, _, sequence = self._HEADER.unpack_from(self._buffer)
            if len(self._buffer) < length:
                return
            self._buffer = self._buffer[length:]
            body = self._answer(command)
            size = self._HEADER.size + len(body)
            self._transport.write(self._HEADER.pack(size, command | self._RESPONSE, 0, sequence) + body)

    def _answer(self, command: int) -> bytes:
        match command:
            case self._SUBMIT_SM:
                return os.urandom(8).hex().encode() + b"\0"
            case self._BIND_TRANSCEIVER:
                return b"lean\0"
            case _:
                return b""


if __name__ == "__main__":
    main()
