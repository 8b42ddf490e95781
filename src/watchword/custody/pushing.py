"""Single changes that a source pushes at data entry: compared by the same rules as a list, but that each row speaks of
its own person, booking and columns alone, and nobody is absent.

A person's second row comes after the first has been told, so the rows are compared in groups in which each person
stands once. The source's clock stays: it is that of its lists.
"""

from uuid import UUID, uuid4

from watchword.custody import holding
from watchword.custody.comparing import MODULUS, Comparison
from watchword.custody.models import EventKind, HeldChange, Record, SourceState
from watchword.feeds import quarantine, raw
from watchword.feeds.changes import Change, ChangesReading, open_changes
from watchword.feeds.models import Roster
from watchword.worklist.models import Incident

Outcome = Roster.Outcome

_SEVERAL_OPEN = "several bookings of this person are open, and the row names none"


class PushedChanges(Comparison):
    """The pushed changes of one receipt against one source's state."""

    def run(self) -> None:
        """Read, and compare group by group; what cannot be read is put before a person."""
        roster, source = self.roster, self.source
        if self.state is None:
            self.state = SourceState(source=source, news_at=roster.received_at, content=UUID(int=0))
        as_json = roster.shape == Roster.Shape.JSON_CHANGES
        reading = ChangesReading(
            self.mapping,
            open_changes(self.mapping, raw.chunks(source.id, bytes(roster.sha256)), as_json=as_json),
            roster.received_at,
            salt=b"%d\0" % roster.id,
        )
        roster.in_custody = self._in_custody()
        released = self._released_people()
        for number, group in enumerate(reading.groups()):
            if number:
                self.staging.clear()
            self._compare_group(
                [change for change in group if released is None or change.row.values[0] in released], reading
            )
        if self.releasing is not None:
            roster.stage = Roster.Stage.COMPARED
            return None
        roster.rows, roster.quarantined = reading.rows, len(reading.bad)
        quarantine.keep(roster, reading.bad)
        if reading.bad and len(reading.bad) == reading.rows:
            return self.set_aside(Outcome.UNREADABLE, quarantine.too_much(reading))
        if reading.bad:
            roster.incident_id = holding.open_incident(
                source,
                roster,
                Incident.Kind.TOO_MANY_BAD_ROWS,
                f"Of pushed changes, {quarantine.too_much(reading)} The others went on. Ask for these again.",
            ).id
        if not roster.events and not roster.held:
            return self._finish(Outcome.UNCHANGED)
        outcome = Outcome.NEWS if roster.events else Outcome.HELD
        return self._finish(outcome, Roster.Stage.COMPARED)

    def set_aside(self, outcome: Roster.Outcome, why: str) -> None:
        """Nothing of the receipt is used; a person looks at it."""
        self.roster.events, self.roster.held = {}, {}
        super().set_aside(outcome, why)

    def _compare_group(self, group: list[Change], reading: ChangesReading) -> None:
        staging, state = self.staging, self._known_state()
        if not group:
            return
        staging.stage([change.row for change in group])
        staging.put_unsaid((change.row.digest, change.unsaid) for change in group)
        staging.run("stays")
        staging.run("standing")
        self._take_out_unnamed(group, reading)
        staging.run("pushed_lines")
        staging.run("touched")
        staging.run("match", clock=state.clock, listing=False)
        self._note_places()
        staging.run("unsaid")
        staging.run("keep")
        staging.run("changes", absence_after=None, complete=False, years=self._years_since_news())
        held = holding.hold(
            staging, self.source, self.roster, releasing=self.releasing, old_rows=False, waits=False, bad=0
        )
        lines = (
            "SELECT unnest(digests) AS digest FROM custody_record WHERE id IN ("
            " SELECT record_id FROM touched UNION SELECT record_id FROM stay UNION SELECT new_record_id FROM stay)"
        )
        before = staging.sum_of(lines)
        moment = staging.value("SELECT clock_timestamp()")
        staging.run("lines", absence_after=None, listing=False)
        staging.run("admit")
        staging.run("apply", roster=self.roster.id, now=moment, complete=False, counting=False)
        staging.run("search_later", everybody=False)
        state.content = UUID(int=(state.content.int + staging.sum_of(lines) - before) % MODULUS)
        state.stamp = uuid4()  # the lines that were kept are no more what is known
        state.pushed_at = max(state.pushed_at or self.roster.received_at, self.roster.received_at)
        state.save()
        if self.releasing is None:
            self._count(staging.counts("NOT held"), held)

    def _take_out_unnamed(self, group: list[Change], reading: ChangesReading) -> None:
        taken_out = {digest.bytes for (digest,) in self.staging.rows("unnamed_bookings")}
        for change in group:
            if change.row.digest in taken_out:
                reading.refuse(change, _SEVERAL_OPEN)

    def _count(self, applied: dict[str, int], held: holding.Held) -> None:
        roster = self.roster
        roster.events = _added(roster.events, applied)
        roster.held = _added(roster.held, held.counts)
        roster.incident_id = held.incident_id or roster.incident_id

    def _in_custody(self) -> int:
        """Of how many people the source's list is: by the last one, else by what was pushed."""
        lists = Roster.objects.filter(source=self.source, content__isnull=False, rows__gt=0)
        rows = lists.order_by("-id").values_list("rows", flat=True).first()
        return rows if rows is not None else Record.objects.filter(source=self.source, listed=True).count()

    def _released_people(self) -> set[str] | None:
        """Whose changes are released now; None where the receipt is compared for the first time."""
        if self.releasing is None:
            return None
        held = HeldChange.objects.filter(incident=self.releasing, roster=self.roster)
        return set(held.values_list("person__key", flat=True))


def _added(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {kind: one.get(kind, 0) + other.get(kind, 0) for kind in EventKind if kind in one or kind in other}
