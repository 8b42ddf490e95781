"""Conditions that look at facts: a plain fact, an age, a section, the list of offences."""

from dataclasses import dataclass, replace
from typing import Any

from watchword.law.conditions import Leaf, Scene
from watchword.law.offences import Listing, sections_agree
from watchword.law.reasons import Reason
from watchword.law.times import (
    age_on,
)


def value_of(scene: Scene, path: tuple[str, ...]) -> Any:
    """The fact at this path, from `it` where the path begins so; None where anything on the way is unknown."""
    if path[0] == "it":
        value: Any = scene.it
        path = path[1:]
    else:
        value = scene.facts
    for name in path:
        value = getattr(value, name)
        if value is None:
            return None
    return value


def full_path(scene: Scene, path: tuple[str, ...]) -> str:
    """Where the fact stands: facts.warrant.issuer, facts.convictions[0].class."""
    begin, names = (scene.at, path[1:]) if path[0] == "it" else ("facts", path)
    return ".".join((begin, *(WRITTEN.get(name, name) for name in names)))


WRITTEN = {"class_": "class", "begin": "from", "end": "to"}


@dataclass(frozen=True, kw_only=True, slots=True)
class OfPaths(Leaf):
    """A leaf that looks at certain facts and misses those of them that are unknown."""

    def paths(self, scene: Scene) -> tuple[tuple[str, ...], ...]:
        """The facts that it looks at."""
        raise NotImplementedError

    def missing(self, scene: Scene) -> frozenset[str]:
        """Those of its facts that are unknown."""
        return frozenset(
            full_path(scene, path) for path in self.paths(scene) if value_of(scene, path) is None
        )

    def looked_at(self, scene: Scene) -> dict[str, Any]:
        """Those of its facts that are known."""
        known = {full_path(scene, path): value_of(scene, path) for path in self.paths(scene)}
        return {path: value for path, value in known.items() if value is not None}


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact(OfPaths):
    """A fact is one of some values (or is not)."""

    path: tuple[str, ...]
    values: frozenset[Any]
    negated: bool = False
    absent: bool | None = None
    """What it is taken for when it is not told, where the text or the schema says so."""

    def truth(self, scene: Scene) -> bool | None:
        """Whether the value is one of these."""
        value = value_of(scene, self.path)
        return self.absent if value is None else (value in self.values) is not self.negated

    def paths(self, scene: Scene) -> tuple[tuple[str, ...], ...]:
        """The one."""
        return (self.path,)


@dataclass(frozen=True, kw_only=True, slots=True)
class Age(Leaf):
    """The person is so old on the day of the question."""

    at_least: int

    def truth(self, scene: Scene) -> bool | None:
        """By the age told, or else by the date of birth."""
        facts = scene.facts
        age = facts.age
        if age is None and facts.date_of_birth is not None:
            age = age_on(scene.as_of, facts.date_of_birth)
        return None if age is None else age >= self.at_least

    def missing(self, scene: Scene) -> frozenset[str]:
        """The age; a date of birth would do."""
        return frozenset({"facts.age"})

    def looked_at(self, scene: Scene) -> dict[str, Any]:
        """Whichever is known."""
        known = {"facts.age": scene.facts.age, "facts.date_of_birth": scene.facts.date_of_birth}
        return {path: value for path, value in known.items() if value is not None}


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed(Leaf):
    """`it`, or a crime that it names, is on the list of offences."""

    of: str
    """it: a completed felony; object: an attempt or the like at one; equivalent: of a conviction elsewhere."""

    def listing(self, scene: Scene) -> Listing:
        """What the list says of it."""
        offences = scene.book.offences
        match self.of:
            case "it":
                return offences.completed(scene.it, scene.as_of)
            case "object":
                return offences.inchoate(scene.it, scene.as_of)
            case _:
                return offences.equivalent(scene.it, scene.as_of)

    def truth(self, scene: Scene) -> bool | None:
        """What the list says."""
        return self.listing(scene).listed

    def missing(self, scene: Scene) -> frozenset[str]:
        """What the list would have to know, or the doubt that hangs on an entry."""
        return frozenset(
            name if name.startswith("doubt:") else f"{scene.at}.{name}"
            for name in self.listing(scene).missing
        )

    def looked_at(self, scene: Scene) -> dict[str, Any]:
        """The crime as it is named."""
        names = ("law", "section", "subdivision", "felony", "inchoate", "offence_date", "equivalent_to")
        known = {f"{scene.at}.{name}": getattr(scene.it, name) for name in names}
        return {path: value for path, value in known.items() if value is not None}

    def notes(self, scene: Scene) -> tuple[str, ...]:
        """What the list says of the entry."""
        return self.listing(scene).notes

    def reason(self, scene: Scene) -> Reason:
        """With the doubts of the entry."""
        return replace(Leaf.reason(self, scene), doubts=(*self.doubts, *self.listing(scene).doubts))


@dataclass(frozen=True, kw_only=True, slots=True)
class Section(OfPaths):
    """`it` stands in one of these sections, subdivisions or articles."""

    among: tuple[tuple[str, str, str], ...]
    """Law, section (or an article such as `130.`), subdivision."""

    def truth(self, scene: Scene) -> bool | None:
        """Unknown where the section or a subdivision that decides is not told."""
        it = scene.it
        answers = {sections_agree(entry, it.law, it.section, it.subdivision) for entry in self.among}
        return True if True in answers else None if None in answers else False

    def paths(self, scene: Scene) -> tuple[tuple[str, ...], ...]:
        """Law, section, subdivision."""
        if scene.it.law and scene.it.section:
            return (("it", "subdivision"),) if self.truth(scene) is None else _SECTION
        return _SECTION[:2]


_SECTION = (("it", "law"), ("it", "section"), ("it", "subdivision"))
