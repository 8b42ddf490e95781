"""The people Harbor County holds: invented, seeded, the same each time for the same seed."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

MAIN_JAIL = "Main Street Jail"
EAST_JAIL = "East Harbor Jail"
DETENTION_CENTER = "Pier Seven Detention Center"
FACILITIES = (MAIN_JAIL, EAST_JAIL, DETENTION_CENTER)

# Drawn apart from each other: a first and a last name that belong to anybody meet only by chance.
_FIRST_NAMES = Path(__file__).with_name("first-names.txt").read_text().split()
_LAST_NAMES = Path(__file__).with_name("last-names.txt").read_text().split()

_BIRTH_COUNTRIES = (
    *("United States",) * 12,
    *(
        "Mexico",
        "Guatemala",
        "Honduras",
        "Dominican Republic",
        "Ghana",
        "Poland",
        "Vietnam",
        "Haiti",
        "India",
        "Iran",
    ),
)
_CHARGES = (
    "Assault in the third degree", "Burglary in the second degree", "Criminal contempt", "Criminal mischief",
    "Driving while intoxicated", "Forgery", "Grand larceny", "Harassment", "Menacing", "Petit larceny",
    "Possession of stolen property", "Robbery in the second degree", "Stalking", "Trespass",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Held:
    """One line of Harbor County's roster. Times are the county's own, without a zone, as in its file."""

    person_no: str
    booking_no: str
    last: str
    first: str
    middle: str
    born: date
    born_in: str
    facility: str
    booked: datetime
    charges: tuple[str, ...]
    status: str = "HELD"
    status_since: datetime | None = None
    released: datetime | None = None
    release_kind: str = ""
    destination: str = ""
    expected_out: date | None = None
    court: datetime | None = None
    court_place: str = ""


def invent(count: int, *, as_of: datetime, seed: int = 7) -> list[Held]:
    """`count` people held at `as_of` (the county's clock), each booked at least 20 minutes before it."""
    chance = random.Random(seed)  # noqa: S311 -- a story told the same way each time, not a secret
    return [invent_one(number, chance, as_of) for number in range(1, count + 1)]


def invent_one(number: int, chance: random.Random, as_of: datetime) -> Held:
    """The person of this number, likewise; another each time that `chance` is drawn from."""
    booked = as_of - timedelta(minutes=20 + int(400 * 24 * 60 * chance.random() ** 3))
    court = as_of.replace(hour=9, minute=30) + timedelta(days=chance.randint(1, 60))
    has_court = chance.random() < 0.6
    return Held(
        person_no=f"HC{400_000 + number * 7}",
        booking_no=f"B{booked:%y}-{number:05d}",
        last=chance.choice(_LAST_NAMES),
        first=chance.choice(_FIRST_NAMES),
        middle=chance.choice("ABCDEFGHJKLMNPRSTVW") if chance.random() < 0.4 else "",
        born=as_of.date() - timedelta(days=chance.randint(19 * 365, 70 * 365)),
        born_in=chance.choice(_BIRTH_COUNTRIES),
        facility=chance.choices(FACILITIES, weights=(6, 4, 2))[0],
        booked=booked,
        status_since=booked,
        charges=tuple(sorted(chance.sample(_CHARGES, chance.randint(1, 3)))),
        expected_out=as_of.date() + timedelta(days=chance.randint(5, 300)) if chance.random() < 0.3 else None,
        court=court if has_court else None,
        court_place="Harbor County Court, Part 3" if has_court else "",
    )
