"""Bringing the database to where the code expects it."""

import sys
import time

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from watchword.config.private_postgres import private_postgres
from watchword.core.errors import WatchwordError

_MIGRATING = 0x77_61_74_63_68  # an advisory lock's number, ours alone: "watch"


def ensure_ready() -> None:
    """Start the private PostgreSQL if it is wanted and not running, and apply the migrations that are missing.

    Says on standard error what it did, and nothing where there was nothing to do. WatchwordError where the database
    does not answer or is older than PostgreSQL 15.
    """
    join_private_postgres()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version_num")
            version = int(cursor.fetchone()[0])
    except OperationalError as error:
        raise WatchwordError(f"The database does not answer: {error}") from error
    if version < 15_00_00:
        raise WatchwordError("Watchword needs PostgreSQL 15 to 18, and the database's server is older.")
    if _missing_migrations():
        _migrate()


def join_private_postgres() -> None:
    """Keep the private PostgreSQL running while this process lives; nothing where DATABASE_URL is set."""
    if settings.WATCHWORD.database_url:
        return
    server = private_postgres(settings.WATCHWORD.home)
    began = time.monotonic()
    if server.join():
        _say(f"Started the private PostgreSQL in {server.folder} ({time.monotonic() - began:.1f} s).")


def _missing_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _migrate() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
        try:
            # Another process may have done it while this one waited for the lock.
            if missing := _missing_migrations():
                call_command("migrate", verbosity=0, interactive=False)
                _say(f"Brought the database up to date ({missing} migrations).")
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATING])


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
