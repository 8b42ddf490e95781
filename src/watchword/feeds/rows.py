"""What every reader of a roster's file has in common: rows as bytes, and the cells of one of them."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from watchword.feeds import unpacking
from watchword.feeds.lines import UnreadableRosterError
from watchword.feeds.mapping import Mapping

Cells = list[str | None]

BETWEEN_ITEMS = "\x1f"
"""What stands between the items of a list that a JSON file gives as a list (ASCII's unit separator)."""


class Batch(NamedTuple):
    """Rows that are to be looked at, as bytes; others among them were passed over."""

    rows: list[bytes]
    places: Sequence[int]
    """Where each of them stands among all rows of the batch."""
    total: int
    """Of all rows of the batch, those passed over with them."""
    passed: list[int] = []
    """The known stretches that were passed over."""
    unknown: list[tuple[bytes, int]] = []
    """The stretches that the rows come from, if it is known: the fingerprint of each, and how many rows it has."""

    @classmethod
    def of(cls, rows: list[bytes]) -> "Batch":
        """A batch of which nothing was passed over."""
        return cls(rows, range(len(rows)), len(rows))


PassOver = Callable[[bytes, Callable[[bytes], list[bytes]]], tuple[Batch, int]]
"""What is to be looked at of a text of whole lines, and how far that goes; what is left comes again before the next
text. It is given what finds the rows in a text.
"""


def nothing(text: bytes, rows_in: Callable[[bytes], list[bytes]]) -> tuple[Batch, int]:
    """Pass over nothing."""
    return Batch.of(rows_in(text)), len(text)


class BadRowError(Exception):
    """A row that cannot be cut into its cells. `cells` holds what is sure all the same, to find whose row it is."""

    def __init__(self, reason: str, cells: Cells) -> None:
        super().__init__(reason)
        self.cells = cells


class RowReader(ABC):
    """One file being read.

    `header` (bytes) is what gives cells their meaning, and so belongs in every fingerprint; `names` are the columns
    that the file says it has, in its order and its own words, if it says so before its rows.
    """

    header: bytes = b""
    names: Sequence[str] = ()

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self._wanted = [tuple(map(folded, column.column)) for column in mapping.columns.values()]
        self._key_at = list(mapping.columns).index("person_key")

    @abstractmethod
    def batches(self, pass_over: PassOver = nothing) -> Iterator[Batch]:
        """The rows after the header, many at a time; UnreadableRosterError where the file ends all sense.

        A file of lines is given to `pass_over` text by text. Others need not be: to pass over is to save time.
        """

    @abstractmethod
    def cells(self, row: bytes) -> Cells:
        """The row's cells, one per mapped column in the mapping's order, None for a column that the file has not.

        BadRowError if the row cannot be cut.
        """

    @abstractmethod
    def everything(self, row: bytes) -> dict[str, str]:
        """All that the row says, by the file's own names for it, mapped or not; nothing where it cannot be cut."""

    def check(self) -> None:
        """UnreadableRosterError where the file says which columns it has, and the person's number is not one."""
        if self.names and not any(folded(name) in self._wanted[self._key_at] for name in self.names):
            raise UnreadableRosterError(
                "The file has no column for person_key: it should be one of "
                f"{', '.join(self._mapping.columns['person_key'].column)}. "
                "Was the file cut, or has the source changed it?"
            )

    def _places(self, names: list[str]) -> list[int | None]:
        """Where the wanted columns stand among these; the first of two like names counts."""
        said = [folded(name) for name in names]
        return [next((said.index(name) for name in wanted if name in said), None) for wanted in self._wanted]

    def _object_cells(self, text: str) -> Cells:
        """The wanted cells of a row that is a JSON object."""
        named = self._object(text)
        found = (next((named[name] for name in names if name in named), None) for names in self._wanted)
        return [None if value is None else as_text(value) for value in found]

    def _object(self, text: str) -> dict[str, Any]:
        """A row that is a JSON object, flat."""
        nothing: Cells = [None] * len(self._wanted)
        try:
            value = json.loads(text)
            if not isinstance(value, dict):
                raise BadRowError("not a JSON object", nothing)
            return unpacking.flat(value)
        except (ValueError, RecursionError):
            raise BadRowError("not readable as JSON", nothing) from None

    def _object_words(self, text: str) -> dict[str, str]:
        try:
            named = self._object(text)
        except BadRowError:
            return {}
        return {name: as_text(value) for name, value in named.items() if value is not None}


def folded(name: str) -> str:
    """A column's name as names are compared."""
    return " ".join(name.split()).casefold()


def as_text(value: Any) -> str:
    """A JSON value as the text that a CSV would have held; the items of a list stand apart by BETWEEN_ITEMS."""
    match value:
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case list():
            return BETWEEN_ITEMS.join(as_text(item) for item in value if item is not None)
        case _:
            return str(value)
