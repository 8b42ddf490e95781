"""How many people can sign up in a second?

`python -m bench.sign_ups` sends the last page of signing up (the request, two contacts, their codes, a PIN) to the web
server as `watchword up` starts it, and the same number of requests to a bare django-ninja endpoint that writes one row,
under the same server; in turns, so that a noisy machine harms both. The aim is at least 0.7 x. A PIN is hashed so that
it takes long, on purpose: what that costs is shown, and the ratio without it as well.
"""

import argparse
import itertools
import os
import socket
import statistics
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from psycopg.conninfo import make_conninfo

from bench.diff import MAPPING
from bench.scratch import scratch_database, set_up

_NUMBERS = itertools.count()
CHEAP = "bench.sign_ups:with_a_cheap_hash"
BARE = "bench.sign_ups:bare_application"
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_JSON = {"Content-Type": "application/json"}


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--requests", type=int, default=600, help="of each kind, a round")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--clients", type=int, default=4)
    chosen = options.parse_args()
    set_up()
    with scratch_database("bench_sign_ups"):
        measure(chosen.requests, chosen.rounds, chosen.clients)


def measure(requests: int, rounds: int, clients: int) -> None:
    from django.db import connection

    from watchword.feeds.receiving import add_source

    add_source("bench", MAPPING)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_row (id bigserial PRIMARY KEY, words text, at timestamptz DEFAULT now())"
        )
    statements, hashing = statements_of_one(), milliseconds_of_a_hash()
    seconds: dict[str | None, list[float]] = {None: [], CHEAP: [], BARE: []}
    with ExitStack() as stack:
        ports = {target: stack.enter_context(serving(target)) for target in seconds}
        for number in range(rounds + 1):
            for target, took in seconds.items():
                once = one_round(ports[target], pages(requests, is_bare=target == BARE), clients)
                if number:  # the first warms them up
                    took.append(once)
    print(
        f"{requests:,} requests a round, {rounds} rounds in turns, {clients} clients, one process that answers.\n"
    )
    print("| | a second, median | against the bare endpoint, pair by pair |")
    print("|---|---|---|")
    for name, target in (
        ("the last page of signing up", None),
        ("the same, its PIN hashed as cheaply as can be", CHEAP),
        ("one row, by a bare endpoint", BARE),
    ):
        ratios = [bare / ours for bare, ours in zip(seconds[BARE], seconds[target], strict=True)]
        print(
            f"| {name} | {requests / statistics.median(seconds[target]):,.0f} "
            f"| {statistics.median(ratios):.2f} x ({min(ratios):.2f} to {max(ratios):.2f}) |"
        )
    print(f"\nOne sign-up: {statements} statements; the hash of its PIN takes {hashing:.1f} ms of one core.")


def pages(count: int, *, is_bare: bool = False) -> list[tuple[str, bytes, dict[str, str]]]:
    """So many requests, each of somebody else: path, body and headers."""
    if is_bare:
        return [("/rows", b'{"words": "somebody wants to be told"}', _JSON)] * count
    return [("/sign-up", urlencode(last_page()).encode(), _FORM) for _ in range(count)]


def last_page() -> dict[str, str]:
    """What is sent with the last page of a sign-up at a verified source."""
    from watchword.site.sign_up.draft import Draft

    number = next(_NUMBERS)
    phone = f"+1 202 {200 + number // 10_000 % 800:03} {number % 10_000:04}"
    answers = {
        "who": {"for_whom": ["myself"]},
        "know": {"know": ["name"]},
        "name": {"full_name": [f"Jon Mercer {number}"], "age": ["31"]},
        "held": {"held": ["yes"]},
        "right": {"relation": ["victim"], "case": [f"26-{number}"]},
        "contacts": {"phone": [phone], "email": [f"reader{number}@example.org"]},
        "safety": {"starts": ["17"], "ends": ["18"], "zone": ["America/Chicago"], "voicemail": ["less"]},
    }
    return {"draft": Draft(step="language", answers=answers).sealed(), "language": "en", "pin": "904817"}


def one_round(port: int, requests: list[tuple[str, bytes, dict[str, str]]], clients: int) -> float:
    """The seconds until all were answered."""
    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(partial(send, port), (requests[one::clients] for one in range(clients))))
    return time.perf_counter() - began


def send(port: int, requests: list[tuple[str, bytes, dict[str, str]]]) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    for path, body, headers in requests:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        words = answer.read()
        assert answer.status == 200, (answer.status, words)
        assert path == "/rows" or b'name="code"' in words, words
    connection.close()


@contextmanager
def serving(target: str | None) -> Iterator[int]:
    """The web server as `watchword up` starts it, of the database that this process is connected to; its port.
    `target` is the factory of another application."""
    from django.conf import settings
    from django.db import connection

    from watchword.config.serving import answers, web_server

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = web_server(
        settings.WATCHWORD.model_copy(update={"http_port": port, "http_host": "127.0.0.1"})
    ).command
    if target is not None:
        command = [*command[:-1], "--factory", target]
    known = connection.settings_dict
    url = make_conninfo(
        dbname=known["NAME"],
        user=known["USER"],
        password=known["PASSWORD"],
        host=known["HOST"],
        port=known["PORT"],
    )
    process = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": url})
    try:
        while not answers("127.0.0.1", port):
            assert process.poll() is None, "the web server ended"
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


def with_a_cheap_hash() -> Any:
    """Ours, but for the one cost that is meant."""
    import argon2

    from watchword.config.wsgi import application
    from watchword.registrants import pins

    pins._hasher = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return application


def bare_application() -> Any:
    """A django-ninja endpoint that checks its input and writes one row, with nothing around it."""
    from django.conf import settings

    from watchword.config.connection import database_settings
    from watchword.config.environment import read_environment

    settings.configure(
        DATABASES={"default": database_settings(read_environment())},
        ROOT_URLCONF="bench.bare_rows",
        ALLOWED_HOSTS=["*"],
    )
    import django
    from django.core.handlers.wsgi import WSGIHandler

    django.setup()
    return WSGIHandler()


def statements_of_one() -> int:
    """How many statements one sign-up makes, those that begin and end a transaction left out."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(HTTP_HOST="localhost")
    client.post("/sign-up", last_page())
    with CaptureQueriesContext(connection) as queries:
        client.post("/sign-up", last_page())
    quiet = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return sum(not query["sql"].startswith(quiet) for query in queries.captured_queries)


def milliseconds_of_a_hash() -> float:
    from watchword.registrants.pins import hash_pin

    def one() -> float:
        began = time.process_time()
        hash_pin("904817")
        return (time.process_time() - began) * 1e3

    return statistics.median(one() for _ in range(25))


if __name__ == "__main__":
    main()
