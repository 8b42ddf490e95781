"""What somebody must look at stands before the desk once, until it is done."""

import pytest

from watchword.worklist.models import Task
from watchword.worklist.tasks import NewTask, close_tasks, open_tasks


def task(kind: Task.Kind = Task.Kind.NOT_CONFIRMED, subject: str = "notice:7", **facts: int) -> NewTask:
    return NewTask(kind=kind, subject=subject, summary="Nobody confirmed this notice.", facts=facts)


@pytest.mark.django_db
def test_a_task_is_open_once_and_keeps_what_it_said_first() -> None:
    open_tasks([task(tried=1), task(tried=2)])
    open_tasks([task(tried=3), task(Task.Kind.NOT_REACHABLE), task(subject="notice:8")])
    assert sorted(Task.objects.values_list("kind", "subject")) == [
        ("not_confirmed", "notice:7"),
        ("not_confirmed", "notice:8"),
        ("not_reachable", "notice:7"),
    ]
    assert Task.objects.get(kind="not_confirmed", subject="notice:7").facts == {"tried": 1}


@pytest.mark.django_db
def test_what_is_done_may_come_up_again() -> None:
    open_tasks([task(), task(Task.Kind.NOT_REACHABLE)])
    assert close_tasks(["notice:7"], "Officer Vale", kinds=[Task.Kind.NOT_CONFIRMED]) == 1
    assert close_tasks(["notice:7"], "Officer Mora", kinds=[Task.Kind.NOT_CONFIRMED]) == 0
    done = Task.objects.get(done=True)
    assert (done.kind, done.done_by) == ("not_confirmed", "Officer Vale")
    assert done.done_at is not None
    open_tasks([task()])
    assert Task.objects.filter(subject="notice:7", done=False).count() == 2
