"""The pages of the reports."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from watchword.core.clock import now
from watchword.core.errors import WatchwordError
from watchword.desk.duties.counting import quarterly, yearly
from watchword.desk.duties.periods import OFFICES, Period, quarter, year
from watchword.desk.duties.records import Report
from watchword.desk.duties.writing import as_csv, as_json, as_pdf
from watchword.desk.staff.models import Staff
from watchword.law import rulebook

_YEARS = 3
_LONGEST_NUMBER = 12


@dataclass(frozen=True, kw_only=True)
class _Due:
    office: str
    title: str
    due_in: int
    period: Period
    is_over: bool


@require_safe
def reports(request: HttpRequest, staff: Staff) -> HttpResponse:
    """What is due, by office, the next first."""
    today = now().astimezone(rulebook("nyc").zone).date()
    dues = []
    for due_in in range(today.year + 1, today.year + 1 - _YEARS, -1):
        for office in OFFICES:
            period = year(office, due_in)
            title = rulebook("nyc").office(office).title
            is_over = period.last < today
            dues.append(_Due(office=office, title=title, due_in=due_in, period=period, is_over=is_over))
    quarters = [(today.year - back, number) for back in (0, 1) for number in (4, 3, 2, 1)]
    begun = [each for each in quarters if quarter(*each).first <= today]
    shown = {"staff": staff, "dues": dues, "quarters": begun}
    return render(request, "desk/reports.html", shown)


@require_safe
def yearly_report(request: HttpRequest, staff: Staff, office: str, due_in: int) -> HttpResponse:
    """One report, on a page or as a file."""
    given = request.GET.get("scaap", "")
    scaap = int(given) if given.isascii() and given.isdecimal() and len(given) <= _LONGEST_NUMBER else None
    return _answer(request, staff, lambda: yearly(office, due_in, scaap=scaap), given)


@require_safe
def quarterly_summary(request: HttpRequest, staff: Staff, of_year: int, number: int) -> HttpResponse:
    """The summary of a quarter."""
    return _answer(request, staff, lambda: quarterly(of_year, number), "")


def _answer(request: HttpRequest, staff: Staff, make: Callable[[], Report], scaap: str) -> HttpResponse:
    try:
        report = make()
    except (WatchwordError, ValueError):
        raise Http404 from None
    name = f"{report.office}-{report.period.last}"
    match request.GET.get("as"):
        case "csv":
            return _file(as_csv(report), "text/csv; charset=utf-8", f"{name}.csv")
        case "json":
            return _file(as_json(report), "application/json", f"{name}.json")
        case "pdf":
            return _file(as_pdf(report), "application/pdf", f"{name}.pdf")
    return render(request, "desk/report_page.html", {"staff": staff, "report": report, "scaap": scaap})


def _file(content: str | bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
