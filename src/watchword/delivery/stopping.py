"""Stopping one contact point: a wrong number, STOP, an unsubscribe, or the provider's word that we are blocked.

It stops that contact point alone (it may be the abuser who pressed the key); an unsubscribe, for the one registration
that the mail was about. It tells the registrant's others, opens a task, and turns to the next way of reaching the
registrant. Where none is left, that is a task of its own.
"""

from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet

from watchword.audit.actions import record
from watchword.delivery.escalation import after_loss
from watchword.delivery.models import Delivery
from watchword.delivery.partners import stop_partner
from watchword.delivery.states import Move, State, move
from watchword.notices.actions import write_contact_stopped
from watchword.notices.models import Notice
from watchword.registrants import muting
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
    Task.Kind.NO_WAY_LEFT: "The last contact point for these registrations was stopped: not even urgent news is told.",
}
_MUTED = (
    "Mail about one registration was stopped at this contact point. Check with the registrant by another way."
)


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
def mute(registration_id: int, contact_point_id: int, *, by: str) -> None:
    """Send nothing more about this registration to this contact point, and put it before the desk. What is muted or
    stopped already stays as it is."""
    about_it = Delivery.objects.filter(contact_point=contact_point_id, notice__registration=registration_id)
    unsent = _lock_unsent(about_it)
    muted = muting.mute(registration_id, contact_point_id, by=by)
    if muted is None:
        return
    _lose(about_it, unsent)
    write_contact_stopped(contact_point_id, registration=registration_id)
    of = {"contact_point": contact_point_id, "registration": registration_id}
    open_tasks([NewTask(kind=Task.Kind.OPTED_OUT, subject=f"mute:{muted}", summary=_MUTED, facts=of)])
    if registration_id in muting.unreachable(_registrant_of(contact_point_id)):
        subject = f"registration:{registration_id}"
        open_tasks([_task(Task.Kind.NO_WAY_LEFT, subject, registrations=[registration_id])])


@transaction.atomic
def unmute(registration_id: int, contact_point_id: int, *, by: str = HOLDER) -> None:
    """It goes there again, if nothing but a mute kept it from there."""
    muted = muting.unmute(registration_id, contact_point_id, by=by)
    if muted is not None:
        close_tasks([f"mute:{muted}"], by, kinds=[Task.Kind.OPTED_OUT])
        _close_where_a_way_is_back(contact_point_id, by)


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
        _close_where_a_way_is_back(contact_point_id, HOLDER)


def _stop(contact_point_id: int, why: str, by: str) -> bool:
    """Stop it, and turn to the next way of reaching the registrant; whether it was news."""
    of_this = Delivery.objects.filter(contact_point=contact_point_id)
    unsent = _lock_unsent(of_this)
    if not stop_contact_point(contact_point_id, why, by=by):
        return False
    _lose(of_this, unsent)
    return True


def _lock_unsent(of_this: QuerySet[Delivery]) -> list[int]:
    """Those of these that still wait. Deliveries are locked before their contact point, as the worker does, or the two
    wait for one another for ever."""
    waiting = of_this.filter(state__in=[State.QUEUED, State.RETRY_WAIT]).order_by("id")
    return list(waiting.select_for_update(of=("self",)).values_list("id", flat=True))


def _lose(of_this: QuerySet[Delivery], unsent: Collection[int]) -> None:
    move(Move(delivery=d, to=State.CANCELLED) for d in unsent)
    after_loss(of_this.filter(notice__state=Notice.State.OPEN).values_list("id", flat=True))


def _tell_if_no_way_is_left(contact_point_id: int) -> None:
    registrant = _registrant_of(contact_point_id)
    registrations = muting.unreachable(registrant)
    if registrations:
        open_tasks([_task(Task.Kind.NO_WAY_LEFT, f"registrant:{registrant}", registrations=registrations)])


def _close_where_a_way_is_back(contact_point_id: int, by: str) -> None:
    registrant = _registrant_of(contact_point_id)
    lost = muting.unreachable(registrant)
    reached = Registration.objects.filter(registrant=registrant).exclude(pk__in=lost)
    subjects = [f"registration:{number}" for number in reached.values_list("id", flat=True)]
    if not lost:
        subjects.append(f"registrant:{registrant}")
    close_tasks(subjects, by, kinds=[Task.Kind.NO_WAY_LEFT])


def _registrant_of(contact_point_id: int) -> int:
    return ContactPoint.objects.values_list("registrant_id", flat=True).get(pk=contact_point_id)


def _task(kind: Task.Kind, subject: str, **facts: object) -> NewTask:
    return NewTask(kind=kind, subject=subject, summary=_SUMMARIES[kind], facts=facts)
