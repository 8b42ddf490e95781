"""What every test stands on: the real database, and a small invented county to put people in."""

import os
import re
import shutil
from collections.abc import Iterator
from ctypes.util import find_library
from pathlib import Path

import argon2
import hypothesis
import pytest

from tests import environment

environment.settle()  # before anything imports a table

from django.contrib.auth.hashers import Argon2PasswordHasher  # noqa: E402
from django.db.backends.postgresql.operations import DatabaseOperations  # noqa: E402

from tests.county import County  # noqa: E402
from watchword.registrants import pins  # noqa: E402

SHARED = Path(__file__).parents[2] / "shared"

hypothesis.settings.register_profile("ours", deadline=None)  # what takes long on a busy machine is no failure
hypothesis.settings.load_profile("ours")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave out, by name, what this machine cannot run; where everything must run, that fails."""
    if item.get_closest_marker("shared") and not SHARED.is_dir():
        pytest.skip(f"the shared data sets are not at {SHARED}")
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
    programs = [program for marker in item.iter_markers("system") for program in marker.args]
    missing = [
        name
        for name in programs
        if not (find_library(name[3:]) if name.startswith("lib") else shutil.which(name, path=path))
    ]
    if missing and os.environ.get("CI") == "true":
        pytest.fail(f"this machine must have {', '.join(missing)}")
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")


@pytest.fixture(scope="session", autouse=True)
def _tests_may_empty_tables_that_only_grow() -> Iterator[None]:
    """Between tests Django empties every table; the append-only ones refuse that from anybody else.

    Rows are deleted: TRUNCATE makes a file for each table and index anew, which takes a hundred times as long.
    """
    patch = pytest.MonkeyPatch()
    flush = DatabaseOperations.execute_sql_flush

    def without_triggers(self: DatabaseOperations, statements: list[str]) -> None:
        quiet, loud = (f"SET session_replication_role = {role}" for role in ("replica", "origin"))
        tables = re.findall(r'"(\w+)"', " ".join(statements))
        flush(self, [quiet, *(f'DELETE FROM "{table}"' for table in tables), loud])  # noqa: S608

    patch.setattr(DatabaseOperations, "execute_sql_flush", without_triggers)
    yield
    patch.undo()


@pytest.fixture(scope="session", autouse=True)
def _pins_are_hashed_quickly() -> Iterator[None]:
    """The hash's cost is what keeps PINs and passwords safe; a suite that makes hundreds need not pay it."""
    patch = pytest.MonkeyPatch()
    for name, cost in {"time_cost": 1, "memory_cost": 8, "parallelism": 1}.items():
        patch.setattr(Argon2PasswordHasher, name, cost)
    patch.setattr(pins, "_hasher", argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    yield
    patch.undo()


@pytest.fixture
def county(db: None) -> County:
    return County()
