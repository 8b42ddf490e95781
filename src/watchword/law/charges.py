"""Charge codes as New York's jails write them: `110-125.25`, `160.15SM`, `VTL 1192.2`, `511(1)(A)`, blank."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from watchword.law.facts import Conviction, Crime
from watchword.law.offences import INCHOATE_MISDEMEANORS, Offences

Inchoate = Literal["attempt", "conspiracy", "solicitation", "facilitation"]

_ARTICLES: dict[str, Inchoate] = {"100": "solicitation", "105": "conspiracy", "115": "facilitation"}
_OTHER_LAWS: dict[str, str] = {"AC": "AC", "GBL": "GBL", "PHL": "PHL", "COR": "COR", "AGM": "AGM"}
_BARE: dict[str, str] = {"168": "COR", "353": "AGM"}
_CITY = re.compile(r"\d{1,2}-\d{3}")
_PLACEHOLDER = re.compile(r"(\d)\1\1\.\1\1")
"""999.99, 000.00: what jails write when they have no section."""
_LETTERED_SECTIONS = frozenset(
    {"120.04-a", "121.13-a", "130.65-a", "190.80-a", "230.34-a", "265.01-a", "265.01-b"}
)
"""The penal law's sections that end in a letter A or B, which jails write without the dash."""
_CODE = re.compile(
    r"(?P<law>[A-Z.]+\s+)?"
    r"(?P<attempt>110(?:[.]00)?[-/])?"
    r"(?P<section>\d+(?:[.]\d+)?)"
    r"(?P<letter>-[A-Z])?"
    r"(?P<steps>(?:\(\w{1,4}\)(?:-[A-Z])?)*)"
    r"(?P<suffix>[A-Z]{0,2})"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Charge:
    """A charge code, understood as far as it can be."""

    code: str
    law: str | None = None
    section: str | None = None
    subdivision: str | None = None
    inchoate: Inchoate | None = None
    hate_crime: bool = False
    """Suffix H."""
    sexually_motivated: bool = False
    """Suffix SM: a sexually motivated felony, PL 130.91."""
    unexplained: str = ""
    """A suffix that nobody has explained."""

    @property
    def understood(self) -> bool:
        """Whether law and section are known."""
        return self.law is not None and self.section is not None


def parse(code: str) -> Charge:
    """The charge that this code means; what it does not say, or says in words of the jail's own, stays unknown."""
    text = re.sub(r"\s+", " ", code.strip().upper())
    if _CITY.match(text):
        section, steps = re.match(r"([\d-]+)(.*)", text).groups()  # type: ignore[union-attr]
        return Charge(code=code, law="AC", section=section, subdivision=_subdivision(steps))
    found = _CODE.fullmatch(text)
    if found is None:
        return _of_traffic(code, text) or Charge(code=code)
    law = _law(found)
    section = found["section"]
    if _PLACEHOLDER.fullmatch(section) or section == "0":
        return Charge(code=code, law=law if (found["law"] or "").strip() in {*_OTHER_LAWS, "VTL"} else None)
    if law is None:
        return Charge(code=code)
    if law != "PL":
        return _of_traffic(code, text) or _elsewhere(code, law, found)
    return _penal(code, found)


def listed(charge: Charge, offences: Offences, on: date) -> bool | None:
    """Whether this charge is a violent or serious crime by the list of that day; None where the code cannot tell."""
    if charge.law not in (None, "PL", "VTL"):
        return False
    if not charge.understood or charge.unexplained:
        return _vaguely(charge, offences, on)
    if charge.section == "485.05":
        return None if _list_exists(offences, on) else False
    if charge.hate_crime and (felony := _hate_felony(charge, offences, on)) is not False:
        return felony
    as_told = Conviction(
        law=charge.law, section=charge.section, subdivision=charge.subdivision, inchoate=charge.inchoate
    )
    match charge.inchoate:
        case None:
            answer = offences.completed(_of_unknown_offence(as_told), on).listed
        case "attempt":
            answer = offences.inchoate(_of_unknown_offence(as_told), on).listed
        case _:
            answer = (
                None if _list_exists(offences, on) and charge.section not in INCHOATE_MISDEMEANORS else False
            )
    return None if answer and charge.sexually_motivated else answer


def as_line(charge: Charge, offences: Offences, on: date) -> dict[str, Any]:
    """As `watchword law charge --json` prints it."""
    return {
        "code": charge.code,
        "law": charge.law,
        "section": charge.section,
        "subdivision": charge.subdivision,
        "inchoate": charge.inchoate,
        "listed": listed(charge, offences, on),
        "as_of": on.isoformat(),
    }


def _law(found: re.Match[str]) -> str | None:
    told = (found["law"] or "").strip().replace(".", "")
    if told == "PL" or (not told and "." in found["section"] and not _is_traffic(found["section"])):
        return "PL"
    if told == "VTL" or (not told and _is_traffic(found["section"])):
        return "VTL"
    if told:
        return _OTHER_LAWS.get(told)
    return _BARE.get(found["section"]) if found["letter"] else "VTL" if found["section"] != "0" else None


def _is_traffic(section: str) -> bool:
    """`1192.30`, `509.00`: the penal law's sections have three digits and end at 500."""
    whole, _, _ = section.partition(".")
    return len(whole) == 4 or (len(whole) == 3 and int(whole) >= 500)


def _penal(code: str, found: re.Match[str]) -> Charge:
    section, suffix = found["section"].lower(), found["suffix"]
    if found["letter"]:
        section += found["letter"].lower()
    elif suffix in ("A", "B") and f"{section}-{suffix.lower()}" in _LETTERED_SECTIONS:
        section, suffix = f"{section}-{suffix.lower()}", ""
    inchoate: Inchoate | None = "attempt" if found["attempt"] else _ARTICLES.get(section.partition(".")[0])
    return Charge(
        code=code,
        law="PL",
        section=section,
        subdivision=_subdivision(found["steps"]),
        inchoate=inchoate,
        hate_crime=suffix == "H",
        sexually_motivated=suffix == "SM",
        unexplained="" if suffix in ("H", "SM") else suffix,
    )


def _elsewhere(code: str, law: str, found: re.Match[str]) -> Charge:
    section = (found["section"] + (found["letter"] or "")).lower()
    return Charge(
        code=code,
        law=law,
        section=section,
        subdivision=_subdivision(found["steps"]),
        unexplained=found["suffix"],
    )


_TRAFFIC = re.compile(
    r"(?:VTL )?(?P<section>\d{3,4})(?P<letter>-[A-Z])?"
    r"(?:[.](?P<first>\d)0?|[.]00)?(?P<glued>[A-Z]?)(?P<steps>(?:\(\w{1,4}\)(?:-[A-Z])?)*)(?P<rest>-\w+)?"
)
_DOTTED_LETTERS = frozenset({("1192", "2", "A"), ("1192", "4", "A")})
"""VTL 1192 has subdivisions 2-a and 4-a."""


def _of_traffic(code: str, text: str) -> Charge | None:
    """`VTL 1192.2A` is subdivision 2-a; `VTL 1192.2` and `1192(2)` are the same."""
    found = _TRAFFIC.fullmatch(text)
    if found is None or (not text.startswith("VTL") and found["letter"] and found["section"] in _BARE):
        return None
    section, first, glued = found["section"], found["first"], found["glued"]
    written = found["steps"]
    if first:
        with_letter = (section, first, glued) in _DOTTED_LETTERS
        written = f"({first}-{glued})" if with_letter else f"({first})"
        glued = "" if with_letter else glued
    return Charge(
        code=code,
        law="VTL",
        section=section + (found["letter"] or "").lower(),
        subdivision=_subdivision(written),
        unexplained=glued or (found["rest"] or ""),
    )


def _subdivision(written: str) -> str | None:
    """`(2)(A)` as (2)(a); `(2)-A(B)` as (2-a)(b)."""
    lettered = re.sub(r"\((\w+)\)-(\w)", r"(\1-\2)", written)
    return lettered.lower() or None


def _list_exists(offences: Offences, on: date) -> bool:
    return any(entry.in_force(on) for entry in offences.entries)


def _vaguely(charge: Charge, offences: Offences, on: date) -> bool | None:
    """What is not understood may be anything, but where a section is told it can only be on the list if that is."""
    if not _list_exists(offences, on):
        return False
    if charge.understood:
        crime = Crime(law=charge.law, section=charge.section)
        return False if offences.named(crime, on).listed is False else None
    return None


def _of_unknown_offence(as_told: Conviction) -> Conviction:
    """A charge is taken as of a time when its section was in force: listed is what the list says."""
    return as_told.model_copy(update={"offence_date": date.min})


_GRADES = {
    **dict.fromkeys(("120.00", "120.14", "120.50", "145.00", "120.20", "140.15", "265.01"), "A misdemeanor"),
    **dict.fromkeys(("120.15", "140.10"), "B misdemeanor"),
    **dict.fromkeys(("140.20", "145.05", "145.10", "105.10", "155.30", "155.35", "155.40"), "felony"),
}
"""Grades of crimes that are not on the list but occur with the suffix H; from memory."""


def _hate_felony(charge: Charge, offences: Offences, on: date) -> bool | None:
    """A hate crime is one category above its offence (PL 485.10): a class A misdemeanor becomes a class E felony."""
    if not _list_exists(offences, on):
        return False
    section = charge.section or ""
    grade = "felony" if offences.entry("PL", section, on) else _GRADES.get(section)
    if grade is None or grade == "felony":
        return None if grade is None else True
    return grade == "A misdemeanor" and charge.inchoate is None
