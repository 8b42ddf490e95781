"""Parts of a rule file, checked as they are read: Unusable where one is not as it should be."""

import difflib
from collections.abc import Iterable, Mapping, Set
from datetime import date
from typing import Any

from watchword.core.located_yaml import Path
from watchword.law.rulebook import Outcome

STATUSES = ("verified", "secondary", "from memory", "not found")
"""How well a text is known."""


class Unusable(Exception):  # noqa: N818 - becomes a RulesError as soon as the file is known
    """Something in a file cannot be used: where it stands, and the remedy."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(message)
        self.path = path


def mapping(said: Any, path: Path) -> Mapping[str, Any]:
    """This as a mapping."""
    if not isinstance(said, dict):
        raise Unusable(path, "should be a mapping of names to values")
    return said


def part(said: Mapping[str, Any], name: str, path: Path = ()) -> Mapping[str, Any]:
    """A mapping that may be left out."""
    return mapping(said.get(name, {}), (*path, name))


def list_of(said: Mapping[str, Any], name: str, path: Path) -> list[Any]:
    """A list with at least one entry."""
    told = need(said, name, path)
    if not isinstance(told, list) or not told:
        raise Unusable((*path, name), "should be a list with at least one entry")
    return told


def need(said: Mapping[str, Any], name: str, path: Path) -> Any:
    """What must be said."""
    if said.get(name) is None:
        raise Unusable(path, f"{name} is missing; add it")
    return said[name]


def text(said: Mapping[str, Any], name: str, path: Path) -> str:
    """A text."""
    told = need(said, name, path)
    if not isinstance(told, str):
        raise Unusable((*path, name), 'should be text; put it in "double quotes"')
    return told


def whole(said: Mapping[str, Any], name: str, path: Path) -> int:
    """A whole number from 1."""
    told = need(said, name, path)
    if type(told) is not int or told < 1:
        raise Unusable((*path, name), "should be a whole number from 1")
    return told


def day(said: Mapping[str, Any], name: str, path: Path) -> date:
    """A day."""
    try:
        return date.fromisoformat(text(said, name, path))
    except ValueError:
        raise Unusable((*path, name), "is no date; write it as 2014-12-14") from None


def status(said: Mapping[str, Any], path: Path) -> str:
    """How well a text is known."""
    return one_of(text(said, "status", path), STATUSES, (*path, "status"))


def outcome(said: Mapping[str, Any], name: str, path: Path) -> Outcome:
    """One of the outcomes."""
    return Outcome(one_of(text(said, name, path), [*Outcome], (*path, name)))


def one_of(told: Any, known: Iterable[str], path: Path) -> str:
    """One of the known words; the nearest is proposed for a misspelled one."""
    known = list(known)
    if told in known:
        return str(told)
    near = difflib.get_close_matches(str(told), known, 1)
    remedy = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
    raise Unusable(path, f"{told!r} is not known here; {remedy}")


def only(said: Mapping[str, Any], names: str, path: Path, more: Set[str] = frozenset()) -> None:
    """Nothing but these names."""
    for name in mapping(said, path):
        one_of(name, [*names.split(), *more], (*path, name))
