"""The list of offences of a place: each entry its own interval, so that one change copies nothing."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from watchword.law.facts import Conviction, Crime

SURE_FELONIES = frozenset({"A-I", "A-II", "C", "D", "E"})
"""Classes that are felonies for sure; A and B may be misdemeanors'."""
INCHOATE_MISDEMEANORS = frozenset({"100.00", "100.05", "105.00", "105.05", "115.00"})
"""The degrees of solicitation, conspiracy and facilitation that are no felonies."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Offence:
    """One listed section, and from when to when it is listed."""

    law: str
    section: str
    subdivisions: tuple[str, ...] = ()
    """Only these subdivisions are listed; empty is the whole section."""
    name: str
    class_: str | None
    """Of the completed felony; None where the section has several, or where it is not known."""
    mixed: bool = False
    """The section also defines misdemeanors, so that a felony has to be told."""
    begin: date
    end: date | None = None
    repealed: date | None = None
    """When the state repealed the crime: listed still, for offences before this day."""
    citation: str
    status: str
    enabled: bool = True
    """False: whether it is listed at all is unknown."""
    doubts: tuple[str, ...] = ()
    """What is doubtful about the entry, by the names that the place's rules give."""

    def in_force(self, on: date) -> bool:
        """Whether the entry is on the list that day."""
        return self.begin <= on and (self.end is None or on < self.end)


class Listing(NamedTuple):
    """What the list says of one crime."""

    listed: bool | None
    missing: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


_NO = Listing(False)


@dataclass(frozen=True, slots=True)
class Offences:
    """All entries of a place's list."""

    entries: tuple[Offence, ...] = ()
    _of: dict[tuple[str, str], list[Offence]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        for entry in self.entries:
            self._of.setdefault((entry.law, entry.section), []).append(entry)

    def entry(self, law: str, section: str, on: date) -> Offence | None:
        """The entry of this section in force that day."""
        for entry in self._of.get((law, section.lower()), ()):
            if entry.in_force(on):
                return entry
        return None

    def named(self, crime: Crime, on: date) -> Listing:
        """Whether the list names this section and subdivision, felony or not."""
        if crime.law is None:
            return Listing(None, frozenset({"law"}))
        if crime.section is None:
            return _NO if (crime.law not in ("PL", "VTL")) else Listing(None, frozenset({"section"}))
        entry = self.entry(crime.law, crime.section, on)
        if entry is None:
            return _NO
        if not entry.enabled:
            return Listing(None, frozenset({f"doubt:{entry.section}"}), doubts=entry.doubts)
        told = (f"{entry.law} {entry.section}: {entry.name}; {entry.citation} [{entry.status}]",)
        if not entry.subdivisions:
            return Listing(True, notes=told, doubts=entry.doubts)
        fits = fits_one_of(entry.subdivisions, crime.subdivision)
        return Listing(fits, frozenset({"subdivision"}) if fits is None else frozenset(), told, entry.doubts)

    def completed(self, it: Conviction, on: date) -> Listing:
        """Whether it is a listed felony, completed: the section, the grade, and that the crime still existed."""
        felony = is_felony(it)
        if it.inchoate is not None or felony is False:
            return _NO
        listing = self._existing(it, it, on)
        if listing.listed and felony is None and self._mixed(it, on):
            return listing._replace(listed=None, missing=frozenset({"felony"}))
        return listing

    def inchoate(self, it: Conviction, on: date) -> Listing:
        """Whether it is a felony attempt, conspiracy, solicitation or facilitation of a listed crime."""
        if it.inchoate is None:
            return _NO
        if it.inchoate == "attempt":
            crime: Crime | None = it
        else:
            crime = it.object
        felony = self.is_inchoate_felony(it, on)
        if felony is False:
            return _NO
        if crime is None:
            return Listing(None, frozenset({"object"}))
        listing = self._existing(crime, it, on)
        if listing.listed is None and it.inchoate != "attempt":
            missing = {name if ":" in name else f"object.{name}" for name in listing.missing}
            listing = listing._replace(missing=frozenset(missing))
        if listing.listed and felony is None:
            return listing._replace(listed=None, missing=frozenset({"felony"}))
        return listing

    def is_inchoate_felony(self, it: Conviction, on: date) -> bool | None:
        """An attempt is one class below the crime; the degrees of the other three have their own sections."""
        felony = is_felony(it)
        if felony is not None or it.section is None:
            return felony
        if it.inchoate != "attempt":
            return it.section not in INCHOATE_MISDEMEANORS
        entry = self.entry(it.law or "", it.section, on)
        return None if entry is None or entry.class_ is None else entry.class_ != "E"

    def equivalent(self, it: Conviction, on: date) -> Listing:
        """Whether the crime of New York that a conviction elsewhere equals is a listed felony."""
        said = it.equivalent_to
        if said is None:
            return Listing(None, frozenset({"equivalent_to"}))
        from watchword.law.charges import parse

        charge = parse(said)
        if charge.law is None or charge.section is None:
            return _NO if said.strip().lower() == "none" else Listing(None, frozenset({"equivalent_to"}))
        as_here = Conviction(
            law=charge.law,
            section=charge.section,
            subdivision=charge.subdivision,
            inchoate=charge.inchoate,
            felony=True,
            offence_date=it.offence_date,
            judgment_date=it.judgment_date,
        )
        listing = self.inchoate(as_here, on) if charge.inchoate else self.completed(as_here, on)
        return listing._replace(missing=frozenset({"equivalent_to"})) if listing.listed is None else listing

    def _existing(self, crime: Crime, it: Conviction, on: date) -> Listing:
        """Listed, and committed before the state repealed the crime (LAW: by the date of the offence)."""
        listing = self.named(crime, on)
        entry = self.entry(crime.law or "", crime.section or "", on)
        if listing.listed is False or entry is None or entry.repealed is None:
            return listing
        if (it.offence_date or it.judgment_date or date.max) < entry.repealed:
            return listing
        notes = (*listing.notes, f"repealed on {entry.repealed}; listed for offences before that day")
        if it.offence_date is None:
            return listing._replace(listed=None, missing=listing.missing | {"offence_date"}, notes=notes)
        return listing._replace(listed=False, missing=frozenset(), notes=notes)

    def _mixed(self, crime: Crime, on: date) -> bool:
        entry = self.entry(crime.law or "", crime.section or "", on)
        return entry is not None and entry.mixed


def is_felony(it: Conviction) -> bool | None:
    """By what is told of it, or by its class where that leaves no choice."""
    return it.felony if it.felony is not None else True if it.class_ in SURE_FELONIES else None


def steps(subdivision: str | None) -> list[str]:
    """`(2)(a)`, `2(a)` and `2.a` as 2, a; `2-a` stays one."""
    return re.findall(r"[0-9]+(?:-[a-z])?|[a-z]+", (subdivision or "").lower())


def fits_one_of(listed: Iterable[str], told: str | None) -> bool | None:
    """Whether a subdivision lies in one of the listed; None where it is told too roughly to know."""
    have, answer = steps(told), False
    for subdivision in listed:
        want = steps(subdivision)
        if have[: len(want)] == want:
            return True
        if want[: len(have)] == have:
            answer = None  # type: ignore[assignment]
    return answer


def sections_agree(
    entry: tuple[str, str, str], law: str | None, section: str | None, subdivision: str | None
) -> bool | None:
    """Whether a crime lies in this law, section (or article, `130.`) and subdivision."""
    of_law, of_section, of_subdivision = entry
    if law is not None and law != of_law:
        return False
    if law is None or section is None:
        return None
    if of_section.endswith("."):
        return section.startswith(of_section)
    if section.lower() != of_section:
        return False
    return fits_one_of((of_subdivision,), subdivision) if of_subdivision else True
