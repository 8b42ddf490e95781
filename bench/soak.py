"""Ten minutes of everything going wrong: is anything lost, stuck, or sent twice without saying so?

`python -m bench.soak` tells 50,000 notices by text, call and mail, spread over the time, while the carrier fails in a
random way every other second and a worker is killed with -9 every fifteen. Then the faults end, and what is left is
given time. What was sent is counted at the carrier, not in our own records.
"""

import argparse
import os
import random
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from bench.scratch import peak_megabytes_of, scratch_database, set_up

CHANNELS = {"text": 0.8, "voice": 0.1, "email": 0.1}
APIS = {"messages": 4, "calls": 2, "mail": 2, "reads": 1, "callbacks": 2}
_FAULT_SECONDS = 2.0
_KILL_SECONDS = 15.0
_PATIENCE_SECONDS = 900.0  # for what is left when the faults end: a provider's way back, retries, questions
_NOT_TRIED = ("away", "denied")  # what a provider denies, and then tells nobody of, cannot be known
NOWHERE = "http://127.0.0.1:1"  # nobody listens there
_WAITING = ("queued", "claimed", "retry_wait", "outcome_unknown")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--notices", type=int, default=50_000)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--without-receipts", action="store_true", help="providers never say what became of it"
    )
    arguments = parser.parse_args()
    set_up()
    chance = random.Random(arguments.seed)
    receipts = nullcontext(NOWHERE) if arguments.without_receipts else web_server()
    with scratch_database("bench_soak"), receipts as url:
        soak(arguments.notices, arguments.minutes * 60, arguments.workers, chance, url)


def soak(notices: int, seconds: float, workers: int, chance: random.Random, url: str) -> None:
    """`url` is where receipts go."""
    from tests.deliveries import carrier_process

    with carrier_process() as carrier:
        crew = Crew(carrier, url, workers)
        try:
            faults = storm(carrier, crew, notices, seconds, chance)
            carrier.ask("DELETE", "faults")
            began = time.monotonic()
            while waiting() and time.monotonic() < began + _PATIENCE_SECONDS:
                time.sleep(0.5)
            calmed = time.monotonic() - began
        finally:
            crew.end()
        print(
            f"{notices:,} notices in {seconds / 60:g} minutes; {workers} workers at a time, {crew.killed} were killed; "
            f"{faults.total():,} requests to be harmed, in {len(faults)} ways; all settled {calmed:.0f} s later.\n"
        )
        report(carrier, crew)


@dataclass
class Crew:
    """The workers: so many at any time."""

    carrier: Any
    url: str  # where receipts go
    size: int
    killed: int = 0
    peak: float = 0.0  # MB
    _working: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def __post_init__(self) -> None:
        for _ in range(self.size):
            self._start()

    def kill_one(self, chance: random.Random) -> None:
        self.look()
        worker = self._working.pop(chance.randrange(len(self._working)))
        worker.kill()
        worker.wait()
        self.killed += 1
        self._start()

    def look(self) -> None:
        """See how much memory each has held, and that none has ended by itself."""
        for worker in self._working:
            assert worker.poll() is None, "a worker ended by itself"
            self.peak = max(self.peak, peak_megabytes_of(worker.pid))

    def end(self) -> None:
        for worker in self._working:
            worker.kill()
            worker.wait()

    def _start(self) -> None:
        from tests.deliveries import worker_process

        self._working.append(
            worker_process(
                self.carrier,
                drain=False,
                WATCHWORD_PUBLIC_URL=self.url,
                WATCHWORD_PROVIDER_TIMEOUT_SECONDS="2",
                WATCHWORD_CALL_REPEAT_MINUTES="1000",  # a call made again by rule is no repeat
                WATCHWORD_SETTLE_SECONDS="2",
            )
        )


def storm(carrier: Any, crew: Crew, notices: int, seconds: float, chance: random.Random) -> Counter[str]:
    """Tell the notices, harm requests and kill workers meanwhile; which faults were set, and how often."""
    from tests.county import County
    from tests.deliveries import planned, release

    from watchword.carrier.faults import KINDS

    kinds = {str(api): [kind for kind in each if kind not in _NOT_TRIED] for api, each in KINDS.items()}
    event = release(County())
    faults: Counter[str] = Counter()
    began = time.monotonic()
    told, next_fault, next_kill = 0, 0.0, _KILL_SECONDS
    while (gone := time.monotonic() - began) < seconds:
        due = min(notices, round(notices * gone / seconds) + 1) - told
        for channel, count in shares(due, chance):
            planned(event, count, [channel])
        told += due
        if gone >= next_fault:
            next_fault = gone + _FAULT_SECONDS
            [api] = chance.choices(list(APIS), list(APIS.values()))
            kind, count = chance.choice(kinds[api]), chance.randint(1, 5)
            carrier.fault(api, kind, count=count, seconds=chance.uniform(0.5, 3.0))
            faults[f"{api} {kind}"] += count
        if gone >= next_kill:
            next_kill = gone + _KILL_SECONDS
            crew.kill_one(chance)
        time.sleep(0.2)
    for channel, count in shares(notices - told, chance):
        planned(event, count, [channel])
    crew.look()
    return faults


def shares(count: int, chance: random.Random) -> Iterator[tuple[str, int]]:
    """So many notices, over the channels at random."""
    return iter(Counter(chance.choices(list(CHANNELS), list(CHANNELS.values()), k=count)).items())


@contextmanager
def web_server() -> Iterator[str]:
    """Takes the receipts, as in an installation."""
    from django.conf import settings
    from tests.environment import database_url

    from watchword.config.serving import answers
    from watchword.config.serving import web_server as part

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"http_port": port, "public_url": url})
    own = {"DATABASE_URL": database_url(), "WATCHWORD_PUBLIC_URL": url}
    process = subprocess.Popen(part(settings.WATCHWORD).command, env=os.environ | own)
    try:
        while not answers("127.0.0.1", port):
            assert process.poll() is None, "the web server ended"
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait()


def waiting() -> bool:
    """Whether anything was never handed over and still may be, or what was written off was not looked for once more.

    A phone that was not reached is called again by rule.
    """
    from watchword.delivery.models import Delivery, WrittenOff

    never_handed_over = Delivery.objects.filter(state__in=_WAITING, handed_over_at=None)
    return bool(never_handed_over.exists() or WrittenOff.objects.filter(looks=0).exists())


def report(carrier: Any, crew: Crew) -> None:
    from django.db import connection

    from watchword.core.encryption import keyring
    from watchword.delivery.models import Attempt, Delivery
    from watchword.registrants.addresses import CONTEXT
    from watchword.worklist.models import Task

    times = Counter(entry["to"] for kind in ("text", "call", "mail") for entry in carrier.log(kind))
    columns = ("channel", "state", "repeat", "handed_over_at", "contact_point__address")
    counted: Counter[str] = Counter()
    for channel, state, repeat, handed_over_at, address in Delivery.objects.values_list(*columns):
        sent = times[keyring().decrypt(address, CONTEXT)]
        counted["deliveries"] += 1
        counted["stuck"] += state in _WAITING and handed_over_at is None
        counted["lost"] += not sent
        if sent > 1:
            counted[f"repeated, {channel}"] += 1
            counted["repeated, marked" if repeat else "repeated, unmarked"] += 1
        counted["thrice"] += sent > 2
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT percentile_cont(ARRAY[0.5, 0.99, 1]) WITHIN GROUP (ORDER BY "
            "extract(epoch FROM handed_over_at - queued_at)) FROM delivery_delivery WHERE handed_over_at IS NOT NULL"
        )
        [(quantiles,)] = cursor.fetchall()
    print("| | |\n|---|---|")
    for name in ("deliveries", "lost", "stuck", "repeated, marked", "repeated, unmarked", "thrice"):
        print(f"| {name} | {counted[name]:,} |")
    by_channel = ", ".join(f"{channel} {counted[f'repeated, {channel}']:,}" for channel in CHANNELS)
    print(f"| repeated, by channel | {by_channel} |")
    print(f"| attempts | {Attempt.objects.count():,} |")
    print(f"| tasks for the desk | {Task.objects.count():,} |")
    print(
        "| queued to handed over: median, p99, longest | " + ", ".join(f"{q:.2f} s" for q in quantiles) + " |"
    )
    print(f"| most memory of a worker | {crew.peak:.0f} MB |")


if __name__ == "__main__":
    main()
