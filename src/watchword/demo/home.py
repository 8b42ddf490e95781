"""Where the demo lives: a home of its own, fresh each time, on ports that are free."""

import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.errors import ObjectInUse

from watchword.config.environment import Environment
from watchword.config.languages import NAMES
from watchword.config.private_postgres import PrivatePostgres
from watchword.core.errors import WatchwordError

OFFICE = "Harbor County Notification Service"
OFFICE_PHONE = "+1 202 555 0100"
_HOST = "127.0.0.1"


class DemoRunsAlreadyError(WatchwordError):
    """A demo is already running in this WATCHWORD_HOME. End it, or choose another home."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """The demo's home and the ports of its parts, all on this machine alone."""

    home: Path
    http_port: int
    carrier_http_port: int
    carrier_smtp_port: int
    carrier_smpp_port: int

    @property
    def url(self) -> str:
        """The system's own pages."""
        return f"http://{_HOST}:{self.http_port}"

    @property
    def carrier_url(self) -> str:
        """The carrier's API and its page of phones."""
        return f"http://{_HOST}:{self.carrier_http_port}"

    @property
    def settings(self) -> dict[str, str]:
        """The environment of every process of the demo. Empty: the private PostgreSQL, the development keys."""
        return {
            "WATCHWORD_DEMO": "true",
            "WATCHWORD_HOME": str(self.home),
            "DATABASE_URL": "",
            "WATCHWORD_OFFICE_NAME": OFFICE,
            "WATCHWORD_OFFICE_PHONE": OFFICE_PHONE,
            "WATCHWORD_LANGUAGES": " ".join(NAMES),  # drafts too: nobody here is told anything true
            "WATCHWORD_HTTP_HOST": _HOST,
            "WATCHWORD_HTTP_PORT": str(self.http_port),
            "WATCHWORD_PUBLIC_URL": self.url,
            "WATCHWORD_SMTP_URL": f"smtp://{_HOST}:{self.carrier_smtp_port}",
            "WATCHWORD_CARRIER_URL": self.carrier_url,
            "WATCHWORD_CARRIER_HTTP_PORT": str(self.carrier_http_port),
            "WATCHWORD_CARRIER_SMTP_PORT": str(self.carrier_smtp_port),
            "WATCHWORD_CARRIER_SMPP_PORT": str(self.carrier_smpp_port),
            "WATCHWORD_CARRIER_ACCOUNT": "",
            "WATCHWORD_CARRIER_TOKEN": "",
            "WATCHWORD_SECRET_KEY": "",
            "WATCHWORD_FIELD_KEYS": "",
            "WATCHWORD_BLIND_INDEX_KEY": "",
            # A call that nobody takes comes again while one still watches, not after half an hour.
            "WATCHWORD_CALL_REPEAT_MINUTES": "1",
            "WATCHWORD_RUNG_MINUTES": "0",
            "WATCHWORD_ROUTINE_RUNG_MINUTES": "0",
        }


def choose_place(environment: Environment) -> Place:
    """The demo's home under WATCHWORD_HOME; each port as set, or a free one where another program has it."""
    return Place(
        home=(environment.home / "demo").resolve(),
        http_port=_free_port(environment.http_port),
        carrier_http_port=_free_port(environment.carrier_http_port),
        carrier_smtp_port=_free_port(environment.carrier_smtp_port),
        carrier_smpp_port=_free_port(environment.carrier_smpp_port),
    )


def forget_last_time(home: Path, server: PrivatePostgres) -> None:
    """Empty the home and the database of the running `server`; DemoRunsAlreadyError while another demo uses them."""
    conninfo = make_conninfo(**(server.connection_options | {"dbname": "postgres"}))
    with psycopg.connect(conninfo, autocommit=True) as connection:
        database = sql.Identifier(server.connection_options["dbname"])
        try:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(database))
        except ObjectInUse:
            raise DemoRunsAlreadyError(DemoRunsAlreadyError.__doc__) from None
        connection.execute(sql.SQL("CREATE DATABASE {}").format(database))
    for left in home.iterdir():
        if left == server.folder:
            continue
        shutil.rmtree(left) if left.is_dir() else left.unlink()


def _free_port(wanted: int) -> int:
    for port in (wanted, 0):
        with socket.socket() as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                attempt.bind((_HOST, port))
            except OSError:
                continue
            chosen: int = attempt.getsockname()[1]
            return chosen
    raise WatchwordError("This machine has no free port left.")
