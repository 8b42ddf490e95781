"""What is asked of the search, and what it answers."""

from dataclasses import dataclass, field
from datetime import date

from watchword.core.errors import WatchwordError


class SoughtError(WatchwordError):
    """Give the booking or source number; or the name and one of these: birth date, age, country of birth."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sought:
    """Whom somebody looks for, as they know them: by a number, or by name and one more fact.

    SoughtError where it is neither. What it shows of itself, in a log or a debugger, is nothing.
    """

    number: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    born: date | None = field(default=None, repr=False)
    age: int | None = field(default=None, repr=False)
    birth_country: str = field(default="", repr=False)  # two letters, ISO 3166-1

    def __post_init__(self) -> None:
        facts = self.born is not None or self.age is not None or self.birth_country
        if not self.number.strip() and not (self.name.strip() and facts):
            raise SoughtError(SoughtError.__doc__)
        if self.age is not None and not 0 <= self.age <= 130:
            raise SoughtError("Give the age in years.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """Somebody who may be the person sought, and how much speaks for it."""

    person: int
    likeness: float  # 0 to 1; 1 for a number that is theirs
