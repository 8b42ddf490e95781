"""`watchword demo` as a process of its own, in a home of its own, on ports that nobody else has."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import environment
from watchword.config.private_postgres import PrivatePostgres

_PORTS = (
    "WATCHWORD_HTTP_PORT",
    "WATCHWORD_CARRIER_HTTP_PORT",
    "WATCHWORD_CARRIER_SMTP_PORT",
    "WATCHWORD_CARRIER_SMPP_PORT",
)
_PATIENCE = 120.0


@dataclass
class Playing:
    """A demo that runs: its process, what it has printed so far, and where its pages are."""

    process: subprocess.Popen[str]
    printed: Path
    url: str
    phones: str

    def wait_until_it_says(self, words: str) -> None:
        """Until these words stand in what it printed."""
        until = time.monotonic() + _PATIENCE
        while words not in self.printed.read_text():
            assert self.process.poll() is None, self.printed.read_text()
            assert time.monotonic() < until, self.printed.read_text()
            time.sleep(0.1)


@contextmanager
def playing(*arguments: str) -> Iterator[Playing]:
    """A demo while the block lasts; then it is told to end, and must."""
    home = environment.new_home()
    server = PrivatePostgres(home / "demo")
    ports = _free_ports(len(_PORTS))
    settings = os.environ | {"WATCHWORD_HOME": str(home)} | dict(zip(_PORTS, map(str, ports), strict=True))
    printed = home / "printed"
    with ExitStack() as ending, printed.open("w") as paper:
        ending.callback(environment.remove, home, server)
        process = subprocess.Popen(
            [sys.executable, "-m", "watchword", "demo", *arguments],
            env=settings,
            stdout=paper,
            stderr=subprocess.STDOUT,
            text=True,
        )
        ending.callback(lambda: print(printed.read_text()))  # shown by pytest where a test fails
        ending.callback(_end, process)
        url, phones = (f"http://127.0.0.1:{port}" for port in ports[:2])
        yield Playing(process=process, printed=printed, url=url, phones=phones)


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        raise


def _free_ports(count: int) -> list[int]:
    with ExitStack() as opened:
        sockets = [opened.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [each.getsockname()[1] for each in sockets]
