"""Conditions as rule files write them. There is no code in them: each is one of a few forms."""

import re
from collections.abc import Mapping
from typing import Any

from watchword.core.located_yaml import Path
from watchword.law import parts
from watchword.law.conditions import All, AnyOf, Condition, Not, Open, Some
from watchword.law.fact_paths import checked_path, checked_values
from watchword.law.leaves import Age, Fact, Listed, Section
from watchword.law.parts import Unusable
from watchword.law.rulebook import Doubt
from watchword.law.spans import After, Hours, Within

_ALWAYS = {"says", "cite", "status", "doubts"}


class ConditionReader:
    """Reads the conditions of one file, and its terms as they are needed."""

    def __init__(self, terms: Mapping[str, Any], doubts: Mapping[str, Doubt]) -> None:
        self.terms: dict[str, Condition] = {}
        self._told = terms
        self._doubts = doubts
        self._reading: list[str] = []

    def named_doubts(self, said: Mapping[str, Any], path: Path) -> tuple[str, ...]:
        """The doubts that a part names."""
        for at, name in enumerate(said.get("doubts", ())):
            parts.one_of(name, self._doubts, (*path, "doubts", at))
        return tuple(said.get("doubts", ()))

    def term(self, name: str, path: Path) -> Condition:
        """The condition that the file names so."""
        if name in self._reading:
            raise Unusable(path, f"the term {name} is made of itself; take it out of its own definition")
        if name not in self.terms:
            parts.one_of(name, self._told, path)
            self._reading.append(name)
            self.terms[name] = self.condition(self._told[name], ("terms", name))
            self._reading.pop()
        return self.terms[name]

    def condition(self, said: Any, path: Path) -> Condition:
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
        told = [kind for kind in kinds if kind in parts.mapping(said, path)]
        if len(told) != 1:
            raise Unusable(
                path, f"a condition has one of {', '.join(kinds)}; this has {', '.join(told) or 'none'}"
            )
        common = {
            "citation": said.get("cite", ""),
            "status": parts.status(said, path) if "status" in said else "",
            "doubts": self.named_doubts(said, path),
        }
        return kinds[told[0]](said, path, common)

    def _parts(self, said: Any, kind: str, path: Path) -> tuple[Condition, ...]:
        told = parts.list_of(said, kind, path)
        return tuple(self.condition(part, (*path, kind, at)) for at, part in enumerate(told))

    def _all(self, said: Any, path: Path, common: Any) -> Condition:
        parts.only(said, "all", path, _ALWAYS)
        return All(of=self._parts(said, "all", path), says=said.get("says", "all of these"), **common)

    def _any(self, said: Any, path: Path, common: Any) -> Condition:
        parts.only(said, "any", path, _ALWAYS)
        return AnyOf(of=self._parts(said, "any", path), says=said.get("says", "one of these"), **common)

    def _not(self, said: Any, path: Path, common: Any) -> Condition:
        parts.only(said, "not", path, _ALWAYS)
        part = self.condition(said["not"], (*path, "not"))
        return Not(of=part, says=said.get("says", f"not: {part.says}"), **common)

    def _some(self, said: Any, path: Path, common: Any) -> Condition:
        parts.only(said, "some where at_least", path, _ALWAYS)
        among = parts.one_of(said["some"], ("convictions", "pending_cases"), (*path, "some"))
        where = self.condition(parts.need(said, "where", path), (*path, "where"))
        count = said.get("at_least", 1)
        says = said.get(
            "says", f"{'one' if count == 1 else count} of the {among.replace('_', ' ')}: {where.says}"
        )
        return Some(among=among, where=where, at_least=count, says=says, **common)

    def _term_here(self, said: Any, path: Path, common: Any) -> Condition:
        parts.only(said, "term", path)
        return self.term(said["term"], (*path, "term"))

    def _fact(self, said: Any, path: Path, common: Any) -> Condition:
        parts.only(said, "fact is in not_in absent", path, _ALWAYS)
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

    def _age(self, said: Any, path: Path, common: Any) -> Condition:
        parts.only(said, "age_at_least", path, _ALWAYS)
        years = parts.whole(said, "age_at_least", path)
        return Age(at_least=years, says=said.get("says", f"the person is {years} or older"), **common)

    def _listed(self, said: Any, path: Path, common: Any) -> Condition:
        parts.only(said, "listed", path, _ALWAYS)
        of = parts.one_of(said["listed"], ("it", "object", "equivalent"), (*path, "listed"))
        return Listed(of=of, says=said.get("says", "the crime is on the list"), **common)

    def _section(self, said: Any, path: Path, common: Any) -> Condition:
        parts.only(said, "section_of", path, _ALWAYS)
        among = []
        for at, entry in enumerate(parts.list_of(said, "section_of", path)):
            found = re.fullmatch(r"(\w+) ([\d.]+(?:-[a-z])?)((?:\(\w+\))*)", str(entry))
            if found is None:
                raise Unusable(
                    (*path, "section_of", at),
                    "write a section such as `PL 230.00`, `VTL 511(1)` or `PL 130.`",
                )
            among.append((found[1], found[2], found[3]))
        names = ", ".join(str(entry) for entry in said["section_of"])
        return Section(among=tuple(among), says=said.get("says", f"the charge is one of {names}"), **common)

    def _date(self, said: Any, path: Path, common: Any) -> Condition:
        parts.only(
            said, "date after within_years before exactly_counts leaving_out_incarceration", path, _ALWAYS
        )
        day = checked_path(said["date"], (*path, "date"))
        words = _words_of(day)
        if "after" in said:
            other = checked_path(said["after"], (*path, "after"))
            return After(
                day=day, other=other, says=said.get("says", f"{words} is after {_words_of(other)}"), **common
            )
        years = parts.whole(said, "within_years", path)
        before = None
        if parts.need(said, "before", path) != "as_of":
            before = checked_path(said["before"], (*path, "before"))
        after = "the day of the question" if before is None else _words_of(before)
        return Within(
            day=day,
            years=years,
            before=before,
            exact_counts=parts.need(said, "exactly_counts", path),
            leaving_out_incarceration=said.get("leaving_out_incarceration", False),
            says=said.get("says", f"{words} is within {years} years before {after}"),
            **common,
        )

    def _hours(self, said: Any, path: Path, common: Any) -> Condition:
        parts.only(said, "hours after at", path, _ALWAYS)
        hours = parts.whole(said, "hours", path)
        after = checked_path(parts.need(said, "after", path), (*path, "after"))
        at = checked_path(parts.need(said, "at", path), (*path, "at"))
        says = said.get("says", f"{_words_of(at)} is within {hours} counted hours after {_words_of(after)}")
        return Hours(hours=hours, after=after, at=at, says=says, **common)

    def _open(self, said: Any, path: Path, common: Any) -> Condition:
        parts.only(said, "open", path, {"cite"})
        name = parts.one_of(said["open"], self._doubts, (*path, "open"))
        return Open(says=self._doubts[name].says, **(common | {"doubts": (name,)}))


def _words_of(path: tuple[str, ...]) -> str:
    names = [name.strip("_").replace("_", " ") for name in path if name != "it"]
    return "the " + "'s ".join(names)


def _in_words(path: tuple[str, ...], values: list[Any], negated: bool) -> str:
    words = _words_of(path)
    if values == [True] or values == [False]:
        return f"{words}: {'yes' if values[0] is not negated else 'no'}"
    listed = " or ".join(str(value).replace("_", " ") for value in values)
    return f"{words} is {'not ' if negated else ''}{listed}"
