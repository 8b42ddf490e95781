"""Looking at a roster while its bytes come in: by the time they are kept, the rows that are not known are at hand.

It only saves `compare` from going through the file once more. Where it cannot be done (a first roster, a file that
cannot be read, most rows unknown), or where something else was learned of the source meanwhile, nothing is lost.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from watchword.custody import known_lines
from watchword.custody.models import SourceState
from watchword.feeds import mapping as mappings
from watchword.feeds.formats import UnreadableRosterError, open_rows
from watchword.feeds.models import Source
from watchword.feeds.reading import Reading

if TYPE_CHECKING:  # its library takes a while to load, and few processes compare
    from watchword.feeds.fingerprints import Known


@dataclass(frozen=True, kw_only=True)
class Sifted:
    """The unknown rows of a roster, laid aside, and what was known then."""

    mapping: str
    stamp: UUID
    known: "Known"
    reading: Reading


class Sifting:
    """For one roster: `look` while it is received, then `compare(roster, sifted=sifting.sifted)`."""

    def __init__(self, source: Source, received_at: datetime) -> None:
        self.sifted: Sifted | None = None
        self._source, self._received = source, received_at

    def look(self, chunks: Iterator[bytes]) -> None:
        """Go through a roster's bytes."""
        state = SourceState.objects.filter(source=self._source, several_lines=False).first()
        known = known_lines.load(self._source.pk, state.stamp) if state else None
        if state is None or known is None:
            return
        mapping = mappings.load(self._source.mapping)
        try:
            reading = Reading(mapping, lambda: open_rows(mapping, chunks), self._received)
            reading.sift(known)
        except UnreadableRosterError:
            return  # whoever compares it finds that too, and says so
        if reading.has_laid_aside and len(known.gone().records) < len(known):
            self.sifted = Sifted(
                mapping=self._source.mapping, stamp=state.stamp, known=known, reading=reading
            )
