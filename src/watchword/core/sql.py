"""SQL that is too long for a line of Python lives in an app's `sql/` folder."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from django.db import connection


@cache
def load(package: str, name: str) -> str:
    """The text of `sql/<name>.sql` in that package."""
    return files(package).joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


def run(package: str, name: str, parameters: Mapping[str, Any]) -> int:
    """Run `sql/<name>.sql` of that package; how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(load(package, name), parameters)
        return int(cursor.rowcount)


def rows(package: str, name: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What `sql/<name>.sql` of that package finds, each row by its columns' names."""
    with connection.cursor() as cursor:
        cursor.execute(load(package, name), parameters)
        columns = [column.name for column in cursor.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in cursor]
