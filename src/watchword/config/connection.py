"""How Django reaches the database: the one that DATABASE_URL names, else the private PostgreSQL."""

from typing import Any

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from watchword.config.environment import Environment
from watchword.config.private_postgres import private_postgres
from watchword.core.errors import WatchwordError

_PLANNING = "-c random_page_cost=1.1 -c jit=off"
"""This system looks up few rows among millions, in memory or on solid-state disks, where reading at random costs little
more: without it, plans read whole tables (fan-out to 5 million registrations: 1.01 s against 2.20 s)."""


def database_settings(environment: Environment) -> dict[str, Any]:
    """Django's DATABASES entry. Nothing is started or made: see `ensure_ready`."""
    if environment.database_url:
        options = _read_url(environment.database_url)
    else:
        options = private_postgres(environment.home).connection_options
    # What the address itself asks for comes last, and so counts.
    options["options"] = f"{_PLANNING} {options.get('options', '')}".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": options.pop("dbname", ""),
        "USER": options.pop("user", ""),
        "PASSWORD": options.pop("password", ""),
        "HOST": options.pop("host", ""),
        "PORT": options.pop("port", ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }


def _read_url(url: str) -> dict[str, Any]:
    try:
        return {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    except ProgrammingError:
        raise WatchwordError(
            "DATABASE_URL is not an address of PostgreSQL; write postgresql://user:password@host:port/database."
        ) from None
