"""Homes of their own, and the command line as a person runs it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.environment import new_home, remove
from watchword.config.private_postgres import PrivatePostgres

Command = Callable[..., "subprocess.Popen[str]"]


@contextmanager
def empty_home() -> Iterator[Path]:
    """A home whose server is stopped, and everything removed, at the end."""
    home = new_home()
    yield home
    clear(home)


def clear(home: Path) -> None:
    """Stop the server of a home, and remove everything."""
    server = PrivatePostgres(home)
    if server.answers():
        server.join()
        server.leave()
    remove(home, server)


@pytest.fixture
def home() -> Iterator[Path]:
    with empty_home() as home:
        yield home


@pytest.fixture
def another_home(home: Path) -> Iterator[Callable[[str], Path]]:
    """Makes a folder in the first home that is a home itself."""
    made: list[Path] = []

    def make(name: str) -> Path:
        made.append(home / name)
        made[-1].mkdir()
        return made[-1]

    yield make
    for folder in made:
        clear(folder)


@pytest.fixture
def watchword(home: Path) -> Iterator[Command]:
    """Starts `watchword ...` in that home, with no database given but what the test gives."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **settings: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-m", "watchword", *arguments],
            env=os.environ | {"WATCHWORD_HOME": str(home), "DATABASE_URL": ""} | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
