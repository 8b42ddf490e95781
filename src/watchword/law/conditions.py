"""Conditions as rules are made of them, in a logic of three values: met, not met, unknown.

A condition tells its `truth` as quickly as it can; `ways` tells which unknown facts could still make it met (or not),
and `reason` the whole of its reasoning. All three agree, which a property test holds them to.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from watchword.law.facts import Facts
from watchword.law.reasons import Reason

if TYPE_CHECKING:
    from watchword.law.rulebook import Rulebook

Ways: TypeAlias = frozenset[frozenset[str]]
"""Sets of facts: knowing all of any one set could settle the matter. {} is never, {{}} is already."""

NEVER: Ways = frozenset()
ALREADY: Ways = frozenset({frozenset()})
DOUBT = "doubt:"
"""Begins what stands among missing facts for a doubt that no fact settles."""


class Scene(NamedTuple):
    """What a condition is looked at with."""

    facts: Facts
    as_of: date
    book: "Rulebook"
    it: Any = None
    """The conviction or case that is looked at, within a list."""
    at: str = "facts"
    """Where `it` stands: facts.convictions[0]."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition(ABC):
    """Something that is met, not met, or unknown."""

    says: str
    citation: str = ""
    status: str = ""
    doubts: tuple[str, ...] = ()

    @abstractmethod
    def truth(self, scene: Scene) -> bool | None:
        """True met, False not met, None unknown."""

    @abstractmethod
    def ways(self, scene: Scene, to: bool) -> Ways:
        """The smallest sets of unknown facts that could make the truth this."""

    @abstractmethod
    def reason(self, scene: Scene) -> Reason:
        """The truth and all that it rests on."""

    def parts(self) -> Sequence["Condition"]:
        """The conditions that it is made of, to explain it."""
        return ()

    def _reason(self, scene: Scene, because: Iterable[Reason] = (), **more: Any) -> Reason:
        return Reason(
            says=self.says,
            value=self.truth(scene),
            citation=self.citation,
            status=self.status,
            doubts=self.doubts,
            because=tuple(because),
            **more,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaf(Condition):
    """A condition that looks at facts itself."""

    @abstractmethod
    def missing(self, scene: Scene) -> frozenset[str]:
        """The unknown facts that would settle it."""

    @abstractmethod
    def looked_at(self, scene: Scene) -> dict[str, Any]:
        """The known facts that it looks at."""

    def notes(self, scene: Scene) -> tuple[str, ...]:
        """How it was reckoned."""
        return ()

    def ways(self, scene: Scene, to: bool) -> Ways:
        """Its missing facts all together."""
        truth = self.truth(scene)
        if truth is None:
            return frozenset({self.missing(scene)})
        return ALREADY if truth is to else NEVER

    def reason(self, scene: Scene) -> Reason:
        """The facts it looked at, and the missing ones where it is unknown."""
        missing = self.missing(scene) if self.truth(scene) is None else frozenset()
        return self._reason(
            scene, facts=self.looked_at(scene), missing=_facts_of(missing), notes=self.notes(scene)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class All(Condition):
    """Met when every part is."""

    of: tuple[Condition, ...]

    def truth(self, scene: Scene) -> bool | None:
        """No as soon as one part is not met."""
        met: bool | None = True
        for part in self.of:
            truth = part.truth(scene)
            if truth is False:
                return False
            if truth is None:
                met = None
        return met

    def ways(self, scene: Scene, to: bool) -> Ways:
        """All parts' ways together to be met, any part's not to be."""
        ways = [part.ways(scene, to) for part in self.of]
        return together(ways) if to else either(ways)

    def reason(self, scene: Scene) -> Reason:
        """With each part's."""
        return self._reason(scene, (part.reason(scene) for part in self.of))

    def parts(self) -> Sequence[Condition]:
        """What must all be met."""
        return self.of


@dataclass(frozen=True, kw_only=True, slots=True)
class AnyOf(Condition):
    """Met when one part is."""

    of: tuple[Condition, ...]

    def truth(self, scene: Scene) -> bool | None:
        """Yes as soon as one part is met."""
        met: bool | None = False
        for part in self.of:
            truth = part.truth(scene)
            if truth is True:
                return True
            if truth is None:
                met = None
        return met

    def ways(self, scene: Scene, to: bool) -> Ways:
        """Any part's ways to be met, all parts' together not to be."""
        ways = [part.ways(scene, to) for part in self.of]
        return either(ways) if to else together(ways)

    def reason(self, scene: Scene) -> Reason:
        """With each part's."""
        return self._reason(scene, (part.reason(scene) for part in self.of))

    def parts(self) -> Sequence[Condition]:
        """Of which one must be met."""
        return self.of


@dataclass(frozen=True, kw_only=True, slots=True)
class Not(Condition):
    """Met when the part is not."""

    of: Condition

    def truth(self, scene: Scene) -> bool | None:
        """The other of the part's."""
        truth = self.of.truth(scene)
        return None if truth is None else not truth

    def ways(self, scene: Scene, to: bool) -> Ways:
        """The part's ways to the other."""
        return self.of.ways(scene, not to)

    def reason(self, scene: Scene) -> Reason:
        """With the part's."""
        return self._reason(scene, (self.of.reason(scene),))

    def parts(self) -> Sequence[Condition]:
        """What must not be."""
        return (self.of,)


@dataclass(frozen=True, kw_only=True, slots=True)
class Some(Condition):
    """Met when so many entries of a list of facts are as they should be."""

    among: str
    """convictions or pending_cases."""
    where: Condition
    at_least: int = 1

    def truth(self, scene: Scene) -> bool | None:
        """Unknown while the list is."""
        entries = getattr(scene.facts, self.among)
        if entries is None:
            return None
        met = possible = 0
        for entry in entries:
            truth = self.where.truth(scene._replace(it=entry))
            if truth is not False:
                possible += 1
                if truth:
                    met += 1
                    if met == self.at_least:
                        return True
        return None if possible >= self.at_least else False

    def ways(self, scene: Scene, to: bool) -> Ways:
        """Any entry's ways to be met, all entries' together not to be."""
        truth = self.truth(scene)
        if truth is not None:
            return ALREADY if truth is to else NEVER
        if getattr(scene.facts, self.among) is None:
            return frozenset({frozenset({f"facts.{self.among}"})})
        open_ones = [each for each in self._entries(scene) if self.where.truth(each) is None]
        ways = [self.where.ways(each, to) for each in open_ones]
        return either(ways) if to else together(ways)

    def reason(self, scene: Scene) -> Reason:
        """With each entry's."""
        if getattr(scene.facts, self.among) is None:
            return self._reason(scene, missing=frozenset({f"facts.{self.among}"}))
        because = []
        for each in self._entries(scene):
            of_entry = self.where.reason(each)
            because.append(
                Reason(says=f"{each.at}: {of_entry.says}", value=of_entry.value, because=(of_entry,))
            )
        return self._reason(scene, because)

    def parts(self) -> Sequence[Condition]:
        """What an entry must be."""
        return (self.where,)

    def _entries(self, scene: Scene) -> Iterable[Scene]:
        entries = getattr(scene.facts, self.among) or ()
        return (
            scene._replace(it=entry, at=f"facts.{self.among}[{place}]") for place, entry in enumerate(entries)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Open(Leaf):
    """Never known: the text can be read in two ways, and no fact decides between them."""

    def truth(self, scene: Scene) -> bool | None:
        """Unknown."""
        return None

    def missing(self, scene: Scene) -> frozenset[str]:
        """The doubt itself."""
        return frozenset({DOUBT + self.says})

    def looked_at(self, scene: Scene) -> dict[str, Any]:
        """Nothing."""
        return {}


def still_matter(ways: Ways) -> frozenset[str]:
    """The facts in the smallest sets; what a smaller set settles without them does not matter any more."""
    return _facts_of(frozenset(chain.from_iterable(ways)))


def _facts_of(missing: frozenset[str]) -> frozenset[str]:
    return frozenset(path for path in missing if not path.startswith(DOUBT))


def either(ways: Iterable[Ways]) -> Ways:
    """The ways of any of these, the smallest."""
    return _smallest(chain.from_iterable(ways))


def together(ways: Iterable[Ways]) -> Ways:
    """The ways of all of these at once, the smallest."""
    return reduce(_both, ways, ALREADY)


def _both(one: Ways, other: Ways) -> Ways:
    if one == ALREADY or not other:
        return other
    if other == ALREADY or not one:
        return one
    return _smallest(a | b for a in one for b in other)


def _smallest(ways: Iterable[frozenset[str]]) -> Ways:
    """Without the sets that hold a smaller one."""
    different = set(ways)
    if len(different) < 2:
        return frozenset(different)
    kept: list[frozenset[str]] = []
    for way in sorted(different, key=len):
        if not any(smaller <= way for smaller in kept):
            kept.append(way)
    return frozenset(kept)
