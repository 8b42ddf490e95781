"""What was held until a person looks, and what the person decides: the same actions as the command line's."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from watchword.core.errors import WatchwordError
from watchword.custody.incidents import IncidentView, list_closed, list_open, show
from watchword.decisions import Action, decide_incident
from watchword.desk.staff.models import Staff
from watchword.notices.reach import Reach, of_incident
from watchword.worklist.models import Incident, Proposal
from watchword.worklist.proposals import waiting, withdraw

_CLOSED = 20


@dataclass(frozen=True, kw_only=True)
class HeldKind:
    """Of one kind of change: how much is held, what would be normal, whom it would reach, and some of the people."""

    kind: str
    held: int
    limit: int | None
    usual: int | None
    notices: int
    people: list[str]


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """What one person decided and another must confirm."""

    id: int
    action: str
    by: str
    reason: str
    kinds: list[str]
    """What it is about, where that is not all that is held."""


@require_safe
def incidents(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Those that wait, and the last that were decided."""
    shown = {"staff": staff, "open": list_open(), "closed": list_closed(_CLOSED)}
    return render(request, "desk/incidents.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def incident(request: HttpRequest, staff: Staff, number: int) -> HttpResponse:
    """One of them; officers decide."""
    if not Incident.objects.filter(pk=number).exists():
        raise Http404
    refused = ""
    if request.method == "POST":
        try:
            done = _decide(request.POST.dict(), request.POST.getlist("only"), staff, number)
        except WatchwordError as error:
            refused = str(error)
        else:
            return HttpResponseRedirect(f"{reverse('desk-incident', args=[number])}?done={done}")
    return _page(request, staff, number, refused)


def _decide(given: Mapping[str, Any], only: Collection[str], staff: Staff, number: int) -> str:
    """What was asked for; how it ended, in a word of the page's."""
    if "withdraw" in given:
        _withdraw(str(given["withdraw"]), str(given.get("reason", "")), staff, number)
        return "withdrawn"
    if given.get("action") not in list(Action):
        raise WatchwordError("Choose what is to be done: release, discard or correct.")
    said = {"second": staff.name} if "confirm" in given else _first(staff, str(given.get("reason", "")))
    decided = decide_incident(number, Action(given["action"]), only=only, **said)
    return "done" if decided.done else "waits"


def _first(staff: Staff, reason: str) -> dict[str, str]:
    if not reason.strip():
        raise WatchwordError("Say why: it goes into the ledger.")
    return {"by": staff.name, "reason": reason.strip()}


def _withdraw(proposal: str, reason: str, staff: Staff, number: int) -> None:
    if proposal not in {str(one.pk) for one in waiting(f"incident:{number}")}:
        raise WatchwordError("That decision does not wait for anybody any more.")
    withdraw(int(proposal), reason=_first(staff, reason)["reason"], by=staff.name)


def _page(request: HttpRequest, staff: Staff, number: int, refused: str) -> HttpResponse:
    found, reached = show(number), of_incident(number)
    shown = {
        "staff": staff,
        "incident": found,
        "kinds": _kinds(found, reached),
        "reached": reached,
        "is_open": found.state == Incident.State.OPEN,
        "can_take_back": found.state == Incident.State.RELEASED and bool(found.facts.get("told")),
        "waits": [_waiting(one, found.held) for one in waiting(f"incident:{number}")],
        "above": settings.WATCHWORD.second_person_above,
        "actions": list(Action),
        "refused": refused,
        "given": request.POST,
        "chosen": request.POST.getlist("only"),
        "done": request.GET.get("done", ""),
    }
    return render(request, "desk/incident.html", shown)


def _kinds(found: IncidentView, reached: Reach) -> list[HeldKind]:
    judged: Mapping[str, Mapping[str, Any]] = found.facts.get("judged", {})
    return [
        HeldKind(
            kind=kind,
            held=held,
            limit=judged.get(kind, {}).get("limit"),
            usual=judged.get(kind, {}).get("usual"),
            notices=reached.notices.get(kind, 0),
            people=found.samples.get(kind, []),
        )
        for kind, held in found.held.items()
    ]


def _waiting(proposal: Proposal, held: Mapping[str, int]) -> Waiting:
    kinds = list(proposal.facts.get("held", {}))
    return Waiting(
        id=proposal.pk,
        action=proposal.action.removeprefix("incident."),
        by=proposal.by,
        reason=proposal.reason,
        kinds=kinds if set(kinds) != set(held) else [],
    )
