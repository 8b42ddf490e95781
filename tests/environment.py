"""Where the tests run: settings of their own, a home for the session, and a database.

The database is the one that DATABASE_URL names (its role must be allowed to make databases and to set
session_replication_role), else a private PostgreSQL made for the session and gone after it.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

import django
import psycopg
from django.conf import settings
from psycopg.conninfo import make_conninfo

from watchword.config.private_postgres import PrivatePostgres


def settle() -> None:
    """Set up Django for the tests, whatever settings the shell holds."""
    if not settings.configured:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "")
        if not worker:
            _forget_settings()
            os.environ["WATCHWORD_HOME"] = str(_home_of_the_session())
            if not os.environ.get("DATABASE_URL"):
                _start_private_postgres()
        else:
            os.environ["WATCHWORD_HOME"] += f"/{worker}"  # each has a database of its own, so each a home
        os.environ["DJANGO_SETTINGS_MODULE"] = "watchword.config.settings"
    django.setup()


def database_url() -> str:
    """The address of the test's database, for a process that the test starts."""
    from django.db import connection

    options = connection.get_connection_params()
    return url_of(
        {name: options[name] for name in ("user", "password", "host", "port", "dbname") if options.get(name)}
    )


def url_of(options: dict[str, str]) -> str:
    """libpq's options as one address; a folder of a socket may stand for the host."""
    database = quote(options["dbname"])
    return (
        f"postgresql:///{database}?{urlencode({name: options[name] for name in options if name != 'dbname'})}"
    )


@contextmanager
def throw_away_postgres(programs: Path | None = None) -> Iterator[PrivatePostgres]:
    """A private PostgreSQL in a new home, made of these programs or of the wheel's; gone at the end."""
    home = new_home()
    server = PrivatePostgres(home, programs)
    try:
        server.join()
        allow_quiet_emptying(server)
        yield server
    finally:
        server.leave()
        remove(home, server)


def new_home() -> Path:
    """An empty home that a server's account can reach."""
    home = Path(tempfile.mkdtemp(prefix="watchword-"))
    home.chmod(0o755)
    return home


def remove(home: Path, server: PrivatePostgres) -> None:
    """Remove a home, and what its server kept elsewhere."""
    for folder in (server.folder, server.socket_folder, home):
        shutil.rmtree(folder, ignore_errors=True)


def allow_quiet_emptying(server: PrivatePostgres) -> None:
    """Let the role empty append-only tables between tests, as only an administrator may let it."""
    administrator = server.connection_options | {"user": "postgres"}
    with psycopg.connect(make_conninfo(**administrator)) as connection:
        connection.execute("GRANT SET ON PARAMETER session_replication_role TO watchword")


def _forget_settings() -> None:
    for name in [name for name in os.environ if name.startswith("WATCHWORD_")]:
        del os.environ[name]


def _home_of_the_session() -> Path:
    home = new_home()
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    return home


def _start_private_postgres() -> None:
    server = throw_away_postgres()
    atexit.register(server.__exit__, None, None, None)
    os.environ["DATABASE_URL"] = url_of(server.__enter__().connection_options)
