"""Stopping one contact point: a wrong number, STOP, an unsubscribe, or the provider's word that we are blocked.

It stops that contact point alone (it may be the abuser who pressed the key), tells the registrant's others, opens a
task, and turns to the next way of reaching the registrant. Where none is left, that is a task of its own.
"""

from django.db import transaction

from watchword.audit.actions import record
from watchword.delivery.escalation import after_loss
from watchword.delivery.models import Delivery
from watchword.delivery.partners import stop_partner
from watchword.delivery.states import Move, State, move
from watchword.notices.actions import write_contact_stopped
from watchword.notices.models import Notice
from watchword.registrants.contacts import stop_contact_point
from watchword.registrants.models import ContactPoint, Registration
from watchword.worklist.models import Task
from watchword.worklist.tasks import NewTask, close_tasks, open_tasks

HOLDER = "holder"
"""For the ledger: whoever holds the phone or reads the mail. It need not be the registrant."""

_WHY = {Task.Kind.WRONG_NUMBER: "wrong_number", Task.Kind.OPTED_OUT: "opted_out"}
_SUMMARIES = {
    Task.Kind.WRONG_NUMBER: "Somebody at this number said that it is wrong. Find out how to reach the registrant.",
    Task.Kind.OPTED_OUT: "Messages to this contact point were stopped. Check with the registrant by another way.",
    Task.Kind.NO_WAY_LEFT: "The last contact point of this registrant was stopped: not even urgent news reaches them.",
}


@transaction.atomic
def stop(contact_point_id: int, why: Task.Kind, *, by: str = HOLDER) -> None:
    """Send nothing more to this contact point, and put it before the desk. Once stopped, it stays as it is.

    `why` is WRONG_NUMBER or OPTED_OUT; `by` is who said so, for the ledger.
    """
    if not _stop(contact_point_id, _WHY[why], by):
        return
    write_contact_stopped(contact_point_id)
    open_tasks([_task(why, f"contact_point:{contact_point_id}", contact_point=contact_point_id)])
    _tell_if_no_way_is_left(contact_point_id)


@transaction.atomic
def remove(contact_point_id: int, *, by: str) -> None:
    """Send nothing more to a contact point that its registrant does not want any more: nothing for the desk to do.

    The caller tells their others of it (delivery/changes.py).
    """
    if _stop(contact_point_id, "removed", by):
        _tell_if_no_way_is_left(contact_point_id)


def opted_out(delivery: int) -> None:
    """The provider says that the person has blocked us; or a partner's endpoint, that it is gone for all who are told
    there."""
    point = ContactPoint.objects.get(delivery=delivery)
    if point.partner_id is None:
        stop(point.pk, Task.Kind.OPTED_OUT, by="provider")
    else:
        stop_partner(point.partner_id, by="provider", gone=True)


@transaction.atomic
def start_again(contact_point_id: int) -> None:
    """The person wants texts again: undo an opt-out, and nothing else that may have stopped this contact point."""
    stopped = ContactPoint.objects.filter(pk=contact_point_id, stopped_why=_WHY[Task.Kind.OPTED_OUT])
    if stopped.update(stopped_at=None, stopped_why=""):
        record(HOLDER, "contact_point.start", f"contact_point:{contact_point_id}")
        close_tasks([f"contact_point:{contact_point_id}"], HOLDER, kinds=[Task.Kind.OPTED_OUT])
        registrant = ContactPoint.objects.values_list("registrant_id", flat=True).get(pk=contact_point_id)
        close_tasks([f"registrant:{registrant}"], HOLDER, kinds=[Task.Kind.NO_WAY_LEFT])


def _stop(contact_point_id: int, why: str, by: str) -> bool:
    """Stop it, and turn to the next way of reaching the registrant; whether it was news."""
    # Deliveries are locked before their contact point, as the worker does, or the two wait for one another for ever.
    of_this = Delivery.objects.filter(contact_point=contact_point_id)
    waiting = of_this.filter(state__in=[State.QUEUED, State.RETRY_WAIT]).order_by("id").select_for_update()
    unsent = list(waiting.values_list("id", flat=True))
    if not stop_contact_point(contact_point_id, why, by=by):
        return False
    move(Move(delivery=d, to=State.CANCELLED) for d in unsent)
    after_loss(of_this.filter(notice__state=Notice.State.OPEN).values_list("id", flat=True))
    return True


def _tell_if_no_way_is_left(contact_point_id: int) -> None:
    registrant = ContactPoint.objects.values_list("registrant_id", flat=True).get(pk=contact_point_id)
    own = ContactPoint.objects.filter(registrant=registrant, backup=False)
    if own.filter(stopped_at=None, verified_at__isnull=False).exists():
        return
    active = Registration.objects.filter(registrant=registrant, state=Registration.State.ACTIVE)
    registrations = list(active.order_by("id").values_list("id", flat=True))
    if registrations:
        open_tasks([_task(Task.Kind.NO_WAY_LEFT, f"registrant:{registrant}", registrations=registrations)])


def _task(kind: Task.Kind, subject: str, **facts: object) -> NewTask:
    return NewTask(kind=kind, subject=subject, summary=_SUMMARIES[kind], facts=facts)
