"""Opening and closing tasks, many at a time, in the caller's transaction; and finishing one, by a person."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from watchword.audit.actions import must_say, record
from watchword.core.clock import now
from watchword.core.errors import WatchwordError
from watchword.worklist.models import Task


@dataclass(frozen=True, kw_only=True, slots=True)
class NewTask:
    """What somebody at the desk must do."""

    kind: Task.Kind
    subject: str  # what it is about, such as 'notice:7'
    summary: str  # one plain sentence
    facts: Mapping[str, Any]  # ids, states and times only


def open_tasks(tasks: Iterable[NewTask]) -> None:
    """Put them before the desk. One that is open already, of the same kind and subject, stays as it is."""
    rows = [Task(kind=t.kind, subject=t.subject, summary=t.summary, facts=dict(t.facts)) for t in tasks]
    Task.objects.bulk_create(rows, ignore_conflicts=True)


def close_tasks(
    subjects: Collection[str], by: str, *, kinds: Collection[Task.Kind] = tuple(Task.Kind)
) -> int:
    """Done: what was open about these subjects. Returns how many tasks that were."""
    still_open = Task.objects.filter(subject__in=subjects, kind__in=kinds, done=False)
    return still_open.update(done=True, done_at=now(), done_by=by)


@transaction.atomic
def finish_task(number: int, *, by: str, reason: str) -> None:
    """A person has done it; what they did goes into the ledger.

    WatchwordError where it is not open, or is an hour that the law sets: answering the request ends that.
    """
    must_say(by, reason)
    task = Task.objects.select_for_update().filter(pk=number, done=False).first()
    if task is None:
        raise WatchwordError(f"No task {number} is open. `watchword tasks` lists those that are.")
    if task.kind == Task.Kind.LAW_DEADLINE:
        raise WatchwordError("This is an hour that the law sets. It is over when the request is answered.")
    task.done, task.done_at, task.done_by = True, now(), by
    task.save(update_fields=["done", "done_at", "done_by"])
    record(by, "task.done", f"task:{number}", reason, kind=task.kind, about=task.subject)
