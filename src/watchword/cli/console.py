"""What every command shares: its common options, getting ready, and printing."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Annotated, Any

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
By = Annotated[str, typer.Option("--by", help="Who decides; it goes into the ledger.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it goes into the ledger.")]


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


def print_rows(rows: list[dict[str, Any]], as_json: bool) -> None:
    """Print rows as JSON, or in columns headed by their keys."""
    if as_json:
        print_json(rows)
    elif rows:
        print_table({name: name.upper() for name in rows[0]}, rows)


def in_words(value: object) -> str:
    """A value as a person reads it; counts by kind as `3 released, 1 escaped`."""
    if isinstance(value, dict):
        return ", ".join(f"{count} {kind}" for kind, count in value.items()) or "none"
    return "none" if value is None else str(value)


def moment(text: str | None) -> datetime | None:
    """The time that an option gives, in this machine's zone unless it names one; BadParameter where it is none."""
    if text is None:
        return None
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is not a time in ISO 8601, such as 2026-03-01T06:00:00-05:00."
        ) from None
    return given if given.tzinfo else given.astimezone()
