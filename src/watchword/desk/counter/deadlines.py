"""What must be done by when, as tasks of the worklist: the answer before the release, the release when hours end."""

from datetime import datetime

from watchword.desk.counter.models import LawRequest
from watchword.desk.counter.queries import ACTIONS, question_of, subject_of
from watchword.law import hours_end, rulebook
from watchword.worklist.models import Task
from watchword.worklist.tasks import NewTask, close_tasks, open_tasks


def keep_deadlines(request: LawRequest) -> None:
    """The tasks of a request as they stand now: opened, changed or closed, in the caller's transaction."""
    close_tasks([subject_of(request)], "system", kinds=[Task.Kind.LAW_DEADLINE])
    due = next_deadline(request)
    if due is not None:
        summary, at = due
        facts = {"request": request.pk, "due_at": at.isoformat()}
        task = NewTask(kind=Task.Kind.LAW_DEADLINE, subject=subject_of(request), summary=summary, facts=facts)
        open_tasks([task])


def next_deadline(request: LawRequest) -> tuple[str, datetime] | None:
    """What is due next, and when; None where nothing is."""
    if request.released_at or request.transferred_at or not ACTIONS[request.kind]:
        return None
    asked = question_of(request, ACTIONS[request.kind][0])
    zone = rulebook(request.jurisdiction).zone
    release = asked.facts.release_due_at
    decided = {each.action: each.honoured for each in request.decisions.all()}
    if decided.get("hold"):
        end = hours_end(asked)
        if end is None:
            return None
        return (
            "Release this person without notice when the hours are over, unless a judge's warrant came.",
            end.replace(tzinfo=zone),
        )
    if release is None:
        return None
    at = release if release.tzinfo else release.replace(tzinfo=zone)
    if len(decided) < len(ACTIONS[request.kind]):
        return "Answer this request before the person would go free.", at
    if "hold" in decided:
        return "Release this person when they are due: nobody may hold them on this request.", at
    return None
