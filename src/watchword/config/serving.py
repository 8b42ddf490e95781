"""`watchword up`: the web server, a worker, the intake and the upkeep, in the foreground."""

import os
import socket
import sys
import time
from http.client import HTTPConnection, HTTPException

from django.conf import settings
from django.db import connections

from watchword.config.database import ensure_ready
from watchword.config.environment import Environment
from watchword.config.processes import Part, Processes, told_to_end
from watchword.core.errors import WatchwordError

_SECONDS_TO_ANSWER = 30
_MOST_THREADS = 16  # of one process that answers; each may hold a connection to the database


def up() -> None:
    """Run this installation until told to end. WatchwordError where the web server cannot start."""
    environment: Environment = settings.WATCHWORD
    check_port_is_free(environment.http_host, environment.http_port)
    ensure_ready()
    connections.close_all()  # this process only watches from here on
    parts = [web_server(environment), worker(), intake(), upkeep()]
    with told_to_end() as told, Processes(parts) as processes:
        began = time.monotonic()
        while not told.is_set() and not answers(environment.http_host, environment.http_port):
            processes.look()
            if time.monotonic() - began > _SECONDS_TO_ANSWER:
                raise WatchwordError(f"The web server did not answer within {_SECONDS_TO_ANSWER} seconds.")
            told.wait(0.05)
        if not told.is_set():
            print(
                f"Watchword is at http://{environment.http_host}:{environment.http_port}/ - Ctrl-C ends it.",
                file=sys.stderr,
            )
        processes.watch(told)


def web_server(environment: Environment) -> Part:
    """The pages, the HTTP API and the carriers' webhooks."""
    options = {
        "interface": "wsgi",
        "host": environment.http_host,
        "port": environment.http_port,
        "workers": environment.http_workers,
        "blocking-threads": min(_MOST_THREADS, 2 * (os.cpu_count() or 1) + 1),
        "static-path-route": settings.STATIC_URL.rstrip("/"),
        "static-path-mount": settings.STATIC_ROOT,
        "workers-kill-timeout": 10,
        "log-level": "warning",
    }
    arguments = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    command = [sys.executable, "-m", "granian", *arguments, "--no-ws", "watchword.config.wsgi:application"]
    return Part(name="web server", command=command, is_vital=True)


def worker() -> Part:
    """Sends what is due."""
    return Part(name="worker", command=[sys.executable, "-m", "watchword", "work"])


def intake() -> Part:
    """Fetches the rosters that are to be fetched, and takes every roster that came to its end."""
    return Part(name="intake", command=[sys.executable, "-m", "watchword", "intake"], seconds_before_start=1)


def upkeep() -> Part:
    """Does by the clock what each room's `jobs` say."""
    command = [
        sys.executable,
        "-m",
        "django",
        "procrastinate",
        "worker",
        "--concurrency",
        "1",
        "--queues",
        "upkeep",
    ]
    return Part(name="upkeep", command=command, seconds_before_start=2)


def check_port_is_free(host: str, port: int) -> None:
    """WatchwordError where another program has the port, or this machine has no such address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except OSError as error:
            raise WatchwordError(
                f"The web server cannot listen on {host} port {port}: {error.strerror}. "
                "End the other program, or choose another WATCHWORD_HTTP_PORT."
            ) from error


def answers(host: str, port: int) -> bool:
    """Whether a web server there answers any request at all."""
    wildcards = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - read, not bound
    connection = HTTPConnection(wildcards.get(host, host), port, timeout=5)
    try:
        connection.request("HEAD", "/")
        connection.getresponse()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True
