"""Stopping one contact point: a wrong number, STOP, or the provider's word that we are blocked.

It stops that contact point alone (it may be the abuser who pressed the key), opens a task, and turns to the next way of
reaching the registrant.
"""

from django.db import transaction

from watchword.audit.actions import record
from watchword.delivery.escalation import after_loss
from watchword.delivery.models import Delivery
from watchword.delivery.states import Move, State, move
from watchword.notices.models import Notice
from watchword.registrants.actions import stop_contact_point
from watchword.registrants.models import ContactPoint
from watchword.worklist.models import Task
from watchword.worklist.tasks import NewTask, close_tasks, open_tasks

_WHY = {Task.Kind.WRONG_NUMBER: "wrong_number", Task.Kind.OPTED_OUT: "opted_out"}
_SUMMARIES = {
    Task.Kind.WRONG_NUMBER: "Somebody at this number said that it is wrong. Find out how to reach the registrant.",
    Task.Kind.OPTED_OUT: "Messages to this contact point were stopped. Check with the registrant by another way.",
}


@transaction.atomic
def stop(contact_point: int, why: Task.Kind, *, by: str = "registrant") -> None:
    """Send nothing more to this contact point, and put it before the desk. Once stopped, it stays as it is."""
    stop_contact_point(contact_point, _WHY[why], by=by)
    waiting = Delivery.objects.filter(contact_point=contact_point, state__in=[State.QUEUED, State.RETRY_WAIT])
    move(Move(delivery=d, to=State.CANCELLED) for d in waiting.values_list("id", flat=True))
    untold = Delivery.objects.filter(contact_point=contact_point, notice__state=Notice.State.OPEN)
    after_loss(untold.values_list("id", flat=True))
    open_tasks(
        [
            NewTask(
                kind=why,
                subject=f"contact_point:{contact_point}",
                summary=_SUMMARIES[why],
                facts={"contact_point": contact_point},
            )
        ]
    )


@transaction.atomic
def start_again(contact_point: int) -> None:
    """The person wants texts again: undo an opt-out, and nothing else that may have stopped this contact point."""
    stopped = ContactPoint.objects.filter(pk=contact_point, stopped_why=_WHY[Task.Kind.OPTED_OUT])
    if stopped.update(stopped_at=None, stopped_why=""):
        record("registrant", "contact_point.start", f"contact_point:{contact_point}")
        close_tasks([f"contact_point:{contact_point}"], "registrant", kinds=[Task.Kind.OPTED_OUT])
