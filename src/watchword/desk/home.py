"""The first page of the desk: what waits for somebody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from watchword.custody.incidents import list_open
from watchword.desk.staff.models import Staff
from watchword.worklist.proposals import waiting


@require_safe
def home(request: HttpRequest, staff: Staff) -> HttpResponse:
    """What waits, and the doors to it."""
    shown = {"staff": staff, "incidents": len(list_open()), "proposals": len(waiting())}
    return render(request, "desk/home.html", shown)
