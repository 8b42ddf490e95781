"""`watchword up`: everything runs, is looked after, and ends together."""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from tests.integration.config.conftest import Command, empty_home
from watchword.config.private_postgres import PrivatePostgres


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """One home for all of these: what they do is end, in every way, and start again."""
    with empty_home() as home:
        yield home


@pytest.fixture
def port() -> int:
    """A port that is free."""
    with socket.create_server(("127.0.0.1", 0)) as holder:
        number: int = holder.getsockname()[1]
    return number


def line_with(process: "Popen[str]", words: str) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        if words in line:
            return line
    raise AssertionError(f"it ended without saying {words!r}")


def children(parent: int) -> dict[int, str]:
    """The processes that it started, and their commands."""
    found = {}
    for number in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        found[int(number)] = Path(f"/proc/{number}/cmdline").read_text().replace("\0", " ")
    return found


def child(parent: int, words: str) -> int:
    return next(number for number, command in children(parent).items() if words in command)


def until(condition: Callable[[], Any]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def is_there(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def page(port: int, path: str) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    return connection.getresponse().status


def test_it_serves_until_told_to_end_and_leaves_nothing_behind(
    watchword: Command, home: Path, port: int
) -> None:
    up = watchword("up", WATCHWORD_HTTP_PORT=str(port))
    assert str(port) in line_with(up, "Watchword is at")
    assert page(port, "/") == 200
    assert page(port, "/no-such-page") == 404
    assert page(port, "/static/site/site.css") == 200
    until(lambda: len(children(up.pid)) == 4)  # the upkeep starts when the pages are served
    parts = children(up.pid)
    up.terminate()
    assert up.wait() == 0
    assert not any(map(is_there, parts))
    assert not PrivatePostgres(home).answers()


def test_a_worker_that_died_is_started_again(watchword: Command, port: int) -> None:
    up = watchword("up", WATCHWORD_HTTP_PORT=str(port))
    line_with(up, "Watchword is at")
    worker = child(up.pid, "watchword work")
    os.kill(worker, signal.SIGKILL)
    assert '"part": "worker"' in line_with(up, "started again")
    until(lambda: any("watchword work" in command for command in children(up.pid).values()))
    assert child(up.pid, "watchword work") != worker


def test_when_the_web_server_dies_everything_ends(watchword: Command, port: int) -> None:
    up = watchword("up", WATCHWORD_HTTP_PORT=str(port))
    line_with(up, "Watchword is at")
    os.kill(child(up.pid, "granian"), signal.SIGKILL)
    line_with(up, "web server ended by itself")
    assert up.wait() == 1


def test_when_it_is_killed_its_parts_end_too(watchword: Command, port: int) -> None:
    up = watchword("up", WATCHWORD_HTTP_PORT=str(port))
    line_with(up, "Watchword is at")
    parts = children(up.pid)
    up.kill()
    until(lambda: not any(map(is_there, parts)))


def test_a_port_that_is_taken_is_told_in_one_sentence(watchword: Command, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        up = watchword("up", WATCHWORD_HTTP_PORT=str(port))
        _, said = up.communicate()
    assert up.returncode == 1
    assert f"cannot listen on 127.0.0.1 port {port}" in said
    assert "Traceback" not in said
