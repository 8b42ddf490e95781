"""What every test stands on: the real database, and a small invented county to put people in."""

from collections.abc import Iterator
from typing import Any

import argon2
import pytest
from django.db.backends.postgresql.operations import DatabaseOperations

from tests.county import County
from watchword.registrants import pins


@pytest.fixture(scope="session", autouse=True)
def _tests_may_empty_tables_that_only_grow() -> Iterator[None]:
    """Between tests Django empties every table; the append-only ones refuse that from anybody else."""
    patch = pytest.MonkeyPatch()
    flush = DatabaseOperations.execute_sql_flush

    def without_triggers(self: DatabaseOperations, statements: Any) -> None:
        quiet, loud = (f"SET session_replication_role = {role}" for role in ("replica", "origin"))
        flush(self, [quiet, *statements, loud])

    patch.setattr(DatabaseOperations, "execute_sql_flush", without_triggers)
    yield
    patch.undo()


@pytest.fixture(scope="session", autouse=True)
def _pins_are_hashed_quickly() -> Iterator[None]:
    """The hash's cost is what keeps PINs safe; a suite that registers hundreds of people need not pay it."""
    patch = pytest.MonkeyPatch()
    patch.setattr(pins, "_hasher", argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    yield
    patch.undo()


@pytest.fixture
def county(db: None) -> County:
    return County()
