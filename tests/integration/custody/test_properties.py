"""Comparing is a pure function of what was known and the roster: random histories of a small jail say so."""

import json
from collections import Counter
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.integration.custody.rosters import (
    BARE,
    NUMBERED,
    UNNUMBERED,
    Feed,
    Kind,
    Row,
    crowd,
    held_person,
    tables_of,
)
from watchword.custody import breaker
from watchword.custody.models import Event, HeldChange, SourceState
from watchword.feeds import quarantine, raw
from watchword.feeds.models import Roster

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

AFTER_2 = Kind(name="after 2 rosters", after=2)
IGNORED = Kind(name="absence means nothing", after=None)
kinds = st.sampled_from([NUMBERED, UNNUMBERED, BARE, AFTER_2, IGNORED])

PEOPLE = "ABCDEFG"
FEW = settings(
    max_examples=10,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)

crowds = st.sampled_from([[], crowd(16, facility="North"), crowd(16, facility="South"), crowd(10)])
"""So many come, go or move at once that the breaker holds them."""

optional_days = st.one_of(st.just(""), st.integers(12, 28))


@st.composite
def bookings(draw: st.DrawFn, person: str) -> list[Row]:
    """A person's rows: absent, one stay on one row or on one row a charge, or two stays; some rows are bad."""
    rows: list[Row] = []
    for admitted in draw(st.lists(st.integers(2, 9), max_size=2, unique=True)):
        status = draw(st.sampled_from(["", "", "", "furloughed", "released", "escaped", "died"]))
        common: dict[str, Any] = {
            "facility": draw(st.sampled_from(["North", "South", ""])),
            "status": status,
            "out_on": draw(optional_days),
            "court": draw(st.one_of(optional_days, st.sampled_from(["", "", "soon"]))),
            "discharged": draw(st.sampled_from(["", "", 9, 28])),
            "age": draw(st.sampled_from([30, 31])),
            "status_at": draw(st.sampled_from(["", "", 9])),
            "destination": draw(st.sampled_from(["", "", "Elsewhere"])),
            "race": draw(st.sampled_from("XY")),
        }
        number = draw(st.sampled_from([f"{person}-{admitted}", f"{person}-1"]))
        charges = draw(st.lists(st.sampled_from(["Theft", "Fraud", "Theft;Fraud"]), min_size=1, max_size=2))
        rows += [
            held_person(person, admitted, booking=number, charges=charge, **common) for charge in charges
        ]
    return rows


@st.composite
def rosters(draw: st.DrawFn, most: int = 5) -> list[list[Row]]:
    """A few rosters one after another: most people stay as they were from one to the next."""
    people = {person: draw(bookings(person)) for person in PEOPLE}
    quiet = draw(crowds)
    history = []
    for _ in range(draw(st.integers(2, most))):
        for person in draw(st.lists(st.sampled_from(PEOPLE), max_size=4, unique=True)):
            people[person] = draw(bookings(person))
        rows = [row for rows in people.values() for row in rows]
        if draw(st.sampled_from([False, False, False, True])):
            rows.append(held_person("", 3, name=draw(st.sampled_from(["Total", "End of list"]))))
        if draw(st.sampled_from([False, False, False, False, True])):
            quiet = draw(crowds)
        history.append([*rows, *quiet])
        if draw(st.sampled_from([False, False, True])):
            history.append(draw(st.sampled_from(history)))  # an older one again: stale, or all taken back
    return history


def play(history: list[list[Row]], kind: Kind) -> tuple[Feed, list[Roster]]:
    """Send the rosters, and check after each what must be true of any."""
    feed, sent = Feed(kind), []
    for rows in history:
        sent.append(feed.send(rows))
        feed.check_tables()
    return feed, sent


def told(feed: Feed) -> list[tuple[Any, ...]]:
    """What was told by each roster, as a multiset without ids: (nth roster, kind, person, times, before, after)."""
    nth = {
        pk: n
        for n, pk in enumerate(
            Roster.objects.filter(source=feed.source).order_by("id").values_list("id", flat=True)
        )
    }
    return sorted(
        (nth[one.roster_id], one.kind, one.person.key, str(one.source_at), str(one.before), str(one.after))
        for one in Event.objects.filter(source=feed.source).select_related("person")
    )


def records(feed: Feed) -> dict[int, dict[str, Any]]:
    """The records as plain values, but for what no event speaks of."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, to_jsonb(record) - ARRAY['id', 'source_id', 'person_id', 'age', 'missed', 'doubted', 'listed',"
            " 'fingerprints', 'digests']"
            " FROM custody_record record WHERE source_id = %s",
            [feed.source.pk],
        )
        return {
            pk: json.loads(fields) if isinstance(fields, str) else fields for pk, fields in cursor.fetchall()
        }


def without_unset(records: dict[int, dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """Fields that are unset left out: a booking does not name them."""
    return {
        pk: {name: value for name, value in fields.items() if value is not None and name != "age"}
        for pk, fields in records.items()
    }


def waiting(feed: Feed) -> list[tuple[Any, ...]]:
    """What waits for a person, without ids of records."""
    held = HeldChange.objects.filter(person__source=feed.source)
    return sorted(held.values_list("person__key", "kind", "incident__kind", "incident__state"))


def outcome(feed: Feed) -> tuple[Any, ...]:
    """All that a history has come to."""
    state = SourceState.objects.filter(source=feed.source).first()
    known = (state.clock, state.news_at, state.content) if state else None
    return tables_of(feed), told(feed), waiting(feed), known


@FEW
@given(kind=kinds, history=rosters())
def test_the_last_roster_again_tells_nothing(kind: Kind, history: list[list[Row]]) -> None:
    feed, sent = play(history, kind)
    before = outcome(feed)
    again = feed.send(history[-1][::-1] if len(history[-1]) > 1 else history[-1])
    assert (again.events, again.held) == ({}, {})
    assert again.outcome in ("unchanged", "duplicate", sent[-1].outcome)
    assert outcome(feed) == before


@FEW
@given(
    kind=kinds, history=rosters(most=4), shuffle=st.randoms(use_true_random=False), size=st.integers(40, 200)
)
def test_the_order_of_the_rows_and_the_size_of_the_chunks_change_nothing(
    kind: Kind, history: list[list[Row]], shuffle: Any, size: int
) -> None:
    feed, _ = play(history, kind)
    with patch.object(raw, "_CHUNK", size):
        other, _ = play([shuffle.sample(rows, len(rows)) for rows in history], kind)
    assert outcome(other) == outcome(feed)


@FEW
@given(kind=kinds, history=rosters(most=4))
def test_the_fingerprints_and_the_full_comparison_agree(kind: Kind, history: list[list[Row]]) -> None:
    feed, _ = play(history, kind)
    full = Feed(kind)
    for rows in history:
        SourceState.objects.filter(source=full.source).update(several_lines=True)
        full.send(rows)
        full.check_tables()
    assert outcome(full) == outcome(feed)


@FEW
@given(kind=kinds, history=rosters())
def test_the_events_applied_to_the_old_records_give_the_new(kind: Kind, history: list[list[Row]]) -> None:
    feed, known = Feed(kind), {}
    for rows in history:
        roster = feed.send(rows)
        if roster.outcome == "baseline":
            known = records(feed)
        for event in Event.objects.filter(roster=roster).order_by("id"):
            record = known.setdefault(event.record_id, {})
            assert all(record.get(name) == value for name, value in event.before.items() if name != "age")
            record |= event.after
        assert without_unset(known) == without_unset(records(feed))


@FEW
@given(kind=kinds, history=rosters())
def test_what_is_held_and_what_is_told_are_all_that_changed(kind: Kind, history: list[list[Row]]) -> None:
    feed, sent = play(history, kind)
    free, _ = play(history[:-1], kind)
    with (
        patch.object(breaker, "judge", return_value=[]),
        patch.object(quarantine, "is_too_much", return_value=False),
    ):
        everything = free.send(history[-1])
    last = sent[-1]
    assume(last.outcome != "baseline" and everything.outcome != "baseline")
    assert Counter(last.events) + Counter(last.held) == Counter(everything.events) + Counter(everything.held)
    happened = Event.objects.filter(roster=last)
    assert Counter(happened.values_list("kind", flat=True)) == Counter(last.events)
    for held in HeldChange.objects.filter(person__source=feed.source, booking__startswith="record:"):
        record = int(held.booking.removeprefix("record:"))
        assert not happened.filter(record=record, kind=held.kind).exists()
