"""What somebody must do: the list, and one task with what was done so far to tell the notice that it is about."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from watchword.core.errors import WatchwordError
from watchword.delivery.ledger import Line, ledger
from watchword.delivery.queries import notice_of
from watchword.desk.staff.models import Staff
from watchword.site.languages import WRITTEN_IN
from watchword.worklist.models import Task
from watchword.worklist.queries import task_numbered, waiting_tasks
from watchword.worklist.tasks import finish_task


@require_safe
def tasks(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Those that are open, those that wait longest first."""
    kind, after = request.GET.get("kind", ""), request.GET.get("after", "")
    if kind not in Task.Kind:
        kind = ""
    found = waiting_tasks(kind, int(after) if after.isdecimal() and len(after) < 19 else 0)
    shown = {
        "staff": staff,
        "waiting": found,
        "kinds": [(name, Task.Kind(name).label, count) for name, count in found.of_kind.items()],
        "kind": kind,
        "done": request.GET.get("done", ""),
    }
    return render(request, "desk/tasks.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def task(request: HttpRequest, staff: Staff, number: int) -> HttpResponse:
    """One of them; an officer says that it is done, and how."""
    try:
        found = task_numbered(number)
    except WatchwordError:
        raise Http404 from None
    refused = ""
    if request.method == "POST":
        try:
            if not request.POST.get("reason", "").strip():
                raise WatchwordError("Say what was done: it goes into the ledger.")
            finish_task(number, by=staff.name, reason=request.POST["reason"].strip())
        except WatchwordError as error:
            refused = str(error)
        else:
            return HttpResponseRedirect(f"{reverse('desk-tasks')}?done={number}")
    notice = notice_of(found.subject)
    shown = {
        "staff": staff,
        "task": found,
        "notice": notice,
        "lines": _lines(notice),
        "is_deadline": found.kind == Task.Kind.LAW_DEADLINE,
        "refused": refused,
        "given": request.POST,
    }
    return render(request, "desk/task.html", shown)


def _lines(notice: int | None) -> list[Line]:
    return [] if notice is None else ledger(notice, WRITTEN_IN)
