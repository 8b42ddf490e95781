"""Rows that could not be read: kept by number, column and reason; their words stay in the raw file only."""

from uuid import UUID

from watchword.feeds.mapping import Mapping
from watchword.feeds.models import QuarantinedRow, Roster
from watchword.feeds.reading import BadRow, Reading


def keep(roster: Roster, bad: list[BadRow]) -> bool:
    """Quarantine the rows; returns whether the roster is complete all the same.

    It is, unless a row whose person cannot be told is new: that row may be of anybody who seems to be absent. A row
    that stood in the last roster already (a footer, a lasting defect) hides nobody who was readable there.
    """
    QuarantinedRow.objects.filter(roster=roster).delete()
    QuarantinedRow.objects.bulk_create(
        (
            QuarantinedRow(
                roster=roster,
                row_number=row.number,
                column=row.column,
                reason=row.reason,
                person_key=row.person_key,
                fingerprint=UUID(bytes=row.fingerprint),
            )
            for row in bad
        ),
        batch_size=5000,
    )
    nameless = {UUID(bytes=row.fingerprint) for row in bad if row.person_key is None}
    if not nameless:
        return True
    last = (
        Roster.objects.filter(source=roster.source, id__lt=roster.id, content__isnull=False)
        .order_by("-id")
        .first()
    )
    return nameless <= set(QuarantinedRow.objects.filter(roster=last).values_list("fingerprint", flat=True))


def is_too_much(mapping: Mapping, reading: Reading) -> bool:
    """Whether more than the source's tolerated share of the rows is bad."""
    return not mapping.tolerates(len(reading.bad), reading.rows)


def too_much(reading: Reading) -> str:
    """The sentence that says so."""
    first = reading.bad[0]
    where = f"row {first.number}" + (f", column {first.column}" if first.column else "")
    return f"{len(reading.bad)} of {reading.rows} rows cannot be read; the first: {where}, {first.reason}."
