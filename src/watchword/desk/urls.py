"""The addresses of the desk. Those of `_PAGES` are for staff who are signed in, and their forms for officers: what is
listed there cannot be open to anybody else. The names of the door are those that django-allauth leads to."""

from typing import Any

from django.urls import path

from watchword.desk import home, incidents, tasks
from watchword.desk.counter import pages as counter
from watchword.desk.counter import supposing_pages as supposing
from watchword.desk.duties import pages as duties
from watchword.desk.pages import StaffView, for_staff
from watchword.desk.staff import door

_PAGES: list[tuple[str, StaffView[Any], str]] = [
    ("", home.home, "desk"),
    ("incidents", incidents.incidents, "desk-incidents"),
    ("incidents/<int:number>", incidents.incident, "desk-incident"),
    ("tasks", tasks.tasks, "desk-tasks"),
    ("tasks/<int:number>", tasks.task, "desk-task"),
    ("requests", counter.requests, "desk-requests"),
    ("requests/new", counter.take, "desk-request-take"),
    ("requests/what-if", supposing.what_if_page, "desk-what-if"),
    ("reports", duties.reports, "desk-reports"),
    ("reports/<slug:office>/<int:due_in>", duties.yearly_report, "desk-report"),
    ("reports/summary/<int:of_year>/<int:number>", duties.quarterly_summary, "desk-summary"),
    ("requests/<int:number>", counter.law_request, "desk-request"),
    ("requests/<int:number>/letter", counter.answer_letter, "desk-request-letter"),
]

urlpatterns = [
    path("in", door.sign_in, name="account_login"),
    path("in/code", door.code, name="mfa_authenticate"),
    path("in/set-up", door.set_up, name="mfa_activate_totp"),
    path("out", door.leave, name="desk-out"),
    *(path(route, for_staff(view), name=name) for route, view, name in _PAGES),
]
