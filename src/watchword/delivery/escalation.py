"""When a way to a person is lost: the next rung of the ladder, and at its end their backup and somebody at the desk."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from watchword.core.sql import load
from watchword.delivery.models import Delivery
from watchword.delivery.states import State
from watchword.notices.models import Notice
from watchword.registrants.models import ContactPoint
from watchword.registrants.muting import is_muted
from watchword.worklist.models import Task
from watchword.worklist.tasks import NewTask, open_tasks

_HURRY_NEXT_RUNG = load(__package__, "hurry_next_rung")
_TRIED = load(__package__, "tried")

_SUMMARIES = {
    Task.Kind.LETTER_ALONE: "Only a letter is left for this notice, and takes days. Find a quicker way to tell the "
    "registrant.",
    Task.Kind.NOT_REACHABLE: "No contact point of this notice can be reached. Find another way to tell the registrant.",
    Task.Kind.NOT_CONFIRMED: "Nobody confirmed this notice in time. Find out whether the registrant knows.",
}
PUT_AT_DESK = tuple(_SUMMARIES)
"""The kinds of tasks that a notice at the desk has."""


def after_loss(deliveries: Collection[int]) -> None:
    """These deliveries will not reach anybody: hurry the next rung, or hand their notices to the desk."""
    if not deliveries:
        return
    hurry_next_rung(deliveries)
    notices = Delivery.objects.filter(id__in=deliveries).values_list("notice_id", flat=True)
    give_up_unreachable(set(notices))


def hurry_next_rung(deliveries: Collection[int]) -> None:
    """Make due now what waits on the rung after each of these."""
    with connection.cursor() as cursor:
        cursor.execute(_HURRY_NEXT_RUNG, {"deliveries": list(deliveries)})


def give_up_unreachable(notices: Iterable[int]) -> None:
    """Those of these open notices for which none of the registrant's own contact points is left or, of an immediate
    one, only letters, which take days and go all the same: their backup is told now, and so is the desk. Notices that
    are told with another share its fate.
    """
    hope = Delivery.objects.filter(
        ~is_muted("notice__registration", "contact_point"),
        notice=OuterRef("pk"),
        contact_point__stopped_at=None,
        contact_point__backup=False,
    ).exclude(state__in=[State.UNDELIVERABLE, State.CANCELLED])
    quick = hope.exclude(channel=ContactPoint.Channel.LETTER, urgent=True)
    leading = Notice.objects.filter(id__in=list(notices), state=Notice.State.OPEN, told_with=None)
    lost = dict(leading.filter(~Exists(quick)).values_list("id", Exists(hope)))
    backups = Delivery.objects.filter(notice__in=lost, contact_point__backup=True, state=State.QUEUED)
    backups.filter(due_at__gt=Now()).update(due_at=Now())
    for why, has_letter in ((Task.Kind.NOT_REACHABLE, False), (Task.Kind.LETTER_ALONE, True)):
        put_at_desk([notice for notice, letter in lost.items() if letter is has_letter], why)


@transaction.atomic
def put_at_desk(notices: Iterable[int], why: Task.Kind) -> int:
    """Put open notices, and those told with them, in front of a person, with what was tried; return how many.

    One message is one task, of the notice that leads it.

    A notice at the desk can still be confirmed by its registrant: that closes the task.
    """
    wanted = list(notices)
    still_open = Notice.objects.filter(
        Q(id__in=wanted) | Q(told_with__in=wanted), state=Notice.State.OPEN
    ).order_by("id")
    moved = dict(still_open.select_for_update().values_list("id", "told_with"))
    if not moved:
        return 0
    Notice.objects.filter(id__in=moved).update(state=Notice.State.AT_DESK)
    leading = [notice for notice, leader in moved.items() if leader is None]
    tried = what_was_tried(leading)
    open_tasks(
        NewTask(
            kind=why,
            subject=f"notice:{notice}",
            summary=_SUMMARIES[why],
            facts={"tried": tried.get(notice, [])},
        )
        for notice in leading
    )
    return len(moved)


def what_was_tried(notices: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """Each notice's deliveries: ids, channels, states, attempts and times."""
    with connection.cursor() as cursor:
        cursor.execute(_TRIED, {"notices": list(notices)})
        return dict(cursor.fetchall())
