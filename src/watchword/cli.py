"""The command line: a thin face over the apps' actions and queries.

A command that needs the database calls `ready()` first and imports what it uses after it, so that `--help` and
`doctor` need neither Django nor a server. Data goes to standard output, everything else to standard error.
Exit status: 0 done, 1 failed (a WatchwordError, in one sentence), 2 bad usage.
"""

import json
import os
import signal
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass
from datetime import datetime
from types import FrameType
from typing import Annotated, Any

import typer

from watchword.core.errors import WatchwordError

app = typer.Typer(
    help="Watches where a person is held and sends word, the moment that changes, to those with the right to know.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
source = typer.Typer(help="The feeds that rosters come from.", no_args_is_help=True)
app.add_typer(source, name="source")

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def main() -> None:
    """Run the command line."""
    signal.signal(signal.SIGTERM, _end)
    try:
        app()
    except WatchwordError as error:
        print(f"watchword: {error}", file=sys.stderr)
        sys.exit(1)


def _end(_number: int, _frame: FrameType | None) -> None:
    """SIGTERM ends a command as Ctrl-C does: what it opened is closed, the private PostgreSQL among it."""
    sys.exit(128 + signal.SIGTERM)


def ready() -> None:
    """Set up Django, start the private PostgreSQL if need be, and bring the database up to date."""
    set_up_django()
    from watchword.config.database import ensure_ready

    ensure_ready()


def set_up_django() -> None:
    """Load the settings and the tables' classes; nothing is connected to."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "watchword.config.settings")
    import django

    django.setup()


def print_json(value: Any) -> None:
    """Print data as JSON: records as objects, times in ISO 8601, everything else that is no JSON as its words."""
    print(json.dumps(value, default=_plain, ensure_ascii=False, indent=2))


def print_table(columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Print rows in columns, `{key of the row: heading}`."""
    lines = [list(columns.values()), *([str(row[key]) for key in columns] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        print("  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)).rstrip())


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return value.isoformat() if isinstance(value, datetime) else str(value)


@app.command()
def up() -> None:
    """Run this installation in the foreground: web server and worker, until Ctrl-C."""
    set_up_django()
    from watchword.config.serving import up

    up()


@app.command()
def doctor(as_json: Json = False) -> None:
    """Show every setting and where it comes from, and check what this installation needs. Changes nothing."""
    from watchword.config.doctor import examine

    findings = examine()
    if as_json:
        print_json(findings)
    else:
        print_table({"name": "SETTING", "value": "VALUE", "origin": "FROM"}, map(asdict, findings.settings))
        print()
        print_table({"name": "CHECK", "verdict": "", "finding": "FINDING"}, map(asdict, findings.checks))
    if not findings.healthy:
        sys.exit(1)


@source.command("list")
def source_list(as_json: Json = False) -> None:
    """List the sources."""
    ready()
    from watchword.feeds.models import Source

    rows = list(Source.objects.order_by("name").values("name", "added_at"))
    if as_json:
        print_json(rows)
    else:
        print_table({"name": "SOURCE", "added_at": "ADDED"}, rows)
