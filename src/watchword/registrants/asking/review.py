"""Requests are looked through for signs of misuse, away from whoever made them: neither the answer nor its time tells.

A sign refuses nothing. It is a task with what the desk should ask itself; a shelter asks for many, a mother twice.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import F

from watchword.core.clock import now
from watchword.custody.finding.queries import find
from watchword.registrants.asking.kept import sought_of
from watchword.registrants.asking.models import Request
from watchword.registrants.models import ContactPoint, Registration
from watchword.worklist.models import Task
from watchword.worklist.tasks import NewTask, open_tasks

RECENTLY = timedelta(days=30)
MOST_SOUGHT_BY_ONE = 3
"""People whom one contact may look for in that time before the desk is told."""

MOST_WHO_SEEK_ONE = 10
"""Contacts that may look for, or watch, one person before the desk is told."""

SIGNS = {
    "many_sought_by_one": "One contact asks about many people. Is it an advocate? Is it known to the office?",
    "one_sought_by_many": "Many ask about this one person. Is something public, or do they act together?",
    "seeks_hidden": "This may be somebody who hides. Who could be looking for them? Ask them, by a safe way, first.",
    "refused_before": "This contact was refused for the same person. What is different now?",
}
"""Each sign, and what the desk should ask itself."""

_BATCH = 100


def look_through() -> int:
    """Look through the requests that nobody has looked through; how many. Each is its own transaction."""
    waiting = Request.objects.filter(looked_at=None).order_by("id").values_list("id", flat=True)
    return len([_look(number) for number in list(waiting[:_BATCH])])


def signs_of(request: Request) -> list[str]:
    """Those of SIGNS that this request shows."""
    since = now() - RECENTLY
    indexes = list(
        ContactPoint.objects.filter(registrant__recipient__request=request).values_list(
            "address_index", flat=True
        )
    )
    by_these = Request.objects.filter(recipients__registrant__contact_points__address_index__in=indexes)
    alike = Request.objects.filter(source=request.source_id, sought_index=request.sought_index)
    sought = by_these.filter(asked_at__gte=since).values("sought_index").distinct()
    seekers = alike.filter(asked_at__gte=since).values(
        index=F("recipients__registrant__contact_points__address_index")
    )
    hidden = [one.person for one in find(sought_of(request), source=request.source_id, hidden=True)]
    open_ = [one.person for one in find(sought_of(request), source=request.source_id)][:1]
    watching = Registration.objects.filter(person__in=open_).exclude(state=Registration.State.ENDED)
    shown = {
        "many_sought_by_one": sought.count() > MOST_SOUGHT_BY_ONE,
        "one_sought_by_many": max(seekers.distinct().count(), watching.count()) > MOST_WHO_SEEK_ONE,
        "seeks_hidden": bool(hidden),
        "refused_before": by_these.filter(
            sought_index=request.sought_index, state=Request.State.REFUSED
        ).exists(),
    }
    return [sign for sign, is_shown in shown.items() if is_shown]


@transaction.atomic
def _look(request_id: int) -> None:
    request = Request.objects.select_for_update().get(pk=request_id)
    signs = signs_of(request)
    if signs:
        open_tasks(
            [
                NewTask(
                    kind=Task.Kind.REQUEST_SIGNS,
                    subject=f"request:{request.pk}",
                    summary=" ".join(SIGNS[sign] for sign in signs),
                    facts={"signs": signs},
                )
            ]
        )
    request.looked_at = now()
    request.save(update_fields=["looked_at"])
