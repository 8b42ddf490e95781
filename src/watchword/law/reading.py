"""Rule files: YAML beside the enacted text, read into conditions. Every mistake is told with its line and remedy."""

import difflib
import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from watchword.core import located_yaml
from watchword.law import facts
from watchword.law.conditions import All, Any_, Condition, Not, Open, Some
from watchword.law.fact_paths import Unusable, checked_path, checked_values
from watchword.law.leaves import After, Age, Fact, Hours, Listed, Section, Within
from watchword.law.offences import Offence, Offences
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
from watchword.law.times import weekends_and_holidays

PLACES = ("nyc", "dc", "ca", "tx", "il")
STATUSES = ("verified", "secondary", "from memory", "not found")

_ALWAYS = {"says", "cite", "status", "doubts"}


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


def read_offences(text: str, file: str) -> Offences:
    """The list of offences that this YAML says; RulesError where something in it cannot be used."""
    return _located(text, file, lambda content: Offences(tuple(_offences(content))))


def _located(text: str, file: str, reading: Callable[[Mapping[str, Any]], Any]) -> Any:
    node, content = located_yaml.parse(text, file, RulesError)
    try:
        return reading(_mapping(_with_booleans(content), ()))
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
    for at, source in enumerate(_list(content, "lists", ())):
        path = ("lists", at)
        begin = _day(source, "from", path)
        for place, entry in enumerate(_list(source, "offences", path)):
            here = (*path, "offences", place)
            _only(entry, "law section subdivisions name class mixed from until repealed enabled doubts", here)
            entries.append(
                Offence(
                    law=entry.get("law", "PL"),
                    section=_text(entry, "section", here),
                    subdivisions=tuple(entry.get("subdivisions", ())),
                    name=_text(entry, "name", here),
                    class_=entry.get("class"),
                    mixed=entry.get("mixed", False),
                    begin=_day(entry, "from", here) if "from" in entry else begin,
                    end=_day(entry, "until", here) if "until" in entry else None,
                    repealed=_day(entry, "repealed", here) if "repealed" in entry else None,
                    citation=_text(source, "cite", path),
                    status=_status(source, path),
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
        self._terms: dict[str, Condition] = {}
        self._reading: list[str] = []
        self._doubts = {
            name: self._doubt(said, ("doubts", name)) for name, said in _part(content, "doubts").items()
        }

    def rulebook(self) -> Rulebook:
        """The whole."""
        content = self._content
        _only(
            content,
            "place title zone holidays notes laws doubts overlays terms rules offices",
            (),
        )
        for name in _part(content, "terms"):
            self._term(name, ("terms", name))
        rules = {name: self._rule(name, said) for name, said in _part(content, "rules").items()}
        country, _, subdivision = _text(content, "holidays", ()).partition("-")
        try:
            zone = ZoneInfo(_text(content, "zone", ()))
        except (ZoneInfoNotFoundError, ValueError):
            raise Unusable(("zone",), "is no time zone; write one such as America/New_York") from None
        return Rulebook(
            name=_text(content, "place", ()),
            title=_text(content, "title", ()),
            zone=zone,
            days_off=weekends_and_holidays(country, subdivision),
            offices={name: self._office(name, said, rules) for name, said in _part(content, "offices").items()},
            doubts=self._doubts,
            overlays=tuple(
                self._overlay(said, ("overlays", at)) for at, said in enumerate(content.get("overlays", ()))
            ),
            terms=self._terms,
            offences=self._offences,
            notes=content.get("notes", ""),
        )

    def _doubt(self, said: Any, path: located_yaml.Path) -> Doubt:
        _only(_mapping(said, path), "says status from until", path)
        return Doubt(
            says=_text(said, "says", path),
            status=_status(said, path),
            begin=_day(said, "from", path) if "from" in said else date.min,
            end=_day(said, "until", path) if "until" in said else date.max,
        )

    def _office(self, name: str, said: Any, rules: Mapping[str, Rule]) -> Office:
        path: located_yaml.Path = ("offices", name)
        told = _list(_mapping(said, path), "versions", path)
        begins = [_day(version, "from", (*path, "versions", at)) for at, version in enumerate(told)]
        if begins != sorted(set(begins)):
            raise Unusable((*path, "versions"), "stand from the oldest to the newest, each from its own day")
        versions = []
        for at, version in enumerate(told):
            here = (*path, "versions", at)
            _only(version, "from cite reference status changed notes doubts actions", here)
            chosen = _part(version, "actions", here)
            for action, rule in chosen.items():
                _one_of(action, facts.ACTIONS, (*here, "actions", action))
                _one_of(rule, rules, (*here, "actions", action))
            versions.append(
                Version(
                    begin=begins[at],
                    end=begins[at + 1] if at + 1 < len(begins) else None,
                    citation=_text(version, "cite", here),
                    reference=_text(version, "reference", here),
                    status=_status(version, here),
                    changed=_text(version, "changed", here),
                    notes=version.get("notes", ""),
                    rules={action: rules[rule] for action, rule in chosen.items()},
                    doubts=self._named_doubts(version, here),
                )
            )
        return Office(name=name, title=_text(said, "title", path), versions=tuple(versions))

    def _rule(self, name: str, said: Any) -> Rule:
        path: located_yaml.Path = ("rules", name)
        _only(_mapping(said, path), "says cite status otherwise unless doubts conditions", path)
        return Rule(
            name=name,
            says=_text(said, "says", path),
            otherwise=_outcome(said, "otherwise", path),
            unless=tuple(
                self._branch(branch, (*path, "unless", at)) for at, branch in enumerate(said.get("unless", ()))
            ),
            citation=_text(said, "cite", path),
            status=_status(said, path),
            doubts=self._named_doubts(said, path),
            conditions=tuple(said.get("conditions", ())),
        )

    def _branch(self, said: Any, path: located_yaml.Path) -> Branch:
        _only(_mapping(said, path), "label outcome when provided conditions doubts cite", path)
        return Branch(
            label=_text(said, "label", path),
            outcome=_outcome(said, "outcome", path),
            when=self.condition(_need(said, "when", path), (*path, "when")),
            provisos=tuple(
                self._proviso(proviso, (*path, "provided", at))
                for at, proviso in enumerate(said.get("provided", ()))
            ),
            conditions=tuple(said.get("conditions", ())),
            doubts=self._named_doubts(said, path),
            citation=said.get("cite", ""),
        )

    def _proviso(self, said: Any, path: located_yaml.Path) -> Proviso:
        _only(_mapping(said, path), "says that", path)
        condition = self.condition(_need(said, "that", path), (*path, "that"))
        return Proviso(condition=condition, says=_text(said, "says", path), hours=_hours_in(condition))

    def _overlay(self, said: Any, path: located_yaml.Path) -> Overlay:
        _only(_mapping(said, path), "says cite status from outcomes actions when", path)
        for at, action in enumerate(said.get("actions", ())):
            _one_of(action, facts.ACTIONS, (*path, "actions", at))
        return Overlay(
            says=_text(said, "says", path),
            citation=_text(said, "cite", path),
            status=_status(said, path),
            begin=_day(said, "from", path),
            outcomes=tuple(Outcome(outcome) for outcome in said.get("outcomes", ())),
            actions=tuple(said.get("actions", ())),
            when=self.condition(_need(said, "when", path), (*path, "when")),
        )

    def _named_doubts(self, said: Mapping[str, Any], path: located_yaml.Path) -> tuple[str, ...]:
        for at, name in enumerate(said.get("doubts", ())):
            _one_of(name, self._doubts, (*path, "doubts", at))
        return tuple(said.get("doubts", ()))

    def _term(self, name: str, path: located_yaml.Path) -> Condition:
        if name in self._reading:
            raise Unusable(path, f"the term {name} is made of itself; take it out of its own definition")
        if name not in self._terms:
            terms = _part(self._content, "terms")
            _one_of(name, terms, path)
            self._reading.append(name)
            self._terms[name] = self.condition(terms[name], ("terms", name))
            self._reading.pop()
        return self._terms[name]

    def condition(self, said: Any, path: located_yaml.Path) -> Condition:
        """The condition that this part of a file says."""
        kinds = {
            "all": self._all,
            "any": self._any,
            "not": self._not,
            "some": self._some,
            "term": self._term_here,
            "fact": self._fact,
            "age_at_least": self._age,
            "listed": self._listed,
            "section_of": self._section,
            "date": self._date,
            "hours": self._hours,
            "open": self._open,
        }
        told = [kind for kind in kinds if kind in _mapping(said, path)]
        if len(told) != 1:
            raise Unusable(path, f"a condition has one of {', '.join(kinds)}; this has {', '.join(told) or 'none'}")
        common = {
            "citation": said.get("cite", ""),
            "status": _status(said, path) if "status" in said else "",
            "doubts": self._named_doubts(said, path),
        }
        return kinds[told[0]](said, path, common)

    def _parts(self, said: Any, kind: str, path: located_yaml.Path) -> tuple[Condition, ...]:
        told = _list(said, kind, path)
        return tuple(self.condition(part, (*path, kind, at)) for at, part in enumerate(told))

    def _all(self, said: Any, path: located_yaml.Path, common: Any) -> Condition:
        _only(said, "all", path, _ALWAYS)
        return All(of=self._parts(said, "all", path), says=said.get("says", "all of these"), **common)

    def _any(self, said: Any, path: located_yaml.Path, common: Any) -> Condition:
        _only(said, "any", path, _ALWAYS)
        return Any_(of=self._parts(said, "any", path), says=said.get("says", "one of these"), **common)

    def _not(self, said: Any, path: located_yaml.Path, common: Any) -> Condition:
        _only(said, "not", path, _ALWAYS)
        part = self.condition(said["not"], (*path, "not"))
        return Not(of=part, says=said.get("says", f"not: {part.says}"), **common)

    def _some(self, said: Any, path: located_yaml.Path, common: Any) -> Condition:
        _only(said, "some where at_least", path, _ALWAYS)
        among = _one_of(said["some"], ("convictions", "pending_cases"), (*path, "some"))
        where = self.condition(_need(said, "where", path), (*path, "where"))
        count = said.get("at_least", 1)
        says = said.get("says", f"{count} of the {among.replace('_', ' ')}: {where.says}")
        return Some(among=among, where=where, at_least=count, says=says, **common)

    def _term_here(self, said: Any, path: located_yaml.Path, common: Any) -> Condition:
        _only(said, "term", path)
        return self._term(said["term"], (*path, "term"))

    def _fact(self, said: Any, path: located_yaml.Path, common: Any) -> Condition:
        _only(said, "fact is in not_in absent", path, _ALWAYS)
        at = checked_path(said["fact"], (*path, "fact"))
        tests = [test for test in ("is", "in", "not_in") if test in said]
        if len(tests) != 1:
            raise Unusable(path, "say what the fact should be with one of is, in, not_in")
        values = [said["is"]] if tests == ["is"] else said[tests[0]]
        checked_values(said["fact"], values, (*path, tests[0]))
        says = said.get("says") or _in_words(at, values, tests[0] == "not_in")
        return Fact(
            path=at,
            values=frozenset(values),
            negated=tests == ["not_in"],
            absent=said.get("absent"),
            says=says,
            **common,
        )

    def _age(self, said: Any, path: located_yaml.Path, common: Any) -> Condition:
        _only(said, "age_at_least", path, _ALWAYS)
        years = _whole(said, "age_at_least", path)
        return Age(at_least=years, says=said.get("says", f"the person is {years} or older"), **common)

    def _listed(self, said: Any, path: located_yaml.Path, common: Any) -> Condition:
        _only(said, "listed", path, _ALWAYS)
        of = _one_of(said["listed"], ("it", "object", "equivalent"), (*path, "listed"))
        return Listed(of=of, says=said.get("says", "the crime is on the list"), **common)

    def _section(self, said: Any, path: located_yaml.Path, common: Any) -> Condition:
        _only(said, "section_of", path, _ALWAYS)
        among = []
        for at, entry in enumerate(_list(said, "section_of", path)):
            found = re.fullmatch(r"(\w+) ([\d.]+(?:-[a-z])?)((?:\(\w+\))*)", str(entry))
            if found is None:
                raise Unusable(
                    (*path, "section_of", at), "write a section such as `PL 230.00`, `VTL 511(1)` or `PL 130.`"
                )
            among.append((found[1], found[2], found[3]))
        names = ", ".join(str(entry) for entry in said["section_of"])
        return Section(among=tuple(among), says=said.get("says", f"the charge is one of {names}"), **common)

    def _date(self, said: Any, path: located_yaml.Path, common: Any) -> Condition:
        _only(said, "date after within_years before exactly_counts leaving_out_incarceration", path, _ALWAYS)
        day = checked_path(said["date"], (*path, "date"))
        words = _words_of(day)
        if "after" in said:
            other = checked_path(said["after"], (*path, "after"))
            return After(day=day, other=other, says=said.get("says", f"{words} is after {_words_of(other)}"), **common)
        years = _whole(said, "within_years", path)
        before = None
        if _need(said, "before", path) != "as_of":
            before = checked_path(said["before"], (*path, "before"))
        after = "the day of the question" if before is None else _words_of(before)
        return Within(
            day=day,
            years=years,
            before=before,
            exact_counts=_need(said, "exactly_counts", path),
            leaving_out_incarceration=said.get("leaving_out_incarceration", False),
            says=said.get("says", f"{words} is within {years} years before {after}"),
            **common,
        )

    def _hours(self, said: Any, path: located_yaml.Path, common: Any) -> Condition:
        _only(said, "hours after at", path, _ALWAYS)
        hours = _whole(said, "hours", path)
        after = checked_path(_need(said, "after", path), (*path, "after"))
        at = checked_path(_need(said, "at", path), (*path, "at"))
        says = said.get("says", f"{_words_of(at)} is within {hours} counted hours after {_words_of(after)}")
        return Hours(hours=hours, after=after, at=at, says=says, **common)

    def _open(self, said: Any, path: located_yaml.Path, common: Any) -> Condition:
        _only(said, "open", path, {"cite"})
        name = _one_of(said["open"], self._doubts, (*path, "open"))
        return Open(says=self._doubts[name].says, **(common | {"doubts": (name,)}))


def _hours_in(condition: Condition) -> Hours | None:
    if isinstance(condition, Hours):
        return condition
    return next((hours for part in condition.parts() if (hours := _hours_in(part))), None)


def _words_of(path: tuple[str, ...]) -> str:
    names = [name.strip("_").replace("_", " ") for name in path if name != "it"]
    return "the " + "'s ".join(names)


def _in_words(path: tuple[str, ...], values: list[Any], negated: bool) -> str:
    words = _words_of(path)
    if values == [True] or values == [False]:
        return f"{words}: {'yes' if values[0] is not negated else 'no'}"
    listed = " or ".join(str(value).replace("_", " ") for value in values)
    return f"{words} is {'not ' if negated else ''}{listed}"


def _mapping(said: Any, path: located_yaml.Path) -> Mapping[str, Any]:
    if not isinstance(said, dict):
        raise Unusable(path, "should be a mapping of names to values")
    return said


def _part(said: Mapping[str, Any], name: str, path: located_yaml.Path = ()) -> Mapping[str, Any]:
    return _mapping(said.get(name, {}), (*path, name))


def _list(said: Mapping[str, Any], name: str, path: located_yaml.Path) -> list[Any]:
    told = _need(said, name, path)
    if not isinstance(told, list) or not told:
        raise Unusable((*path, name), "should be a list with at least one entry")
    return told


def _need(said: Mapping[str, Any], name: str, path: located_yaml.Path) -> Any:
    if said.get(name) is None:
        raise Unusable(path, f"{name} is missing; add it")
    return said[name]


def _text(said: Mapping[str, Any], name: str, path: located_yaml.Path) -> str:
    told = _need(said, name, path)
    if not isinstance(told, str):
        raise Unusable((*path, name), 'should be text; put it in "double quotes"')
    return told


def _whole(said: Mapping[str, Any], name: str, path: located_yaml.Path) -> int:
    told = _need(said, name, path)
    if type(told) is not int or told < 1:
        raise Unusable((*path, name), "should be a whole number from 1")
    return told


def _day(said: Mapping[str, Any], name: str, path: located_yaml.Path) -> date:
    try:
        return date.fromisoformat(_text(said, name, path))
    except ValueError:
        raise Unusable((*path, name), "is no date; write it as 2014-12-14") from None


def _status(said: Mapping[str, Any], path: located_yaml.Path) -> str:
    return _one_of(_text(said, "status", path), STATUSES, (*path, "status"))


def _outcome(said: Mapping[str, Any], name: str, path: located_yaml.Path) -> Outcome:
    return Outcome(_one_of(_text(said, name, path), [*Outcome], (*path, name)))


def _one_of(told: Any, known: Any, path: located_yaml.Path) -> str:
    if told in known:
        return str(told)
    near = difflib.get_close_matches(str(told), [str(each) for each in known], 1)
    remedy = f"did you mean {near[0]}?" if near else f"there are {', '.join(str(each) for each in known)}"
    raise Unusable(path, f"{told!r} is not known here; {remedy}")


def _only(said: Mapping[str, Any], names: str, path: located_yaml.Path, more: set[str] = frozenset()) -> None:  # type: ignore[assignment]
    for name in _mapping(said, path):
        _one_of(name, [*names.split(), *more], (*path, name))
