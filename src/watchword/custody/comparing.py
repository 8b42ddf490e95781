"""The second stage: compare a roster with what we knew, and record what changed.

One transaction a roster, and one set of rules for every roster: the SQL in `sql/`, which works on sets. The
fingerprints of the lines only decide how much of a roster has to be read for it. What the breaker holds stays as it
was: the record, the source's clock and the old lines, so that the next roster is compared with the same knowledge.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from watchword.core import sql
from watchword.core.memory import use_freed_memory_again
from watchword.custody import holding, known_lines
from watchword.custody.entries import CLOCKS_DIFFER
from watchword.custody.models import SourceState
from watchword.custody.staging import Staging
from watchword.feeds import mapping as mappings
from watchword.feeds import quarantine, raw
from watchword.feeds.ahead import read_ahead
from watchword.feeds.formats import UnreadableRosterError, open_rows
from watchword.feeds.models import Roster, Source
from watchword.feeds.places import spellings
from watchword.feeds.reading import Reading, ReadRow
from watchword.worklist.models import Incident

if TYPE_CHECKING:  # its library takes a while to load, and few processes compare
    from watchword.feeds.fingerprints import Known

Outcome = Roster.Outcome

MODULUS = 1 << 128
_GROUPS_AHEAD = 4
"""Groups of rows that are read while the database is busy, at most."""


class _NeedsFullDiffError(Exception):
    """A booking takes several rows, of which some are known and some are not: all of them must be read."""


def compare(roster: Roster, releasing: Incident | None = None) -> Roster:
    """Compare a received roster, in one transaction; stage COMPARED, or DONE where it brought nothing.

    With `releasing`, a roster that was compared before is compared again, and what that incident holds passes.
    """
    use_freed_memory_again()
    try:
        with transaction.atomic():
            return _compare(roster, releasing, full=False)
    except _NeedsFullDiffError:
        with transaction.atomic():
            return _compare(roster, releasing, full=True)


def _compare(roster: Roster, releasing: Incident | None, *, full: bool) -> Roster:
    source = Source.objects.select_for_update(no_key=True).get(pk=roster.source_id)
    roster.refresh_from_db()
    if roster.stage != Roster.Stage.RECEIVED and releasing is None:
        return roster
    state = SourceState.objects.filter(source=source).first()
    kind = Comparison if roster.is_listing else _pushed_changes()
    comparison = kind(roster, source, state, releasing, full=full or state is None or state.several_lines)
    if releasing is not None:  # in one transaction with other rosters, perhaps
        comparison.staging.clear()
    try:
        with transaction.atomic():
            comparison.run()
    except UnreadableRosterError as error:
        comparison.set_aside(Outcome.UNREADABLE, str(error))
    roster.save()
    return roster


def _pushed_changes() -> "type[Comparison]":
    from watchword.custody.pushing import PushedChanges  # which is a comparison itself

    return PushedChanges


class Comparison:
    """One roster against one source's state. Fields are filled as the steps of `run` go on."""

    def __init__(
        self,
        roster: Roster,
        source: Source,
        state: SourceState | None,
        releasing: Incident | None,
        *,
        full: bool,
    ) -> None:
        self.roster, self.source, self.state, self.releasing, self.full = (
            roster,
            source,
            state,
            releasing,
            full,
        )
        self.mapping = mappings.load(source.mapping)
        self.staging = Staging(connection.cursor(), source.id)
        self.known: Known  # what was known; nothing, where every row is read
        self.stamp = uuid4()  # of what will be known
        self.several_lines = state is not None and state.several_lines
        self.bad = 0  # sum of the fingerprints of the bad rows
        self.content = 0  # sum of the digests of all its rows
        self.absence_after = self.mapping.absence.after if self.mapping.absence.means == "vanished" else None
        self.made_at: datetime | None = (
            None  # where something was pushed: when this list was made at the latest
        )
        self.is_first_list = state is None or (
            state.pushed_at is not None
            and not Roster.objects.filter(source=source, outcome=Outcome.BASELINE).exists()
        )

    def run(self) -> None:
        """Read, match, find the changes, hold what is abnormal, apply the rest."""
        roster = self.roster
        reading = self._read()
        if reading.rows == 0 and self.releasing is None:
            return self.set_aside(Outcome.EMPTY, "The file has no rows.")
        complete = quarantine.keep(roster, reading.bad)
        if reading.bad and len(reading.bad) == reading.rows:
            why = f"None of its {reading.rows} rows can be read; the first: {reading.bad[0].reason}."
            return self.set_aside(Outcome.UNREADABLE, why)
        waits = self.releasing is None and quarantine.is_too_much(self.mapping, reading)
        if self.state is None:
            if waits:
                return self.set_aside(Outcome.WAITING, quarantine.too_much(reading))
            return self._take_as_baseline()
        if self.releasing is None and self._repeats_the_last_roster():
            return self._finish(Outcome.UNCHANGED)
        self._match()
        self._note_places()
        self._keep_what_was_pushed(reading.as_of)
        self.staging.run(
            "changes",
            absence_after=self.absence_after,
            complete=complete,
            years=self._years_since_news(),
        )
        if self.is_first_list:  # whom no pushed change had spoken of is taken in, and told to nobody
            self.staging.execute(
                "DELETE FROM change USING stay WHERE stay.id = change.stay_id AND stay.how = 'booked'"
            )
        # Else the planner goes by what the last roster of this connection was like, and takes hours over a larger one.
        self.staging.analyze("change (stay_id, record_id, kind, unit, held)", "stay (id, record_id, how)")
        held = self._hold(reading, waits=waits)
        recorded_at = self.staging.value("SELECT clock_timestamp()")
        self._make_true(
            roster=self.roster.id, now=recorded_at, complete=complete, counting=not held.everything
        )
        return self._remember(held)

    def _years_since_news(self) -> int:
        return max(0, (self.roster.received_at - self._known_state().news_at).days // 365)

    def set_aside(self, outcome: Outcome, why: str) -> None:
        """Nothing of the roster is used; a person looks at it."""
        kind = {
            Outcome.EMPTY: Incident.Kind.EMPTY_ROSTER,
            Outcome.UNREADABLE: Incident.Kind.UNREADABLE_ROSTER,
            Outcome.WAITING: Incident.Kind.TOO_MANY_BAD_ROWS,
        }[outcome]
        self.roster.incident_id = holding.open_incident(
            self.source, self.roster, kind, f"{why} Nobody was told anything."
        ).id
        self._finish(outcome)

    def _read(self) -> Reading:
        """Read what is not known into `staged`, and note in `gone` what is not there any more."""
        roster, staging = self.roster, self.staging
        reading, unchanged, staged = self._read_all() if self.full else self._read_unknown()
        staging.put("quarantined", {row.person_key for row in reading.bad if row.person_key is not None})
        self.bad = sum(int.from_bytes(row.fingerprint, "big") for row in reading.bad)
        roster.rows, roster.quarantined = reading.rows, len(reading.bad)
        self.content = (unchanged + staged + self.bad) % MODULUS
        roster.content = UUID(int=self.content)
        return reading

    def _read_all(self) -> tuple[Reading, int, int]:
        from watchword.feeds.fingerprints import Known

        self.full = True
        self.roster.in_custody = self.staging.value(
            "SELECT coalesce(sum(cardinality(fingerprints)), 0) FROM custody_record WHERE source_id = %s AND listed",
            self.source.id,
        )
        with self._read_against(Known.nothing()) as (reading, groups):
            staged = sum(map(self.staging.stage, groups))
        self.staging.take_all_as_gone()
        self.staging.run("touched")
        return reading, 0, staged

    def _read_unknown(self) -> tuple[Reading, int, int]:
        """The reading, and the sums of the digests of the rows that did not change, and of those staged.

        Whom the rows speak of is looked up while the next rows are read.
        """
        from watchword.feeds.fingerprints import Known

        state = self._known_state()
        known = known_lines.load(self.source.id, state.stamp) or Known.from_packed(self.staging.known_lines())
        self.roster.in_custody, staged = len(known), 0
        with self._read_against(known) as (reading, groups):
            for rows in groups:
                staged += self.staging.stage(rows)
                self.staging.run("expected", keys=[row.values[0] for row in rows])
        self.staging.analyze("standing (id)")
        gone = known.gone()
        if len(gone.records) == len(known):
            self.staging.take_all_as_gone()
        else:
            self.staging.take_as_gone(gone)
        self.staging.run("touched")
        return reading, state.content.int - self.staging.sum_of("SELECT digest FROM gone"), staged

    @contextmanager
    def _read_against(self, known: "Known") -> Iterator[tuple[Reading, Iterator[list[ReadRow]]]]:
        """The reading, and its groups of rows, which are read while others are taken."""
        roster, self.known = self.roster, known
        rows = open_rows(self.mapping, raw.chunks(self.source.id, bytes(roster.sha256)))
        reading = Reading(self.mapping, rows, roster.received_at, known)
        with read_ahead(reading.read(), _GROUPS_AHEAD) as groups:
            yield reading, groups

    def _match(self) -> None:
        """Say of each booking listed which record it continues."""
        staging = self.staging
        staging.analyze("staged (person_key)", "expected", "gone")
        staging.run("stays")
        staging.analyze("stay (person_id)", "standing (id)")
        staging.run("standing")
        repeated = staging.value(
            "SELECT EXISTS (SELECT FROM stay GROUP BY person_id, booking, CASE WHEN booking = '' THEN booked_at END"
            " HAVING count(*) > 1)"
        )
        if repeated:
            self.several_lines = True
            staging.run("merge")
        staging.analyze("standing (person_id, id)", "touched (record_id, person_id)")
        if not self.full and staging.value(sql.load(__package__, "partly_known")):
            raise _NeedsFullDiffError
        staging.run("match", clock=self.state.clock if self.state else None, listing=self.roster.is_listing)
        staging.analyze("stay (record_id, how)", "touched (record_id, active)", "absent")

    def _keep_what_was_pushed(self, as_of: datetime | None) -> None:
        """What was pushed after this list was made is not undone by it."""
        pushed_at = self._known_state().pushed_at
        if pushed_at is None:
            return
        received_at = self.roster.received_at
        self.made_at = as_of - CLOCKS_DIFFER if as_of else received_at - self.mapping.oldest_list
        if self.made_at < pushed_at:
            self.staging.run("guarded", made_at=self.made_at)
            kept = "SELECT unnest(digests) AS digest FROM stay WHERE id IN (SELECT stay_id FROM kept)"
            before = self.staging.sum_of(kept)
            self.staging.run("keep")
            self.content += self.staging.sum_of(kept) - before

    def _note_places(self) -> None:
        """Places as this roster spells them, where the source has not spelled them so before."""
        new = self.staging.rows("spelled", longest=spellings.LONGEST, most=spellings.MOST + 1)
        spellings.note(self.source, new)

    def _take_as_baseline(self) -> None:
        """The first roster of a source: records, no events."""
        self._match()
        self._note_places()
        self._make_true()
        self.state = SourceState(source=self.source)
        self._advance_state()
        self.roster.outcome, self.roster.stage = Outcome.BASELINE, Roster.Stage.COMPARED

    def _make_true(self, **parameters: Any) -> None:
        """Records, events and lines. The file of the lines is written while the database is busy.

        Without `parameters`, of a first list: there are no other records than the new ones.
        """
        self.staging.run("lines", absence_after=self.absence_after, listing=True)
        with ThreadPoolExecutor(1) as beside:
            kept = beside.submit(self._keep_lines, self.staging.new_lines())
            self.staging.run("admit")
            if parameters:
                self.staging.run("apply", **parameters)
            self.staging.run("search_later", everybody=self.is_first_list)
            kept.result()

    def _keep_lines(self, new: bytes) -> None:
        if not self.several_lines:  # else nothing is ever taken as known
            self.known.move_on(new)
            known_lines.keep(self.source.id, self.stamp, self.known)

    def _repeats_the_last_roster(self) -> bool:
        """Whether these are the rows of the last roster; but what a person discarded may be said again."""
        if self._known_state().pushed_at is not None:
            return False  # it may agree with what was pushed since, or not
        last = self._earlier().order_by("-id").first()
        if last is None or last.content != self.roster.content:
            return False
        self.roster.incident_id = last.incident_id
        discarded = Incident.objects.filter(state=Incident.State.DISCARDED)
        return last.incident_id is None or not discarded.filter(pk=last.incident_id).exists()

    def _earlier(self) -> QuerySet[Roster]:
        return Roster.objects.filter(
            source=self.source, id__lt=self.roster.id, content__isnull=False
        ).exclude(outcome=Outcome.DUPLICATE)

    def _hold(self, reading: Reading, *, waits: bool) -> holding.Held:
        """Mark the changes that wait for a person, and open the incident they wait in."""
        released = Incident.objects.filter(state=Incident.State.RELEASED).values("pk")
        applied = Q(outcome__in=(Outcome.BASELINE, Outcome.NEWS)) | Q(incident_id__in=released)
        return holding.hold(
            self.staging,
            self.source,
            self.roster,
            releasing=self.releasing,
            old_rows=self._earlier().filter(applied, content=self.roster.content).exists(),
            waits=waits,
            bad=len(reading.bad),
            made_at=self.made_at,
        )

    def _remember(self, held: holding.Held) -> None:
        """Move what we know of the source on, unless something waits: then its clock stays as it was."""
        applied = self.staging.counts("NOT held")
        absent = self.staging.value("SELECT count(*) FROM staying")
        if self.releasing is None:
            self.roster.events, self.roster.held = applied, held.counts
            self.roster.incident_id = held.incident_id
        news = bool(applied) or bool(absent) or bool(held.counts)
        self._advance_state(clock=bool(applied or absent) and not held.counts)
        if self.is_first_list:
            return self._finish(Outcome.BASELINE, Roster.Stage.COMPARED)
        if held.outcome is not None:
            return self._finish(held.outcome, Roster.Stage.COMPARED)
        return self._finish(Outcome.NEWS, Roster.Stage.COMPARED) if news else self._finish(Outcome.UNCHANGED)

    def _advance_state(self, *, clock: bool = True) -> None:
        state, staging, source = self._known_state(), self.staging, self.source.id
        kept = left_out = 0  # what stays of the old lines, and what does not come of the new ones
        if staging.value("SELECT EXISTS (SELECT FROM staying)"):
            kept = staging.sum_of(
                "SELECT line.digest FROM staying JOIN custody_record record ON record.id = staying.record_id,"
                " unnest(record.fingerprints, record.digests) AS line (fingerprint, digest)"
                " WHERE NOT EXISTS (SELECT FROM staged WHERE staged.fingerprint = line.fingerprint)"
            )
        if staging.value("SELECT EXISTS (SELECT FROM change WHERE held)"):
            left_out = staging.sum_of(
                "SELECT line.digest FROM stay LEFT JOIN custody_record record ON record.id = stay.record_id,"
                " unnest(stay.fingerprints, stay.digests) AS line (fingerprint, digest)"
                " WHERE EXISTS (SELECT FROM change WHERE change.stay_id = stay.id AND held)"
                " AND line.fingerprint <> ALL (coalesce(record.fingerprints, '{}'))"
            )
        state.content = UUID(int=(self.content - self.bad + kept - left_out) % MODULUS)
        state.several_lines = self.several_lines
        if clock:
            newest = staging.value(
                "SELECT booked_at FROM custody_record WHERE source_id = %s AND listed"
                " AND missed = 0 AND NOT doubted AND booked_at <= %s"
                " AND NOT EXISTS (SELECT FROM pushed WHERE pushed.record_id = custody_record.id)"
                " ORDER BY booked_at DESC LIMIT 1",  # max(booked_at) would look at every record
                source,
                self.roster.received_at,
            )
            state.clock = newest or state.clock
            state.news_at = self.roster.received_at
        if state.pushed_at and self.made_at and state.pushed_at <= self.made_at:
            state.pushed_at = None
        state.stamp = self.stamp
        state.save()

    def _known_state(self) -> SourceState:
        if self.state is None:
            raise AssertionError("a first roster is a baseline and is compared with nothing")
        return self.state

    def _finish(self, outcome: Outcome, stage: Roster.Stage = Roster.Stage.DONE) -> None:
        if self.releasing is None:
            self.roster.outcome = outcome
        self.roster.stage = stage
