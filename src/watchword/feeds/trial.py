"""What a mapping makes of a file: the values that `watchword source try` shows."""

from dataclasses import dataclass
from dataclasses import field as default

from watchword.feeds.reading import BadRow


@dataclass(frozen=True, kw_only=True)
class MappedColumn:
    """What came of one mapped column."""

    field: str
    column: str
    """The file's column that is read for it; '' where it has none of those named."""
    read_as: str
    looks_like: str
    """What its cells look like, whatever they are read as."""
    filled: int
    unset: int
    least: str | None = None
    """Of dates, times and numbers: the least, and the greatest."""
    greatest: str | None = None
    words: dict[str, int] = default(default_factory=dict)
    """Of codes and places: what was understood, and how often."""
    without_meaning: dict[str, int] = default(default_factory=dict)
    """Of codes: the source's words that `values` do not name, and how often they came."""


@dataclass(frozen=True, kw_only=True)
class Unmapped:
    """A column that the file has and the mapping does not read."""

    column: str
    looks_like: str


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What a mapping makes of a file."""

    verdict: str
    """In one sentence: what would happen to such a roster."""
    is_usable: bool
    rows: int = 0
    readable: int = 0
    """Different rows that can be read; a row that stands there twice is one."""
    bad: int = 0
    people: int = 0
    """Different people, by their numbers."""
    in_custody: int = 0
    """Different people of whom a row says that they are held."""
    columns: tuple[MappedColumn, ...] = ()
    unmapped: tuple[Unmapped, ...] = ()
    notes: tuple[str, ...] = ()
    """What looks odd, in plain words."""
    bad_rows: tuple[BadRow, ...] = ()
    """The first of them."""
    first_people: tuple[dict[str, str], ...] = ()
    """The first rows as they are understood; only as many as were asked for."""
