"""Whatever people and rosters do, in whatever order, exactly those entitled get exactly one notice."""

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.county import County
from tests.integration.registrants.test_registering import ask
from watchword.custody.models import Event
from watchword.notices.actions import write_notices
from watchword.notices.models import Notice
from watchword.registrants.actions import end, pause, resume, verify_contact_points

KINDS = ["booked", "transferred", "released", "vanished", "corrected", "updated"]
steps = st.lists(
    st.one_of(
        st.tuples(st.just("register"), st.booleans()),
        st.tuples(st.sampled_from(["verify", "pause", "resume", "end"]), st.integers(0, 3)),
        st.tuples(st.just("event"), st.sampled_from(KINDS)),
        st.tuples(st.just("write"), st.integers(0, 9)),
    ),
    max_size=25,
)


@dataclass
class Model:
    """What should be, kept in the plainest way: one state a registration, and who was active when."""

    states: dict[int, str] = field(default_factory=dict)
    expected: set[tuple[int, int | None, str]] = field(default_factory=set)

    def happens(self, event: Event) -> None:
        if event.kind != "updated":
            active = (number for number, state in self.states.items() if state == "active")
            self.expected |= {(number, event.pk, event.kind) for number in active}


class TestEntitlement(TestCase):
    @settings(max_examples=60)
    @given(steps)
    def test_exactly_those_entitled_get_exactly_one(self, steps: list[tuple[str, object]]) -> None:
        county = County()
        person = county.person()
        model, events, numbers = Model(), [], []
        for act, chosen in steps:
            if act == "register":
                registration = ask(verified=bool(chosen), by="Officer Vale")
                numbers.append(registration.pk)
                model.states[registration.pk] = registration.state
            elif act == "event":
                events.append(county.event(person, str(chosen)))
                model.happens(events[-1])
            elif act == "write" and events:
                write_notices(events[int(str(chosen)) % len(events)].roster_id)
            elif numbers and act != "write":
                self.act_on(model, act, numbers[int(str(chosen)) % len(numbers)])
        for event in [*events, *events]:
            write_notices(event.roster_id)
        written = list(Notice.objects.values_list("registration_id", "event_id", "kind"))
        assert sorted(written, key=str) == sorted(model.expected, key=str)

    def act_on(self, model: Model, act: str, number: int) -> None:
        before = model.states[number]
        if act == "verify":
            registration = verify_contact_points(number, by="Officer Vale")
        else:
            registration = {"pause": pause, "resume": resume, "end": end}[act](number)
        allowed = {
            ("verify", "pending"): "active",
            ("pause", "active"): "paused",
            ("resume", "paused"): "active",
        }
        model.states[number] = "ended" if act == "end" else allowed.get((act, before), before)
        assert registration.state == model.states[number]
