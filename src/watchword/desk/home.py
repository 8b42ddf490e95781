"""The first page of the desk: what waits for somebody, and what is due next."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from watchword.custody.incidents import list_open
from watchword.desk.staff.models import Staff
from watchword.worklist.models import Task
from watchword.worklist.proposals import waiting


@require_safe
def home(request: HttpRequest, staff: Staff) -> HttpResponse:
    """What waits, and the doors to it."""
    shown = {
        "staff": staff,
        "incidents": len(list_open()),
        "tasks": Task.objects.filter(done=False).count(),
        "proposals": len(waiting()),
        "dues": _dues(),
    }
    return render(request, "desk/home.html", shown)


def _dues() -> list[tuple[datetime, int, str]]:
    """What federal requests have to be done by an hour: the hour, the request, and what; the next first."""
    tasks = Task.objects.filter(kind=Task.Kind.LAW_DEADLINE, done=False)
    return sorted(
        (datetime.fromisoformat(task.facts["due_at"]), task.facts["request"], task.summary) for task in tasks
    )
