"""What waits for somebody: seen with what was tried, and finished by an officer who says what was done."""

from typing import Any

import pytest
from django.test import Client

from tests.county import County
from tests.deliveries import planned, release
from tests.integration.desk.staff import signed_in
from watchword.audit.models import Entry
from watchword.core.errors import WatchwordError
from watchword.delivery.escalation import put_at_desk
from watchword.delivery.models import Attempt, Delivery
from watchword.delivery.queries import notice_of
from watchword.desk.staff.models import Staff
from watchword.notices.models import Notice
from watchword.worklist.models import Task
from watchword.worklist.queries import waiting_tasks
from watchword.worklist.tasks import NewTask, finish_task, open_tasks

pytestmark = pytest.mark.django_db

KNOWS = "Reached her by her sister's phone; she knows."


@pytest.fixture
def unconfirmed(county: County) -> Task:
    """Nobody confirmed a notice, of which one text was handed over; its registrant reads Spanish."""
    planned(release(county), 1, language="es")
    delivery = Delivery.objects.get()
    reference = "00000000-0000-0000-0000-000000000001"
    Attempt.objects.create(
        reference=reference, delivery=delivery, number=1, provider="texts", outcome="accepted"
    )
    put_at_desk([Notice.objects.get().pk], Task.Kind.NOT_CONFIRMED)
    return Task.objects.get()


def some(count: int, kind: Task.Kind = Task.Kind.OPTED_OUT) -> None:
    open_tasks(
        NewTask(kind=kind, subject=f"contact_point:{n}", summary="Look.", facts={}) for n in range(count)
    )


def say(client: Client, task: Task, **given: str) -> Any:
    return client.post(f"/desk/tasks/{task.pk}", given, follow=True)


def test_a_task_is_seen_with_what_was_tried_in_english_and_no_contact_is(unconfirmed: Task) -> None:
    client = signed_in()
    assert "1 waits for somebody" in client.get("/desk/").content.decode()
    assert f"/desk/tasks/{unconfirmed.pk}" in client.get("/desk/tasks").content.decode()
    page = client.get(f"/desk/tasks/{unconfirmed.pk}").content.decode()
    assert "Text sent to ***" in page
    assert "+1202555" not in page


def test_who_finishes_one_says_what_was_done(unconfirmed: Task) -> None:
    client = signed_in()
    assert "Say what was done" in say(client, unconfirmed, reason=" ").content.decode()
    assert not Entry.objects.filter(action="task.done").exists()
    assert "That task is done" in say(client, unconfirmed, reason=KNOWS).content.decode()
    entry = Entry.objects.get(action="task.done")
    assert (entry.actor, entry.reason, entry.facts["about"]) == ("ana.reyes", KNOWS, unconfirmed.subject)
    unconfirmed.refresh_from_db()
    assert (unconfirmed.done, unconfirmed.done_by) == (True, "ana.reyes")
    assert "No task" in say(client, unconfirmed, reason=KNOWS).content.decode()
    assert Entry.objects.filter(action="task.done").count() == 1


def test_a_reader_sees_it_and_finishes_nothing(unconfirmed: Task) -> None:
    client = signed_in(role=Staff.Role.READER)
    assert "It is done" not in client.get(f"/desk/tasks/{unconfirmed.pk}").content.decode()
    assert say(client, unconfirmed, reason=KNOWS).status_code == 403
    assert not Task.objects.get().done


def test_an_hour_that_the_law_sets_is_not_finished_by_a_word() -> None:
    facts = {"request": 1, "due_at": "2026-03-03T12:00:00+00:00"}
    open_tasks(
        [NewTask(kind=Task.Kind.LAW_DEADLINE, subject="law_request:1", summary="Answer.", facts=facts)]
    )
    task = Task.objects.get()
    with pytest.raises(WatchwordError, match="answered"):
        finish_task(task.pk, by="Officer Vale", reason=KNOWS)
    assert "It is done" not in signed_in().get(f"/desk/tasks/{task.pk}").content.decode()


def test_many_come_page_by_page_and_by_kind() -> None:
    some(5)
    some(2, Task.Kind.WRONG_NUMBER)
    first = waiting_tasks(most=4)
    rest = waiting_tasks(after=first.after or 0, most=4)
    seen = [task.pk for task in (*first.tasks, *rest.tasks)]
    assert seen == sorted(Task.objects.values_list("pk", flat=True))
    assert (rest.after, first.of_kind) == (None, {"wrong_number": 2, "opted_out": 5})
    assert len(waiting_tasks("wrong_number").tasks) == 2
    page = signed_in().get("/desk/tasks?kind=wrong_number&after=nonsense").content.decode()
    assert page.count("Look.") == 2


@pytest.mark.parametrize("address", ["/desk/tasks/999999", "/desk/tasks/99999999999999999999"])
def test_there_is_no_page_of_a_task_that_is_not_there(address: str) -> None:
    assert signed_in().get(address).status_code == 404


def test_the_notice_of_a_task_is_its_own_or_its_deliverys(county: County) -> None:
    planned(release(county), 1)
    delivery = Delivery.objects.get()
    assert notice_of(f"notice:{delivery.notice_id}") == delivery.notice_id
    assert notice_of(f"delivery:{delivery.pk}") == delivery.notice_id
    assert notice_of("contact_point:1") is None
