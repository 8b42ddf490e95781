"""What a column's words look like: numbers, dates and of which format, codes, lists, text.

A guess for a person to check (`watchword source draft`, `watchword source try`), never a rule that a roster is read by.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from watchword.feeds.words import tidy

DATES = (
    *("%m/%d/%Y", "%d/%m/%Y", "%m-%d-%Y", "%m/%d/%y", "%Y%m%d", "%Y/%m/%d", "%d-%b-%Y"),
    *("%d-%b-%y", "%d %b %Y", "%b %d, %Y", "%B %d, %Y", "%m%d%Y", "%d.%m.%Y"),
)
TIMES = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p", "%H%M")
_JOINTS = (" ", "T", ", ")

UNSET = frozenset({"", "unknown", "none", "n/a", "null", "na", "-", "tbd", "life", "00000000", "00/00/0000"})
"""Words that stand for nothing in columns of dates, folded."""

_CODES = 40
"""Different words of a column of codes at most; and each, on the whole, must come again."""

_SEPARATORS = ("|", ";", "\n", "/", ",")
_NUMBER = re.compile(r"-?\d+(\.0+)?")
_ENOUGH = 0.95  # of the words must fit a format: files have mistakes
_YES_NO = frozenset({"y", "n", "yes", "no", "true", "false", "t", "f", "x"})


@dataclass(frozen=True, kw_only=True)
class Guess:
    """What a column's words look like."""

    kind: str
    """`nothing`, `number`, `date`, `date and time`, `yes or no`, `code`, `list` or `text`."""
    formats: tuple[str, ...] = ()
    """Of dates, those that fit the most first; none for ISO 8601."""
    separator: str = ""
    """Of lists."""
    unset: tuple[str, ...] = ()
    """Words among the dates that are none, and are known to mean nothing."""
    is_ambiguous: bool = False
    """Days and months could be meant either way round."""


def guess(cells: Sequence[str]) -> Guess:
    """What these cells of one column look like."""
    said = Counter(filter(None, map(tidy, cells)))
    if not said:
        return Guess(kind="nothing")
    dates = {word: count for word, count in said.items() if word.casefold() not in UNSET}
    found = _as_dates(dates)
    if found is not None:
        unset = tuple(sorted(word for word in said if word.casefold() in UNSET))
        return Guess(kind=found.kind, formats=found.formats, is_ambiguous=found.is_ambiguous, unset=unset)
    if all(map(_NUMBER.fullmatch, said)):
        return Guess(kind="number")
    if {word.casefold() for word in said} <= _YES_NO:
        return Guess(kind="yes or no")
    if len(said) <= _CODES and said.total() >= 2 * len(said):
        return Guess(kind="code")
    separator = _separator(cells)
    return Guess(kind="list", separator=separator) if separator else Guess(kind="text")


def _as_dates(said: dict[str, int]) -> Guess | None:
    """The format that nearly all of these words have, if one has; the American one before the other."""
    if not said or not all(map(_may_be_date, said)):
        return None
    total = sum(said.values())
    if _share(said, None) >= _ENOUGH * total:
        return Guess(kind="date and time" if any(len(word) > 10 for word in said) else "date")
    shares = {pattern: _share(said, pattern) for pattern in _patterns(max(said, key=len))}
    fitting = [pattern for pattern, share in shares.items() if share >= _ENOUGH * total]
    if not fitting:
        return None
    best = max(fitting, key=lambda pattern: shares[pattern])  # the first of equals
    kind = "date and time" if "%H" in best or "%I" in best else "date"
    turned = best.replace("%m/%d", "%d/%m")
    return Guess(kind=kind, formats=(best,), is_ambiguous=turned != best and turned in fitting)


def _may_be_date(word: str) -> bool:
    return 6 <= len(word) <= 32 and any(map(str.isdigit, word))


def _patterns(longest: str) -> list[str]:
    if ":" not in longest and len(longest) <= 12:
        return list(DATES)
    timed = [date + joint + time for date in DATES for joint in _JOINTS for time in TIMES]
    return [*DATES, *timed]


def _share(said: dict[str, int], pattern: str | None) -> int:
    return sum(count for word, count in said.items() if _fits(word, pattern))


def _fits(word: str, pattern: str | None) -> bool:
    """Whether this word is a date in this format (ISO 8601, if None) of a year that a roster may speak of."""
    try:
        if pattern is None:
            return "-" in word and 1900 <= datetime.fromisoformat(word).year <= 2200
        return 1900 <= datetime.strptime(word, pattern).year <= 2200  # noqa: DTZ007 - only whether it can be read
    except ValueError:
        return False


def _separator(cells: Sequence[str]) -> str:
    """What seems to stand between the items of a list: in many cells, and with words that come again."""
    for separator in _SEPARATORS:
        several = [cell for cell in cells if separator in cell.strip()]
        if len(several) < max(1, len(cells) // 20):
            continue
        items = Counter(tidy(item) for cell in cells for item in cell.split(separator))
        if items.total() >= 2 * len(items):
            return separator
    return ""
