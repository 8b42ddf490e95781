"""The transition table, and the one function that follows it."""

import itertools
import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.county import County
from tests.deliveries import planned, release
from watchword.delivery.models import Delivery
from watchword.delivery.states import FINAL, TRANSITIONS, Move, State, move
from watchword.feeds.models import Roster
from watchword.notices.models import Notice
from watchword.registrants.models import Registration, Request
from watchword.worklist.models import Incident

DOCUMENT = Path(__file__).parents[3] / "docs" / "statuses.md"


def test_the_table_has_every_state_and_nothing_leaves_a_final_one() -> None:
    assert set(TRANSITIONS) == set(State)
    assert {state for state, targets in TRANSITIONS.items() if not targets} == FINAL


def test_every_state_can_end() -> None:
    def reachable(state: State) -> set[State]:
        seen, new = set[State](), {state}
        while new:
            seen |= new
            new = {target for each in new for target in TRANSITIONS[each]} - seen
        return seen

    assert all(reachable(state) & FINAL for state in State)


@pytest.mark.django_db
def test_each_move_is_made_exactly_if_the_table_has_it(county: County) -> None:
    planned(release(county), 1)
    delivery = Delivery.objects.get()
    for origin, target in itertools.product(State, State):
        Delivery.objects.filter(id=delivery.id).update(state=origin)
        moved = move([Move(delivery=delivery.id, to=target, reference=uuid4(), provider="twilio")])
        delivery.refresh_from_db()
        allowed = target in TRANSITIONS[origin]
        assert [(m.before, m.after) for m in moved] == ([(origin, target)] if allowed else [])
        assert delivery.state == (target if allowed else origin)


@pytest.mark.django_db
def test_a_move_for_an_older_attempt_does_nothing(county: County) -> None:
    planned(release(county), 1)
    delivery = Delivery.objects.get()
    old, new = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
    Delivery.objects.filter(id=delivery.id).update(state=State.CLAIMED, reference=new)
    assert not move([Move(delivery=delivery.id, attempt=UUID(old), to=State.HANDED_OVER)])
    assert move([Move(delivery=delivery.id, attempt=UUID(new), to=State.HANDED_OVER)])


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(State), st.booleans()), max_size=25))
def test_whatever_comes_in_whatever_order_nothing_is_lost_and_no_final_state_is_left(
    county: County, wishes: list[tuple[int, State, bool]]
) -> None:
    if not Delivery.objects.exists():
        planned(release(county), 3)
    deliveries = list(Delivery.objects.order_by("id").values_list("id", flat=True))
    Delivery.objects.update(state=State.QUEUED, handed_over_at=None)
    was_final: dict[int, str] = {}
    for place, target, repeat in wishes:
        move(
            [
                Move(
                    delivery=deliveries[place],
                    to=target,
                    reference=uuid4(),
                    provider="twilio",
                    due_in=timedelta(),
                    repeat=repeat,
                )
            ]
        )
        states = dict(Delivery.objects.values_list("id", "state"))
        assert set(states) == set(deliveries)
        assert all(states[delivery] == state for delivery, state in was_final.items())
        was_final |= {delivery: state for delivery, state in states.items() if state in FINAL}
        for row in Delivery.objects.filter(state__in=[State.HANDED_OVER, State.DELIVERED, State.CONFIRMED]):
            assert row.handed_over_at is not None


@pytest.mark.parametrize(
    ("heading", "states"),
    [
        ("Deliveries", State.values),
        ("Notices", Notice.State.values),
        ("Registrations", Registration.State.values),
        ("Requests", Request.State.values),
        ("Incidents", Incident.State.values),
    ],
)
def test_the_document_explains_every_state_there_is_and_no_other(heading: str, states: list[str]) -> None:
    section = DOCUMENT.read_text("utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    explained = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    assert sorted(explained) == sorted(states)


def test_the_document_draws_the_transitions_of_the_table() -> None:
    section = DOCUMENT.read_text("utf-8").split("## Deliveries\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \|.*\| ([^|]*) \|$", section, re.MULTILINE)
    drawn = {origin: set(re.findall(r"`(\w+)`", targets)) for origin, targets in rows}
    assert drawn == {str(origin): {str(t) for t in targets} for origin, targets in TRANSITIONS.items()}


def test_the_document_explains_how_far_rosters_come_and_what_they_turn_out_to_be() -> None:
    section = DOCUMENT.read_text("utf-8").split("## Rosters\n")[1].split("\n## ")[0]
    explained = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    assert sorted(explained) == sorted([*Roster.Stage.values, *Roster.Shape.values, *Roster.Outcome.values])
