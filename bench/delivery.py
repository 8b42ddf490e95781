"""How many messages a second does a worker hand over, against a bare loop over the same table?

`python -m bench.delivery` fills a queue with texts and empties it again and again: with our worker, and with the least
that could be called a sender (claim a batch, send with the same HTTP client, mark it done: no attempts, no encryption,
no liveness, no receipts). Both hand over to a lean server in a process of its own that answers each request after
20 ms; one worker and two, in turns. Every worker is a process of its own.
"""

import argparse
import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from bench.bare import CONCURRENCY
from bench.scratch import connect_to, peak_megabytes, scratch_database, set_up

LATENCY_SECONDS = 0.02
ANSWER = b'{"sid": "SM%032d", "status": "queued", "error_code": null}'


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--messages", type=int, default=10_000, help="in each run")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--part", choices=["server", "ours", "bare"], help=argparse.SUPPRESS)
    parser.add_argument("--database", help=argparse.SUPPRESS)
    parser.add_argument("--channel", default="text", help=argparse.SUPPRESS)
    parser.add_argument("--limit", type=int, default=0, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    match arguments.part:
        case "server":
            run_server()
        case "ours" | "bare":
            run_worker(arguments.part, arguments.database, arguments.channel, arguments.limit)
        case _:
            measure(arguments.messages, arguments.rounds)


def measure(messages: int, rounds: int) -> None:
    set_up()
    runs: dict[tuple[str, int], list[dict[str, float]]] = {}
    with scratch_database("bench_delivery") as database, server() as url:
        fill(messages)
        for _ in range(rounds):
            for workers in (1, 2):
                for part in ("bare", "ours"):
                    refill()
                    runs.setdefault((part, workers), []).append(
                        one_run(part, workers, database, url, messages)
                    )
    print(
        f"{messages:,} texts a run, {CONCURRENCY} at once a worker, answers after {LATENCY_SECONDS * 1000:.0f} ms; "
    )
    print(f"median of {rounds} rounds in turns.\n")
    print("| | messages a second | worker's CPU a message | peak memory a worker |")
    print("|---|---|---|---|")
    for (part, workers), results in runs.items():
        rate, cpu, peak = (
            statistics.median(run[name] for run in results) for name in ("rate", "cpu", "peak")
        )
        name = {"bare": "bare loop", "ours": "Watchword"}[part]
        print(
            f"| {name}, {workers} worker{'s' * (workers > 1)} | {rate:,.0f} | {cpu * 1e6:,.0f} µs | {peak:,.0f} MB |"
        )
    for workers in (1, 2):
        ratios = [
            ours["rate"] / bare["rate"]
            for ours, bare in zip(runs["ours", workers], runs["bare", workers], strict=True)
        ]
        print(
            f"\nWatchword / bare loop, {workers} worker{'s' * (workers > 1)}: {statistics.median(ratios):.2f}"
        )


def one_run(
    part: str, workers: int, database: str, url: str, messages: int, channel: str = "text", limit: int = 0
) -> dict[str, float]:
    """Empty the queue with so many workers; the time is from the first hand-over to the last, of all together.

    With `limit`, our worker stops when it has handed over so many and those under way are done.
    """
    command = [sys.executable, "-m", "bench.delivery", "--part", part, "--database", database]
    command += ["--channel", channel, "--limit", str(limit)]
    environment = os.environ | provider_at(url) | {"WATCHWORD_PROVIDER_CONCURRENCY": str(CONCURRENCY)}
    started = [
        subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(workers)
    ]
    for process in started:
        assert process.stdout
        process.stdout.readline()  # it is ready
    for process in started:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    results = [json.loads(process.communicate()[0]) for process in started]
    sent = sum(result["sent"] for result in results)
    assert sent == messages or limit <= sent < messages, f"{sent} of {messages} were sent"
    seconds = max(r["ended"] for r in results) - min(r["began"] for r in results if r["sent"])
    return {
        "rate": sent / seconds,
        "cpu": sum(r["cpu"] for r in results) / sent,
        "peak": max(r["peak"] for r in results),
    }


def provider_at(url: str) -> dict[str, str]:
    """The settings that have everything handed over there."""
    match urlsplit(url).scheme:
        case "smtp":
            return {"WATCHWORD_SMTP_URL": url}
        case "smpp":
            return {"WATCHWORD_SMPP_URL": url, "WATCHWORD_TEXT_PROVIDERS": "smpp"}
        case _:
            return {"WATCHWORD_CARRIER_URL": url}


# The queue


def fill(messages: int, channel: str = "text") -> float:
    """So many people who must be told of one release, planned; how many seconds the planning took."""
    from django.db import connection
    from tests.county import County
    from tests.deliveries import notices, registrants, release

    from watchword.delivery.planning import plan_deliveries
    from watchword.notices.models import Notice
    from watchword.registrants.models import ContactPoint, Registrant, Registration

    notices(release(County()), registrants(1, [channel]))
    with connection.cursor() as cursor:
        cursor.execute(_copies(Registrant, of="generate_series(2, %s) AS n (id)"), [messages])
        for model, parent in (
            (ContactPoint, Registrant),
            (Registration, Registrant),
            (Notice, Registration),
        ):
            table, link = parent._meta.db_table, f"{parent._meta.model_name}_id"
            others = f"(SELECT id FROM {table} WHERE id > (SELECT min(id) FROM {table})) AS n"
            cursor.execute(_copies(model, of=others, link=link))
        cursor.execute("VACUUM (ANALYZE)")
    began = time.monotonic()
    plan_deliveries()
    return time.monotonic() - began


def _copies(model: Any, *, of: str, link: str = "") -> str:
    """The statement that copies this model's only row for each id of `of`, which goes into the column `link`."""
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    values = ["n.id" if column == link else f"first.{column}" for column in columns]
    table = model._meta.db_table
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table} AS first, {of}"
    )


def refill() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE delivery_attempt CASCADE")
        cursor.execute(
            "UPDATE delivery_delivery SET state = 'queued', attempts = 0, due_at = now(), handed_over_at = NULL"
        )
        cursor.execute("VACUUM ANALYZE delivery_delivery")


# The workers


def run_worker(part: str, database: str, channel: str, limit: int) -> None:
    set_up()
    connect_to(database)
    import uvloop

    from watchword.delivery.channels.registry import routes
    from watchword.delivery.worker import Worker

    provider = Counting(routes()[channel][0])
    worker = Worker({channel: [provider]})
    if limit:
        provider.full = (limit, worker.stop)
    print("ready", flush=True)
    sys.stdin.readline()
    before = resource.getrusage(resource.RUSAGE_SELF)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(worker.work(drain=True) if part == "ours" else bare_loop(provider))
    after = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {
                "sent": provider.sent,
                "began": provider.began,
                "ended": provider.ended,
                "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
                "peak": peak_megabytes(),
            }
        )
    )


class Counting:
    """A provider, counted and timed: the same client for both."""

    def __init__(self, provider: Any) -> None:
        self._provider = provider
        self.name, self.channels = provider.name, provider.channels
        self.open, self.close, self.find = provider.open, provider.close, provider.find
        self.sent, self.began, self.ended = 0, 0.0, 0.0
        self.full: tuple[int, Callable[[], None]] | None = None  # after so many hand-overs, do this

    @property
    def slots(self) -> int:
        return int(self._provider.slots)

    async def send(self, outbound: Any) -> Any:
        self.began = self.began or time.time()
        result = await self._provider.send(outbound)
        self.sent += 1
        self.ended = time.time()
        if self.full and self.sent == self.full[0]:
            self.full[1]()
        return result


async def bare_loop(provider: Counting) -> None:
    """Claim a batch, send it, mark it done; the next batch fills the slots that came free."""
    from uuid import uuid4

    import psycopg

    from watchword.delivery.liveness import address
    from watchword.delivery.records import Outbound

    await provider.open()
    link = await psycopg.AsyncConnection.connect(**address(), autocommit=True)
    done: list[int] = []
    sending: set[asyncio.Task[None]] = set()
    some_ended = asyncio.Event()
    claim = """
        UPDATE delivery_delivery SET state = 'claimed'
        WHERE id IN (
            SELECT id FROM delivery_delivery
            WHERE channel = 'text' AND urgent AND state IN ('queued', 'retry_wait') AND due_at <= now()
            ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED
        )
        RETURNING id
    """

    async def send(number: int) -> None:
        await provider.send(
            Outbound(
                delivery=number,
                reference=uuid4(),
                channel="text",
                provider="twilio",
                urgent=True,
                to="+12025550123",
                body="Harbor County: You have a message. Reply with your PIN, or read it here: " + "x" * 60,
                status_url="http://127.0.0.1:8600/webhooks/twilio/message-status?ref=" + "x" * 36,
            )
        )
        done.append(number)
        some_ended.set()

    while True:
        if done:
            finished, done[:] = list(done), []
            await link.execute(
                "UPDATE delivery_delivery SET state = 'handed_over' WHERE id = ANY(%s)", [finished]
            )
        free = CONCURRENCY - len(sending)
        claimed = await (await link.execute(claim, [free])).fetchall() if free else []
        for (number,) in claimed:
            task = asyncio.create_task(send(number))
            sending.add(task)
            task.add_done_callback(sending.discard)
        if not claimed and not sending and not done:
            break
        await some_ended.wait()
        some_ended.clear()
        await asyncio.sleep(LATENCY_SECONDS / 2)
    await link.close()
    await provider.close()


# The server


@contextmanager
def server() -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.delivery", "--part", "server"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    port = int(process.stdout.readline())
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


class Answering(asyncio.Protocol):
    """Answers every POST after the latency. Requests come whole or in two pieces (head, body)."""

    count = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        self._buffer = b""

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
        if found and len(body) >= length:
            self._buffer = body[length:]
            asyncio.get_running_loop().call_later(LATENCY_SECONDS, self._answer)

    def _answer(self) -> None:
        Answering.count += 1
        body = ANSWER % Answering.count
        self._transport.write(
            b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            % (len(body), body)
        )


def run_server() -> None:
    import uvloop

    async def serve() -> None:
        listening = await asyncio.get_running_loop().create_server(Answering, "127.0.0.1", 0, backlog=1024)
        print(listening.sockets[0].getsockname()[1], flush=True)
        await listening.serve_forever()

    uvloop.run(serve())


if __name__ == "__main__":
    main()
