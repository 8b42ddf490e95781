"""Rule files: YAML beside the enacted text, read into conditions. Every mistake is told with its line and remedy."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from watchword.core import located_yaml
from watchword.core.located_yaml import Path
from watchword.law import parts
from watchword.law.conditions import Condition
from watchword.law.facts import ACTIONS
from watchword.law.offences import Offence, Offences
from watchword.law.parts import Unusable
from watchword.law.reading_conditions import ConditionReader
from watchword.law.rulebook import (
    Branch,
    Doubt,
    LawError,
    Office,
    Outcome,
    Overlay,
    Proviso,
    Rule,
    Rulebook,
    Version,
)
from watchword.law.spans import Hours
from watchword.law.times import weekends_and_holidays

_Read = TypeVar("_Read")

PLACES = ("nyc", "dc", "ca", "tx", "il")


class RulesError(located_yaml.FileError):
    """A file of rules that cannot be used; the message names the file, line, column and remedy."""


@cache
def rulebook(place: str) -> Rulebook:
    """The rules of one of the places that come along; LawError where there are none."""
    if place not in PLACES:
        raise LawError(f"There are no rules for {place!r}; there are {', '.join(PLACES)}.")
    folder = files("watchword.law") / "places"
    return read((folder / f"{place}.yaml").read_text(encoding="utf-8"), f"{place}.yaml", _offences_of(place))


def _offences_of(place: str) -> Offences:
    file = files("watchword.law") / "lists" / f"{place}.yaml"
    return read_offences(file.read_text(encoding="utf-8"), file.name) if file.is_file() else Offences()


def read(text: str, file: str, offences: Offences) -> Rulebook:
    """The rules that this YAML says; RulesError where something in it cannot be used."""
    return _located(text, file, lambda content: _Reader(content, offences).rulebook())


def with_offences(book: Rulebook, text: str, file: str) -> Rulebook:
    """The place's rules if its list held these offences too, as a proposed amendment would have it; RulesError where
    the YAML, which is written as in `lists/`, cannot be used, or lists what is listed already."""
    added = read_offences(text, file)
    for entry in added.entries:
        if book.offences.entry(entry.law, entry.section, entry.begin) is not None:
            raise RulesError(f"{file}: {entry.law} {entry.section} is on the list already.")
    return replace(book, offences=Offences(book.offences.entries + added.entries))


def read_offences(text: str, file: str) -> Offences:
    """The list of offences that this YAML says; RulesError where something in it cannot be used."""
    return _located(text, file, lambda content: Offences(tuple(_offences(content))))


def _located(text: str, file: str, reading: Callable[[Mapping[str, Any]], _Read]) -> _Read:
    node, content = located_yaml.parse(text, file, RulesError)
    try:
        return reading(parts.mapping(_with_booleans(content), ()))
    except Unusable as error:
        where = located_yaml.located(node, error.path, str(error))
        raise RulesError(f"The rules cannot be used:\n  {file}, {where.strip()}") from None


def _with_booleans(said: Any) -> Any:
    """In rules, unlike in rosters, `true` and `false` are no words."""
    if isinstance(said, dict):
        return {name: _with_booleans(value) for name, value in said.items()}
    if isinstance(said, list):
        return [_with_booleans(value) for value in said]
    return {"true": True, "false": False}.get(said, said) if isinstance(said, str) else said


def _offences(content: Mapping[str, Any]) -> list[Offence]:
    entries = []
    for at, source in enumerate(parts.list_of(content, "lists", ())):
        path = ("lists", at)
        begin = parts.day(source, "from", path)
        for place, entry in enumerate(parts.list_of(source, "offences", path)):
            here = (*path, "offences", place)
            parts.only(
                entry, "law section subdivisions name class mixed from until repealed enabled doubts", here
            )
            entries.append(
                Offence(
                    law=entry.get("law", "PL"),
                    section=parts.text(entry, "section", here),
                    subdivisions=tuple(entry.get("subdivisions", ())),
                    name=parts.text(entry, "name", here),
                    class_=entry.get("class"),
                    mixed=entry.get("mixed", False),
                    begin=parts.day(entry, "from", here) if "from" in entry else begin,
                    end=parts.day(entry, "until", here) if "until" in entry else None,
                    repealed=parts.day(entry, "repealed", here) if "repealed" in entry else None,
                    citation=parts.text(source, "cite", path),
                    status=parts.status(source, path),
                    enabled=entry.get("enabled", True),
                    doubts=tuple(entry.get("doubts", ())),
                )
            )
    return entries


class _Reader:
    """Reads one place's file."""

    def __init__(self, content: Mapping[str, Any], offences: Offences) -> None:
        self._content = content
        self._offences = offences
        self._doubts = {
            name: self._doubt(said, ("doubts", name)) for name, said in parts.part(content, "doubts").items()
        }
        self._conditions = ConditionReader(parts.part(content, "terms"), self._doubts)

    def rulebook(self) -> Rulebook:
        """The whole."""
        content = self._content
        parts.only(
            content,
            "place title zone holidays notes laws doubts overlays terms rules offices",
            (),
        )
        for name in parts.part(content, "terms"):
            self._conditions.term(name, ("terms", name))
        rules = {name: self._rule(name, said) for name, said in parts.part(content, "rules").items()}
        country, _, subdivision = parts.text(content, "holidays", ()).partition("-")
        try:
            zone = ZoneInfo(parts.text(content, "zone", ()))
        except (ZoneInfoNotFoundError, ValueError):
            raise Unusable(("zone",), "is no time zone; write one such as America/New_York") from None
        return Rulebook(
            name=parts.text(content, "place", ()),
            title=parts.text(content, "title", ()),
            zone=zone,
            days_off=weekends_and_holidays(country, subdivision),
            offices={
                name: self._office(name, said, rules) for name, said in parts.part(content, "offices").items()
            },
            doubts=self._doubts,
            overlays=tuple(
                self._overlay(said, ("overlays", at)) for at, said in enumerate(content.get("overlays", ()))
            ),
            terms=self._conditions.terms,
            offences=self._offences,
            notes=content.get("notes", ""),
        )

    def _doubt(self, said: Any, path: Path) -> Doubt:
        parts.only(parts.mapping(said, path), "says status from until", path)
        return Doubt(
            says=parts.text(said, "says", path),
            status=parts.status(said, path),
            begin=parts.day(said, "from", path) if "from" in said else date.min,
            end=parts.day(said, "until", path) if "until" in said else date.max,
        )

    def _office(self, name: str, said: Any, rules: Mapping[str, Rule]) -> Office:
        path: Path = ("offices", name)
        told = parts.list_of(parts.mapping(said, path), "versions", path)
        begins = [parts.day(version, "from", (*path, "versions", at)) for at, version in enumerate(told)]
        if begins != sorted(set(begins)):
            raise Unusable((*path, "versions"), "stand from the oldest to the newest, each from its own day")
        versions = []
        for at, version in enumerate(told):
            here = (*path, "versions", at)
            parts.only(version, "from cite reference status changed notes doubts actions", here)
            chosen = parts.part(version, "actions", here)
            for action, rule in chosen.items():
                parts.one_of(action, ACTIONS, (*here, "actions", action))
                parts.one_of(rule, rules, (*here, "actions", action))
            versions.append(
                Version(
                    begin=begins[at],
                    end=begins[at + 1] if at + 1 < len(begins) else None,
                    citation=parts.text(version, "cite", here),
                    reference=parts.text(version, "reference", here),
                    status=parts.status(version, here),
                    changed=parts.text(version, "changed", here),
                    notes=version.get("notes", ""),
                    rules={action: rules[chosen[action]] for action in ACTIONS if action in chosen},
                    doubts=self._conditions.named_doubts(version, here),
                )
            )
        return Office(name=name, title=parts.text(said, "title", path), versions=tuple(versions))

    def _rule(self, name: str, said: Any) -> Rule:
        path: Path = ("rules", name)
        parts.only(parts.mapping(said, path), "says cite status otherwise unless doubts conditions", path)
        return Rule(
            name=name,
            says=parts.text(said, "says", path),
            otherwise=parts.outcome(said, "otherwise", path),
            unless=tuple(
                self._branch(branch, (*path, "unless", at))
                for at, branch in enumerate(said.get("unless", ()))
            ),
            citation=parts.text(said, "cite", path),
            status=parts.status(said, path),
            doubts=self._conditions.named_doubts(said, path),
            conditions=tuple(said.get("conditions", ())),
        )

    def _branch(self, said: Any, path: Path) -> Branch:
        parts.only(parts.mapping(said, path), "label outcome when provided conditions doubts cite", path)
        return Branch(
            label=parts.text(said, "label", path),
            outcome=parts.outcome(said, "outcome", path),
            when=self._conditions.condition(parts.need(said, "when", path), (*path, "when")),
            provisos=tuple(
                self._proviso(proviso, (*path, "provided", at))
                for at, proviso in enumerate(said.get("provided", ()))
            ),
            conditions=tuple(said.get("conditions", ())),
            doubts=self._conditions.named_doubts(said, path),
            citation=said.get("cite", ""),
        )

    def _proviso(self, said: Any, path: Path) -> Proviso:
        parts.only(parts.mapping(said, path), "says that", path)
        condition = self._conditions.condition(parts.need(said, "that", path), (*path, "that"))
        return Proviso(condition=condition, says=parts.text(said, "says", path), hours=_hours_in(condition))

    def _overlay(self, said: Any, path: Path) -> Overlay:
        parts.only(parts.mapping(said, path), "says cite status from outcomes actions when", path)
        for at, action in enumerate(said.get("actions", ())):
            parts.one_of(action, ACTIONS, (*path, "actions", at))
        return Overlay(
            says=parts.text(said, "says", path),
            citation=parts.text(said, "cite", path),
            status=parts.status(said, path),
            begin=parts.day(said, "from", path),
            outcomes=tuple(Outcome(outcome) for outcome in said.get("outcomes", ())),
            actions=tuple(said.get("actions", ())),
            when=self._conditions.condition(parts.need(said, "when", path), (*path, "when")),
        )


def _hours_in(condition: Condition) -> Hours | None:
    if isinstance(condition, Hours):
        return condition
    return next((hours for part in condition.parts() if (hours := _hours_in(part))), None)
