"""How long does an escape wait behind 100,000 routine notices?

`python -m bench.urgent` queues a bulk of routine texts, lets one worker send them, and in the midst of it tells of an
escape, again and again. What is measured is the time from the escape's notice to the moment when the carrier has its
text: planned, claimed and handed over. Once with a carrier that answers in 20 ms, once with one that takes 5 seconds,
so that every slot for routine words is taken all the time. The aim is at most 2 s, always.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs
from urllib.request import urlopen

from bench.scratch import connect_to, scratch_database, set_up

LATENCIES = (0.02, 5.0)
_EVERY_SECONDS = 0.5
_LONGEST_SECONDS = 30.0
_ANSWER = b'{"sid": "SM%032d", "status": "queued", "error_code": null}'


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bulk", type=int, default=100_000, help="routine notices that wait")
    parser.add_argument("--escapes", type=int, default=20, help="told one after another meanwhile")
    parser.add_argument("--part", choices=["server", "worker"], help=argparse.SUPPRESS)
    parser.add_argument("--database", help=argparse.SUPPRESS)
    parser.add_argument("--latency", type=float, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    match arguments.part:
        case "server":
            run_server(arguments.latency)
        case "worker":
            run_worker(arguments.database)
        case _:
            measure(arguments.bulk, arguments.escapes)


def measure(bulk: int, escapes: int) -> None:
    set_up()
    print(f"{bulk:,} routine texts wait; one worker; {escapes} escapes, one every {_EVERY_SECONDS:g} s.\n")
    print(
        "| the carrier answers after | escape to hand-over, median | longest | routine ones left at the end |"
    )
    print("|---|---|---|---|")
    for latency in LATENCIES:
        with scratch_database("bench_urgent") as database:
            waits, left = one_run(database, bulk, escapes, latency)
        print(f"| {latency:g} s | {statistics.median(waits):.2f} s | {max(waits):.2f} s | {left:,} |")


def one_run(database: str, bulk: int, escapes: int, latency: float) -> tuple[list[float], int]:
    """The seconds that each escape waited, and how many routine ones were still waiting after the last."""
    from tests.county import County
    from tests.deliveries import happening, notices, planned, registrants

    from watchword.delivery.models import Delivery
    from watchword.delivery.planning import plan_deliveries
    from watchword.registrants.models import Registrant

    county = County()
    planned(happening(county, "transferred"), bulk)
    assert not Delivery.objects.filter(urgent=True).exists()
    waits = []
    with server(latency) as url, worker(database, url):
        until(Delivery.objects.filter(attempts__gt=0).exists)
        for number in range(escapes):
            place = Registrant.objects.count()
            told, escape = registrants(1), happening(county, "escaped", f"escape{number}")
            began = time.time()
            notices(escape, told)
            plan_deliveries()
            waits.append(reached(url, place) - began)
            time.sleep(_EVERY_SECONDS)
        left = Delivery.objects.filter(state="queued", urgent=False).count()
    return waits, left


def reached(url: str, registrant: int) -> float:
    """When the carrier had this registrant's text."""
    from tests.deliveries import phone_number

    def seen() -> Any:
        with urlopen(f"{url}/{phone_number(registrant).lstrip('+')}", timeout=10) as answer:  # noqa: S310 - our own
            return json.load(answer)

    until(seen)
    return float(seen())


def until(condition: Any) -> None:
    end = time.monotonic() + _LONGEST_SECONDS
    while not condition():
        assert time.monotonic() < end, f"nothing came within {_LONGEST_SECONDS:g} s"
        time.sleep(0.02)


@contextmanager
def server(latency: float) -> Iterator[str]:
    command = [sys.executable, "-m", "bench.urgent", "--part", "server", "--latency", str(latency)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    port = int(process.stdout.readline())
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


@contextmanager
def worker(database: str, url: str) -> Iterator[None]:
    command = [sys.executable, "-m", "bench.urgent", "--part", "worker", "--database", database]
    process = subprocess.Popen(command, env=os.environ | {"WATCHWORD_CARRIER_URL": url})
    try:
        yield
    finally:
        process.kill()
        process.wait()


def run_worker(database: str) -> None:
    set_up()
    connect_to(database)
    import uvloop

    from watchword.delivery.channels.registry import routes
    from watchword.delivery.worker import Worker

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(Worker(routes()).work(drain=False))


class Carrier(asyncio.Protocol):
    """Answers every POST after the latency; a GET of a number's path says when it was first sent something."""

    latency = 0.0
    count = 0
    seen: dict[str, float] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        self._buffer = b""

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
        if not found or len(body) < length:
            return
        self._buffer = body[length:]
        if head.startswith(b"GET"):
            number = head.split()[1].decode().lstrip("/")
            self._answer(json.dumps(self.seen.get(number)).encode())
            return
        Carrier.count += 1
        (to,) = parse_qs(body[:length].decode())["To"]
        self.seen.setdefault(to.lstrip("+"), time.time())
        asyncio.get_running_loop().call_later(self.latency, self._answer, _ANSWER % Carrier.count)

    def _answer(self, body: bytes) -> None:
        self._transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            % (len(body), body)
        )


def run_server(latency: float) -> None:
    import uvloop

    Carrier.latency = latency

    async def serve() -> None:
        listening = await asyncio.get_running_loop().create_server(Carrier, "127.0.0.1", 0, backlog=1024)
        print(listening.sockets[0].getsockname()[1], flush=True)
        await listening.serve_forever()

    uvloop.run(serve())


if __name__ == "__main__":
    main()
