"""A database of its own for a measurement, beside the configured one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def set_up() -> None:
    """Load the settings and start the private PostgreSQL if there is no DATABASE_URL."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "watchword.config.settings")
    import django

    django.setup()
    from watchword.config.database import join_private_postgres

    join_private_postgres()


@contextmanager
def scratch_database(name: str) -> Iterator[str]:
    """A fresh, migrated database that this process is connected to; dropped afterwards."""
    from django.core.management import call_command
    from django.db import connection

    usual = connection.settings_dict["NAME"]
    scratch = f"{usual}_{name}"
    quoted = connection.ops.quote_name(scratch)
    _execute(f"DROP DATABASE IF EXISTS {quoted} WITH (FORCE)")
    _execute(f"CREATE DATABASE {quoted}")
    connect_to(scratch)
    try:
        call_command("migrate", verbosity=0, interactive=False)
        yield scratch
    finally:
        connect_to(usual)
        _execute(f"DROP DATABASE IF EXISTS {quoted} WITH (FORCE)")


def connect_to(name: str) -> None:
    """Use the database of this name from now on."""
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = name


def _execute(statement: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)


def peak_megabytes() -> float:
    """The most memory that this process has held. (ru_maxrss would count what the process held that started it.)"""
    return peak_megabytes_of("self")


def peak_megabytes_of(process: int | str) -> float:
    """The most memory that a living process has held."""
    status = Path(f"/proc/{process}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))
