"""Opening and closing tasks, many at a time, in the caller's transaction."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from watchword.core.clock import now
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
