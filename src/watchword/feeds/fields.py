"""The canonical fields: all that Watchword keeps of a roster's row (docs/reference/roster.md).

There is no field for immigration status or citizenship, and there will be none.
"""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """How a field's words are read."""

    TEXT = "text"
    DATE = "date"
    INSTANT = "instant"
    INTEGER = "integer"
    YES_NO = "yes_no"
    LIST = "list"
    CODE = "code"
    """One of a fixed set of words; a source's own are translated by the mapping's `values`."""


STATUSES = ("in_custody", "furloughed", "released", "removed", "escaped", "died")
RELEASE_KINDS = (
    "bail",
    "sentence_served",
    "supervised",
    "court_order",
    "transferred_out",
    "removed",
    "escaped",
    "died",
    "other",
)


@dataclass(frozen=True, kw_only=True)
class Field:
    """One canonical field: its name, how its words are read, and what it means."""

    name: str
    kind: Kind
    meaning: str
    codes: tuple[str, ...] = ()


FIELDS = (
    Field(name="person_key", kind=Kind.TEXT, meaning="The source's own number of the person. Required."),
    Field(
        name="booking_key", kind=Kind.TEXT, meaning="The source's own number of this stay, where it has one."
    ),
    Field(name="last_name", kind=Kind.TEXT, meaning="Family name or names."),
    Field(name="first_name", kind=Kind.TEXT, meaning="Given name."),
    Field(name="middle_name", kind=Kind.TEXT, meaning="Middle name or names."),
    Field(name="suffix", kind=Kind.TEXT, meaning="Such as Jr or III."),
    Field(name="also_known_as", kind=Kind.LIST, meaning="Other names."),
    Field(name="birth_date", kind=Kind.DATE, meaning="Day of birth."),
    Field(name="age", kind=Kind.INTEGER, meaning="Age in years; a birthday is not an event."),
    Field(name="birth_country", kind=Kind.TEXT, meaning="Country of birth, to find a person by."),
    Field(name="facility", kind=Kind.TEXT, meaning="Where the person is held."),
    Field(
        name="status",
        kind=Kind.CODE,
        meaning="Whether the person is held, or how they left; left out: in custody, unless released_at is set.",
        codes=STATUSES,
    ),
    Field(name="status_at", kind=Kind.INSTANT, meaning="When that status began."),
    Field(name="booked_at", kind=Kind.INSTANT, meaning="Admission of this stay."),
    Field(
        name="released_at",
        kind=Kind.INSTANT,
        meaning="Discharge; one later than the roster's receipt is not yet a release.",
    ),
    Field(name="release_kind", kind=Kind.CODE, meaning="How the person left.", codes=RELEASE_KINDS),
    Field(name="destination", kind=Kind.TEXT, meaning="Where the person went."),
    Field(name="expected_release_on", kind=Kind.DATE, meaning="Expected day of release; 'Unknown' is unset."),
    Field(name="next_court_at", kind=Kind.INSTANT, meaning="Next court date."),
    Field(name="next_court_place", kind=Kind.TEXT, meaning="Where that hearing is."),
    Field(name="charges", kind=Kind.LIST, meaning="Charges; their order means nothing, their number does."),
    Field(name="protected", kind=Kind.YES_NO, meaning="Never searchable."),
    Field(name="sealed", kind=Kind.YES_NO, meaning="The record is sealed."),
)
FIELD_NAMES = tuple(field.name for field in FIELDS)
