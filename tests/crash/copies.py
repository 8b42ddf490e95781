"""Copies of the test's database, to be put in its place."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection
from psycopg import sql

from watchword.delivery.liveness import address


class Copy:
    """A copy of the test's database, as of when it was made."""

    def __init__(self) -> None:
        self.of = connection.settings_dict["NAME"]
        self.name = f"{self.of}_yesterday"
        self._make(self.name, self.of)

    def restore(self) -> None:
        """Put it in the place of the database."""
        with _administration() as link:
            link.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(self.of)))
        self._make(self.of, self.name)

    def drop(self) -> None:
        with _administration() as link:
            link.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(self.name)))

    def _make(self, name: str, template: str) -> None:
        with _administration() as link:
            made = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            link.execute(made.format(sql.Identifier(name), sql.Identifier(template)))


@contextmanager
def _administration() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    given = address() | {"dbname": "postgres"}
    connection.close()  # a database that somebody uses is neither copied nor dropped
    with psycopg.connect(**given, autocommit=True) as link:
        yield link
