"""The pages of the counter."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from watchword.audit.actions import record
from watchword.core.errors import WatchwordError
from watchword.desk.counter import actions
from watchword.desk.counter.deadlines import next_deadline
from watchword.desk.counter.forms import ByHand, Decide, FromFile, Learn, Moment, Take, known_facts
from watchword.desk.counter.history import crime_of, read_history
from watchword.desk.counter.letters import letter
from watchword.desk.counter.models import LawRequest
from watchword.desk.counter.queries import proposed, requests_newest_first, subject_of, view
from watchword.desk.counter.records import Conviction, RequestView, Taken
from watchword.desk.staff.models import Staff
from watchword.law import rulebook
from watchword.worklist.proposals import waiting, withdraw

_SHOWN = 100
_ASKED_AT_ONCE = 4


@require_safe
def requests(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The newest, each with its next deadline."""
    newest = list(requests_newest_first()[:_SHOWN])
    shown = [{"request": each, "deadline": next_deadline(each)} for each in newest]
    return render(request, "desk/requests.html", {"staff": staff, "requests": shown})


@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, staff: Staff) -> HttpResponse:
    """A request has come."""
    form = Take(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.take(_taken(form), by=staff.name)
        except WatchwordError as error:
            form.add_error(None, str(error))
        else:
            return HttpResponseRedirect(reverse("desk-request", args=[made.pk]))
    return render(request, "desk/take.html", {"staff": staff, "form": form, "title": "A request has come"})


@require_http_methods(["GET", "HEAD", "POST"])
def law_request(request: HttpRequest, staff: Staff, number: int) -> HttpResponse:
    """What the law says of one, what to ask next, and what was decided. To see it is an act, and in the ledger."""
    found = _request(number)
    if request.method != "POST":
        record(staff.name, "law_request.see", subject_of(found))
    refused = ""
    forms = _Forms(request, view(found))
    if request.method == "POST":
        try:
            done = forms.act(staff)
        except WatchwordError as error:
            refused = str(error)
        else:
            if done:
                return HttpResponseRedirect(f"{reverse('desk-request', args=[number])}?done={done}")
        found = _request(number)
        forms.seen = view(found)
    deadline = next_deadline(found)
    shown = {
        "staff": staff,
        "seen": forms.seen,
        "request": found,
        "learn": forms.learn,
        "change": forms.change,
        "by_hand": forms.by_hand,
        "from_file": forms.from_file,
        "decide": forms.decide,
        "when": forms.when,
        "refused": refused,
        "deadline": deadline,
        "information": actions.INFORMATION,
        "done": request.GET.get("done", ""),
    }
    return render(request, "desk/request.html", shown)


@require_safe
def answer_letter(request: HttpRequest, staff: Staff, number: int) -> HttpResponse:
    """The letter of answer, once every action is decided."""
    found = _request(number)
    if not view(found).is_answered:
        raise Http404
    record(staff.name, "law_request.letter", subject_of(found))
    response = HttpResponse(letter(found), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="answer-{number}.pdf"'
    return response


class _Forms:
    """The forms of a request's page; the one that was sent is the one that holds what was typed."""

    def __init__(self, request: HttpRequest, seen: RequestView) -> None:
        self.seen = seen
        self._request = request
        self._sent = request.POST.get("form", "") if request.method == "POST" else ""
        paths = request.POST.getlist("asked") if self._sent == "learn" else seen.to_ask[:_ASKED_AT_ONCE]
        known = [path for path in paths if path in seen.to_ask]
        self.learn = Learn(known, self._data("learn"))
        facts = known_facts(seen.facts)
        self.change = Learn(facts, self._data("change"), known=facts, auto_id="change_%s")
        self.by_hand = ByHand(self._data("by_hand"), auto_id="by_hand_%s")
        self.from_file = FromFile(self._data("from_file"), request.FILES or None, auto_id="file_%s")
        self.decide = Decide(self._data("decide"), auto_id=False)
        self.when = Moment(label="When?")

    def act(self, staff: Staff) -> str:
        """Do what was asked for; a word of what was done, or '' where a form is to be looked at again."""
        acts: dict[str, Callable[[Staff], str]] = {
            "learn": self._learn,
            "change": self._change,
            "by_hand": self._by_hand,
            "from_file": self._from_file,
            "decide": self._decide,
            "confirm": self._confirm,
            "withdraw": self._withdraw,
            "happened": self._happened,
        }
        act = acts.get(self._sent)
        return act(staff) if act else ""

    def _learn(self, staff: Staff) -> str:
        if not self.learn.is_valid() or not self.learn.facts():
            return ""
        actions.learn(self.seen.request.pk, self.learn.facts(), by=staff.name)
        return "learned"

    def _change(self, staff: Staff) -> str:
        if not self.change.is_valid() or not self.change.facts():
            return ""
        actions.learn(self.seen.request.pk, self.change.facts(), by=staff.name)
        return "learned"

    def _by_hand(self, staff: Staff) -> str:
        if not self.by_hand.is_valid():
            return ""
        given = self.by_hand.cleaned_data
        days = {name: given[name].isoformat() for name in ("offence_date", "judgment_date") if given[name]}
        crime = crime_of(given["code"], given["jurisdiction"], days)
        one = Conviction(crime=crime, source=given["source"], source_on=given["source_on"])
        actions.add_convictions(self.seen.request.pk, [one], by=staff.name)
        return "added"

    def _from_file(self, staff: Staff) -> str:
        if not self.from_file.is_valid():
            return ""
        given = self.from_file.cleaned_data
        found = read_history(given["file"].read(), given["source"], given["source_on"])
        actions.add_convictions(self.seen.request.pk, found, by=staff.name)
        return "added"

    def _decide(self, staff: Staff) -> str:
        if not self.decide.is_valid():
            raise WatchwordError("Say why: it goes into the ledger.")
        posted = self._request.POST
        if posted.get("decision") not in ("honour", "decline"):
            raise WatchwordError("Choose whether this office does it.")
        information = [one for one in posted.getlist("information") if one in actions.INFORMATION]
        done = actions.answer(
            self.seen.request.pk,
            posted.get("action", ""),
            honoured=posted["decision"] == "honour",
            by=staff.name,
            reason=self.decide.cleaned_data["reason"],
            information=information,
        )
        return "decided" if done else "waits"

    def _confirm(self, staff: Staff) -> str:
        actions.second(self.seen.request.pk, self._request.POST.get("action", ""), second=staff.name)
        return "decided"

    def _withdraw(self, staff: Staff) -> str:
        name = proposed(self._request.POST.get("action", ""))
        for each in waiting(subject_of(self.seen.request)):
            if each.action == name:
                withdraw(each.pk, by=staff.name, reason="Withdrawn on the page.")
        return "withdrawn"

    def _happened(self, staff: Staff) -> str:
        try:
            at = self.when.clean(self._request.POST.get("at", ""))
        except ValidationError:
            raise WatchwordError("Say when it happened: a day and a time.") from None
        zone = rulebook(self.seen.request.jurisdiction).zone
        what = self._request.POST.get("what", "")
        actions.happened(self.seen.request.pk, what, _in(zone, at), by=staff.name)
        return "kept"

    def _data(self, form: str) -> Any:
        return self._request.POST if self._sent == form else None


def _taken(form: Take) -> Taken:
    given = form.cleaned_data
    place, _, office = given["office"].partition("/")
    return Taken(
        kind=given["kind"],
        source=given["source"],
        person=given["person"],
        jurisdiction=place,
        office=office,
        asker=given["asker"],
        federal_reason=given["federal_reason"],
        received_at=_in(rulebook(place).zone, given["received_at"]),
        papers=form.papers(),
        facts=form.facts(),
        response=given["response"],
    )


def _request(number: int) -> LawRequest:
    found = LawRequest.objects.select_related("record__source", "record__person").filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _in(zone: ZoneInfo, moment: datetime) -> datetime:
    return moment.replace(tzinfo=zone)
