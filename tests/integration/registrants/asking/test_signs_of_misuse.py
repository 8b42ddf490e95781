"""Signs of misuse are a task with questions for the desk; whoever asks is told nothing of them."""

from collections.abc import Callable

import pytest

from tests.county import County
from tests.integration.registrants.asking.people import BEA, WHY, held, request
from watchword.custody.finding.records import Sought
from watchword.registrants.asking import review
from watchword.registrants.asking.actions import refuse
from watchword.registrants.asking.models import Request
from watchword.registrants.asking.records import Reached
from watchword.worklist.models import Task


def nothing(county: County) -> None:
    held(county)
    for number in range(review.MOST_WHO_SEEK_ONE - 1):
        request(reached=Reached(email=f"reader{number}@example.org", language="en"))


def many_sought_by_one(county: County) -> None:
    for number in range(review.MOST_SOUGHT_BY_ONE):
        request(sought=Sought(number=f"A{number}"))


def one_sought_by_many(county: County) -> None:
    for number in range(review.MOST_WHO_SEEK_ONE):
        request(reached=Reached(email=f"reader{number}@example.org", language="en"))


def seeks_hidden(county: County) -> None:
    held(county, protected=True)


def refused_before(county: County) -> None:
    refuse(request(reached=Reached(email=BEA.email, language="en")).request, **WHY)


@pytest.mark.parametrize(
    ("before", "signs"),
    [
        (nothing, []),
        (many_sought_by_one, ["many_sought_by_one"]),
        (one_sought_by_many, ["one_sought_by_many"]),
        (seeks_hidden, ["seeks_hidden"]),
        (refused_before, ["refused_before"]),
    ],
)
def test_a_sign_is_a_task_for_the_desk(
    county: County, before: Callable[[County], None], signs: list[str]
) -> None:
    before(county)
    Request.objects.update(looked_at="2026-03-01T12:00Z")
    taken = request(reached=Reached(email=BEA.email, language="en"))
    assert review.look_through() == 1
    tasks = Task.objects.filter(kind="request_signs", subject=f"request:{taken.request}")
    assert [task.facts["signs"] for task in tasks] == ([signs] if signs else [])
    assert review.look_through() == 0
    refuse(taken.request, **WHY)
    assert not tasks.filter(done=False).exists()
