"""Whatever is pushed between lists: the tables hold together, and a list made after it has the last word."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.integration.custody.rosters import NUMBERED, UNNUMBERED, Feed, Row, held_person
from tests.integration.custody.test_properties import FEW, IGNORED
from watchword.custody.models import Event, Record
from watchword.worklist.models import Incident

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

STATUSES = ["in_custody", "furloughed", "released", "escaped"]
FACILITIES = ["North", "South"]


@st.composite
def lists(draw: st.DrawFn) -> list[Row]:
    """Some of four people, each under one stay."""
    return [
        held_person(
            person,
            draw(st.sampled_from([5, 6])),
            status=draw(st.sampled_from(STATUSES)),
            facility=draw(st.sampled_from(FACILITIES)),
            booking=f"{person}-1",
        )
        for person in draw(st.lists(st.sampled_from("ABCD"), unique=True, min_size=1))
    ]


@st.composite
def pushes(draw: st.DrawFn) -> list[dict[str, Any]]:
    """What is said of some of them, in any columns; and in any order, twice even."""
    said = st.fixed_dictionaries(
        {"id": st.sampled_from("ABCD")},
        optional={
            "status": st.sampled_from([*STATUSES, ""]),
            "facility": st.sampled_from([*FACILITIES, ""]),
            "booking": st.sampled_from(["A-1", "B-1", "A-2"]),
            "admitted": st.sampled_from(["2026-03-05T08:00", "2026-03-09T08:00"]),
            "out_on": st.sampled_from(["2026-04-01", ""]),
        },
    )
    return draw(st.lists(said, min_size=1, max_size=3))


@FEW
@given(
    kind=st.sampled_from([NUMBERED, UNNUMBERED, IGNORED]),
    first=lists(),
    steps=st.lists(st.one_of(lists(), pushes()), max_size=4),
    last=lists(),
)
def test_the_tables_hold_together_and_a_later_list_has_the_last_word(
    kind: Any, first: list[Row], steps: list[list[dict[str, Any]]], last: list[Row]
) -> None:
    feed = Feed(kind)
    feed.send(first)
    for step in steps:
        if "race" in step[0]:  # a list's row has every column
            feed.send(step)
        else:
            feed.push(*step)
        feed.check_tables()
    for _ in range(2):  # the first one may have been made before the last push
        feed.send(last)
        feed.check_tables()
    assert feed.state().pushed_at is None  # type: ignore[union-attr]
    assert feed.send(last).outcome in ("duplicate", "unchanged"), "nothing is left to tell"
    if Incident.objects.filter(source=feed.source.name).exists():
        return  # something waits
    for row in last:
        stands = Record.objects.filter(source=feed.source, person__key=row["id"], listed=True)
        said = stands.values_list("status", "facility")
        assert (row["status"], row["facility"]) in said
    for record in Record.objects.filter(source=feed.source):
        said_last = Event.objects.filter(record=record, after__has_key="status").order_by("-id").first()
        assert said_last is None or said_last.after["status"] == record.status, "the events say how it stands"
