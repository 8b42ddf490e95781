"""Which months a report is about, and by when it is due: as the laws of 2011 to 2017 say it, each for its own years."""

from dataclasses import dataclass
from datetime import date, timedelta

from watchword.core.errors import WatchwordError

OFFICES = {"doc": "9-131(f)", "nypd": "14-154(f)", "probation": "9-205(f)"}
"""Who reports each year, and by which paragraph of the Administrative Code."""

INFORMATION_FROM = date(2018, 1, 30)
"""What was asked and answered is reported only for periods from then on (LL 228/2017 s.4)."""

_FIRST_YEAR = {"doc": 2012, "nypd": 2013, "probation": 2018}
_NEW_STYLE = 2018


@dataclass(frozen=True, kw_only=True)
class Period:
    """From a day to a day, both counted, and the last day on which its report may be published."""

    first: date
    last: date
    due: date
    citation: str
    note: str = ""


def year(office: str, due_in: int) -> Period:
    """The yearly report that is due in this year; WatchwordError where none is."""
    if office not in OFFICES:
        raise WatchwordError(f"No yearly report is asked of {office!r}; of {', '.join(OFFICES)} it is.")
    if due_in < _FIRST_YEAR[office]:
        raise WatchwordError(f"The first yearly report of this office was due in {_FIRST_YEAR[office]}.")
    if due_in >= _NEW_STYLE:
        note = (
            "July to September 2017 are in the report of October 2017 too, as it should be: never add the two."
            if due_in == _NEW_STYLE and office != "probation"
            else ""
        )
        return Period(
            first=date(due_in - 1, 7, 1),
            last=date(due_in, 6, 30),
            due=date(due_in, 9, 1),
            citation=OFFICES[office],
            note=note,
        )
    due = date(due_in, 10, 15) if due_in >= 2015 else date(due_in, 9, 30)
    return Period(first=date(due_in - 1, 10, 1), last=date(due_in, 9, 30), due=due, citation=OFFICES[office])


def quarter(of_year: int, number: int) -> Period:
    """A calendar quarter of the summary of 10-178(d). The text names no day on which it is due."""
    if number not in (1, 2, 3, 4) or date(of_year, 1, 1) < date(2018, 1, 1):
        raise WatchwordError("Give a year from 2018 on and a quarter from 1 to 4.")
    first = date(of_year, 3 * number - 2, 1)
    after = date(of_year + number // 4, 3 * number % 12 + 1, 1)
    last = after - timedelta(days=1)
    return Period(first=first, last=last, due=last, citation="10-178(d)", note="The text names no due date.")
