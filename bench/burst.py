"""A burst of 100,000: how long until all are handed over, what each costs, and does the queue's length cost memory?

`python -m bench.burst` measures three things, each against the least that could do it, with a lean server that answers
each text after 20 ms and each mail at once.

1. The time from the first hand-over to the last of 100,000 texts, against the bare loop of `bench.delivery` (at most
   1.25 times as long), and how long it took to plan them before.
2. The processor's time that a worker spends on each message of a channel, against the channel's bare client, which
   sends the same words to the same server and does nothing else: no database, no attempts, no receipts.
3. The most memory that a worker holds while a million wait, against ten thousand.
"""

import argparse
import asyncio
import resource
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from bench.delivery import CONCURRENCY, fill, one_run, refill, server
from bench.scratch import scratch_database, set_up

_WORDS = "Harbor County: You have a message. Reply with your PIN, or read it here: " + "x" * 60
_HEAD = "From: office@example.org\r\nTo: reader@example.org\r\nSubject: A message\r\n"
_SENT_BESIDE_A_QUEUE = 5_000
_MAIL_THREADS = 4


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--messages", type=int, default=100_000, help="in the burst")
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--waiting", type=int, default=1_000_000, help="in the longest queue")
    parser.add_argument("--quick", action="store_true", help="a twentieth of everything")
    parser.add_argument("--part", choices=["http", "smtp", "post-office"], help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    share = 20 if arguments.quick else 1
    messages, mails = arguments.messages // share, arguments.mails // share
    match arguments.part:
        case "http":
            cost(lambda: asyncio.run(send_texts(arguments.url, arguments.messages)))
        case "smtp":
            cost(lambda: send_mails(arguments.url, arguments.messages))
        case "post-office":
            run_post_office()
        case _:
            set_up()
            text_cost = burst(messages)
            print_costs(messages, mails, text_cost)
            print_memory(_SENT_BESIDE_A_QUEUE * 2, arguments.waiting // share)


def burst(messages: int) -> float:
    """Print how long the burst took; return the CPU's seconds for each text of our worker."""
    with scratch_database("bench_burst") as database, server() as url:
        began = time.monotonic()
        fill(messages)
        planned = time.monotonic() - began
        runs = {}
        for part in ("bare", "ours"):
            refill()
            runs[part] = one_run(part, 1, database, url, messages)
    seconds = {part: messages / run["rate"] for part, run in runs.items()}
    print(
        f"{messages:,} texts, one worker, {CONCURRENCY} at once; put into words and planned in {planned:.0f} s.\n"
    )
    print("| | until all are handed over |")
    print("|---|---|")
    print(f"| bare loop | {seconds['bare']:.1f} s |")
    print(f"| Watchword | {seconds['ours']:.1f} s, {seconds['ours'] / seconds['bare']:.2f} x |\n")
    return runs["ours"]["cpu"]


def print_costs(messages: int, mails: int, text_cost: float) -> None:
    with server() as url:
        bare_text = bare_client("http", url, messages)
    with post_office() as url, scratch_database("bench_burst") as database:
        fill(mails, "email")
        refill()
        mail_cost = one_run("ours", 1, database, url, mails, channel="email")["cpu"]
        bare_mail = bare_client("smtp", url, mails)
    print("| CPU for each message | bare client | a worker |")
    print("|---|---|---|")
    for name, bare, ours in (
        ("text, HTTP (aiohttp)", bare_text, text_cost),
        ("mail, SMTP (smtplib)", bare_mail, mail_cost),
    ):
        print(f"| {name} | {bare * 1e6:,.0f} µs | {ours * 1e6:,.0f} µs, {ours / bare:.1f} x |")
    print()


def print_memory(few: int, many: int) -> None:
    print(f"| texts that wait, of which {_SENT_BESIDE_A_QUEUE:,} are sent | most memory of the worker |")
    print("|---|---|")
    for waiting in (few, many):
        with scratch_database("bench_burst") as database, server() as url:
            fill(waiting)
            refill()
            run = one_run("ours", 1, database, url, waiting, limit=_SENT_BESIDE_A_QUEUE)
        print(f"| {waiting:,} | {run['peak']:.0f} MB |")


# The bare clients


def bare_client(part: str, url: str, messages: int) -> float:
    """The CPU's seconds for each message, in a process of its own."""
    command = [sys.executable, "-m", "bench.burst", "--part", part, "--url", url, "--messages", str(messages)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout) / messages


def cost(send: Any) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF)
    send()
    after = resource.getrusage(resource.RUSAGE_SELF)
    print(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


async def send_texts(url: str, messages: int) -> None:
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

    connector = aiohttp.TCPConnector(limit=CONCURRENCY)
    async with aiohttp.ClientSession(connector=connector) as session:
        await asyncio.gather(*(send(session) for _ in range(CONCURRENCY)))


def send_mails(url: str, messages: int) -> None:
    address = urlsplit(url)

    def send(share: int) -> None:
        with smtplib.SMTP(address.hostname or "", address.port or 0) as connection:
            for number in range(share):
                words = f"{_HEAD}\r\n{number} {_WORDS}\r\n"
                connection.sendmail("office@example.org", ["reader@example.org"], words)

    with ThreadPoolExecutor(_MAIL_THREADS) as threads:
        list(threads.map(send, [messages // _MAIL_THREADS] * _MAIL_THREADS))


# A lean post office


@contextmanager
def post_office() -> Iterator[str]:
    command = [sys.executable, "-m", "bench.burst", "--part", "post-office"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    port = int(process.stdout.readline())
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


class Accepting(asyncio.Protocol):
    """Takes every mail at once."""

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
            case b"DATA":
                self._in_content = True
                return b"354 go on\r\n"
            case b"QUIT":
                return b"221 bye\r\n"
            case _:
                return b"250 ok\r\n"


def run_post_office() -> None:
    import uvloop

    async def serve() -> None:
        listening = await asyncio.get_running_loop().create_server(Accepting, "127.0.0.1", 0)
        print(listening.sockets[0].getsockname()[1], flush=True)
        await listening.serve_forever()

    uvloop.run(serve())


if __name__ == "__main__":
    main()
