"""What waits for somebody."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from watchword.core.errors import WatchwordError
from watchword.worklist.models import Task

PAGE = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """A page of open tasks, those that have waited longest first."""

    tasks: Sequence[Task]
    of_kind: dict[str, int]
    """How many are open of each kind, on all pages."""
    after: int | None
    """The task after which the next page begins; None on the last."""


def waiting_tasks(kind: str = "", after: int = 0, most: int = PAGE) -> Waiting:
    """The open tasks, of one kind or of all, beginning after this one."""
    still_open = Task.objects.filter(done=False)
    of_kind = dict(still_open.order_by("kind").values_list("kind").annotate(Count("pk")))
    chosen = still_open.filter(kind=kind) if kind else still_open
    found = list(chosen.filter(pk__gt=after).order_by("pk")[: most + 1])
    return Waiting(
        tasks=found[:most],
        of_kind=of_kind,
        after=found[most - 1].pk if len(found) > most else None,
    )


def task_numbered(number: int) -> Task:
    """A task, open or done; WatchwordError where there is none."""
    found = Task.objects.filter(pk=number).first()
    if found is None:
        raise WatchwordError(f"There is no task {number}. `watchword tasks` lists those that are open.")
    return found
