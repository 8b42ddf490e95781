"""The outgoing call, step by step as a carrier follows it."""

from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from tests.county import County
from tests.deliveries import PIN, planned, release
from tests.integration.api.test_carrier import signed
from watchword.delivery.links import Links, public_url
from watchword.delivery.models import Delivery
from watchword.delivery.states import State
from watchword.notices.models import Notice
from watchword.registrants.models import ContactPoint
from watchword.worklist.models import Task

pytestmark = pytest.mark.django_db

WRONG = "750318"


class Step:
    """One document of the call."""

    def __init__(self, url: str, digits: str = "") -> None:
        answer = signed(
            url.removeprefix(public_url()), {"Digits": digits} if digits else {"CallStatus": "in-progress"}
        )
        assert answer.status_code == 200
        self._root = ElementTree.fromstring(answer.content)  # noqa: S314 - our own

    @property
    def says(self) -> str:
        return " ".join(say.text or "" for say in self._root.iter("Say"))

    @property
    def languages(self) -> set[str]:
        return {say.attrib["language"] for say in self._root.iter("Say")}

    @property
    def ends(self) -> bool:
        return self._root.find("Gather") is None

    def press(self, digits: str) -> "Step":
        gather = self._root.find("Gather")
        assert gather is not None
        return Step(gather.attrib["action"], digits)


@pytest.fixture
def call(county: County) -> Step:
    planned(release(county), 1, ["voice"])
    Delivery.objects.update(state=State.HANDED_OVER)
    return Step(Links.here().call(Delivery.objects.get().pk))


def test_nothing_of_the_case_is_said_before_the_pin(call: Step) -> None:
    for step in (call, call.press(WRONG)):
        assert "PIN" in step.says
        assert not {"Ana", "Example", "released", "Jail", "custody"} & set(
            step.says.replace(".", " ").split()
        )


def test_the_right_pin_brings_the_message_and_1_brings_it_again(call: Step) -> None:
    message = call.press(PIN)
    assert "Ana Example was released" in message.says
    assert "Ana Example was released" in message.press("1").says
    assert message.press("2").ends
    notice = Notice.objects.get()
    assert (notice.state, notice.confirmed_by_channel) == ("confirmed", "voice")


def test_a_wrong_pin_is_asked_for_three_times_and_then_the_call_ends(call: Step) -> None:
    last = call.press(WRONG).press(WRONG).press(WRONG)
    assert last.ends
    assert Notice.objects.get().state == "open"


def test_tries_are_counted_across_calls(call: Step) -> None:
    again = Step(Links.here().call(Delivery.objects.get().pk))
    call.press(WRONG).press(WRONG).press(WRONG)
    locked = again.press(WRONG).press(WRONG).press(PIN)
    assert locked.ends
    assert Notice.objects.get().state == "open"
    assert (
        Step(Links.here().call(Delivery.objects.get().pk)).press(PIN).says.startswith("That PIN is not right")
    )


def test_9_stops_these_calls_without_a_pin(call: Step) -> None:
    assert call.press("9").ends
    assert ContactPoint.objects.get().stopped_why == "wrong_number"
    assert set(Task.objects.values_list("kind", flat=True)) == {"wrong_number", "not_reachable"}


def test_the_registrants_language_is_spoken(county: County) -> None:
    planned(release(county), 1, ["voice"], language="es")
    step = Step(Links.here().call(Delivery.objects.get().pk))
    assert step.languages == step.press(PIN).languages == {"es-US"}


def test_hearing_again_needs_more_than_the_address_of_the_call(call: Step) -> None:
    delivery = Delivery.objects.get()
    path = urlsplit(Links.here().call(delivery.pk)).path.replace("/start", "/again")
    assert signed(path, {"Digits": "1"}).status_code == 404
