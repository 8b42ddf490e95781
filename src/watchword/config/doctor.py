"""`watchword doctor`: the settings in force, and whether what an installation needs is there. Changes nothing."""

import os
import re
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import django
import psycopg
from django.conf import settings
from dotenv import dotenv_values
from psycopg.conninfo import make_conninfo

from watchword.config.development_keys import NAMES, keys_file
from watchword.config.environment import (
    Environment,
    is_secret,
    read_environment,
    settings_file,
    unknown_variables,
    variable_name,
)
from watchword.config.installed_apps import INSTALLED_APPS
from watchword.config.private_postgres import private_postgres
from watchword.core.errors import WatchwordError

if TYPE_CHECKING:
    from watchword.delivery.channels import Provider

_OF_ALLAUTH = "allauth.account.middleware.AccountMiddleware"  # its app does not load without
_PASSWORD_IN_URL = re.compile(r"(?<=://)([^:@/]*):[^@/]*@")

Verdict = Literal["ok", "note", "fault"]


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One setting in force."""

    name: str
    value: str
    """A secret shows only whether it is set."""
    origin: str
    description: str


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing looked at."""

    name: str
    verdict: Verdict
    finding: str


@dataclass(frozen=True, kw_only=True)
class Findings:
    """Everything seen."""

    settings: list[Setting]
    checks: list[Check]
    healthy: bool
    """No check found a fault."""


def examine() -> Findings:
    """Look at the settings, the database, the ports, the providers and the carriers."""
    environment = read_environment()
    smtp, carrier = urlsplit(environment.smtp_url), urlsplit(environment.carrier_url)
    checks = [
        *(
            Check(name=name, verdict="fault", finding="no such setting; is it misspelt?")
            for name in unknown_variables()
        ),
        Check(name="data folder", verdict="ok", finding=str(environment.home.resolve())),
        *_database(environment),
        _keys(environment),
        *_providers(environment),
        _port("web server", environment.http_host, environment.http_port),
        _answer("mail server", smtp.hostname, smtp.port or (465 if smtp.scheme == "smtps" else 587)),
        _answer("carrier", carrier.hostname, carrier.port or (443 if carrier.scheme == "https" else 80)),
    ]
    return Findings(
        settings=_settings(environment),
        checks=checks,
        healthy=all(check.verdict != "fault" for check in checks),
    )


def _settings(environment: Environment) -> list[Setting]:
    written = dotenv_values(settings_file())
    found = []
    for name, declared in Environment.model_fields.items():
        variable, value = variable_name(name), str(getattr(environment, name))
        shown = "(set)" if value and is_secret(declared) else _PASSWORD_IN_URL.sub(r"\1:***@", value)
        origin = (
            "environment"
            if variable in os.environ
            else str(settings_file())
            if variable in written
            else "default"
        )
        found.append(
            Setting(name=variable, value=shown, origin=origin, description=declared.description or "")
        )
    return found


def _database(environment: Environment) -> list[Check]:
    if environment.database_url:
        try:
            with psycopg.connect(environment.database_url, connect_timeout=5) as connection:
                return _server(connection, "DATABASE_URL")
        except psycopg.Error as error:
            return [Check(name="PostgreSQL", verdict="fault", finding=f"DATABASE_URL: {str(error).strip()}")]
    try:
        server = private_postgres(environment.home)
        if not server.answers():
            finding = f"private, in {server.folder}; not running: a command that needs it starts it"
            return [Check(name="PostgreSQL", verdict="ok", finding=finding)]
        with psycopg.connect(make_conninfo(**server.connection_options)) as connection:
            return _server(connection, f"private, in {server.folder}")
    except (psycopg.Error, WatchwordError) as error:
        return [Check(name="PostgreSQL", verdict="fault", finding=str(error).strip())]


def _server(connection: psycopg.Connection[tuple[object, ...]], place: str) -> list[Check]:
    version = connection.info.server_version
    major = version // 10000
    finding = f"{place}; version {major}.{version % 10000}"
    if not 15 <= major <= 18:
        return [Check(name="PostgreSQL", verdict="fault", finding=f"{finding}; 15 to 18 is needed")]
    return [Check(name="PostgreSQL", verdict="ok", finding=finding), *_held(connection)]


def _held(connection: psycopg.Connection[tuple[object, ...]]) -> list[Check]:
    """That nothing is sent, where a worker found the database older than it was (delivery/heartbeat.py)."""
    if connection.execute("SELECT to_regclass('worklist_incident')").fetchone() == (None,):
        return []
    held = connection.execute(
        "SELECT summary FROM worklist_incident WHERE kind = 'database_restored' AND state = 'open'"
    )
    return [Check(name="sending", verdict="fault", finding=str(summary)) for (summary,) in held]


def _keys(environment: Environment) -> Check:
    missing = [variable_name(name) for name in NAMES if not getattr(environment, name)]
    if not missing:
        return Check(name="keys", verdict="ok", finding="all given")
    finding = f"development keys, in {keys_file(environment)}, stand in for {', '.join(missing)}"
    return Check(name="keys", verdict="note", finding=finding)


def _providers(environment: Environment) -> list[Check]:
    """Each channel's providers, made as a worker makes them when it starts, which says what is wrong."""
    if not settings.configured:  # config/settings.py would make keys where there are none
        settings.configure(
            WATCHWORD=environment,
            ANYMAIL=environment.anymail,
            INSTALLED_APPS=INSTALLED_APPS,
            MIDDLEWARE=[_OF_ALLAUTH],
        )
        django.setup()
    from watchword.delivery.channels.registry import CHANNELS, route_of

    made: dict[str, Provider] = {}
    checks = []
    for channel in CHANNELS:
        name = f"{channel} providers"
        try:
            finding = ", ".join(provider.name for provider in route_of(channel, made)) or "none: not used"
            checks.append(Check(name=name, verdict="ok", finding=finding))
        except WatchwordError as error:
            checks.append(Check(name=name, verdict="fault", finding=str(error)))
    return checks


def _port(name: str, host: str, port: int) -> Check:
    taken = _connects(host, port)
    finding = "answers: this installation runs, or another program has the port" if taken else "is free"
    return Check(name=name, verdict="note" if taken else "ok", finding=f"{host}:{port} {finding}")


def _answer(name: str, host: str | None, port: int) -> Check:
    there = _connects(host or "", port)
    finding = f"{host}:{port} {'answers' if there else 'does not answer'}"
    return Check(name=name, verdict="ok" if there else "note", finding=finding)


def _connects(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=3).close()
    except OSError:
        return False
    return True
