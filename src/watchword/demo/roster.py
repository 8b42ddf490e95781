"""A roster of Harbor County as the bytes of a CSV file, in the words of harbor-county.yaml."""

import csv
import io
from collections.abc import Iterable
from dataclasses import fields
from datetime import date, datetime

from watchword.demo.people import Held

_COLUMNS = [field.name for field in fields(Held)]
_Value = str | date | datetime | tuple[str, ...] | None


def as_csv(held: Iterable[Held]) -> bytes:
    """The complete listing: a header and one row a person."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    writer.writerows([_written(getattr(person, column)) for column in _COLUMNS] for person in held)
    return text.getvalue().encode()


def _written(value: _Value) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case tuple():
            return ";".join(value)
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case date():
            return f"{value:%Y-%m-%d}"
