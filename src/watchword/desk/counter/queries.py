"""Reading requests: what the law says of each, with the facts that are known now."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet

from watchword.core.clock import now
from watchword.desk.counter.models import Decision, KnownConviction, LawRequest
from watchword.desk.counter.records import ActionView, RequestView
from watchword.desk.counter.sealed import opened
from watchword.law import (
    Question,
    decide,
    in_best_order,
    question,
    rulebook,
    what_would_change,
)
from watchword.worklist.models import Proposal
from watchword.worklist.proposals import waiting

ACTIONS: Mapping[str, tuple[str, ...]] = {
    LawRequest.Kind.DETAINER: ("hold", "notify_release", "transfer"),
    LawRequest.Kind.INFORMATION: ("disclose_information",),
    LawRequest.Kind.SUPPORT: (),
}
"""What each kind of request asks of us."""


def requests_newest_first() -> QuerySet[LawRequest]:
    """Every request, with its decisions."""
    return (
        LawRequest.objects.select_related("record__source", "record__person")
        .prefetch_related("decisions", "convictions")
        .order_by("-received_at", "-id")
    )


def view(request: LawRequest) -> RequestView:
    """The request, what the law says of each action, and what to ask next."""
    decided = {each.action: each for each in request.decisions.all()}
    proposals = {each.action: each for each in waiting(subject_of(request))}
    questions = {action: question_of(request, action) for action in ACTIONS[request.kind]}
    actions = [
        _action(asked, decided.get(action), proposals.get(proposed(action)))
        for action, asked in questions.items()
    ]
    undecided = [each.question for each in actions if each.decision is None]
    return RequestView(
        request=request,
        papers=opened(request.papers, "papers"),
        facts=opened(request.facts, "facts"),
        convictions=[
            {
                "crime": opened(each.crime, "crime"),
                "source": each.source,
                "source_on": each.source_on,
                "entered_by": each.entered_by,
            }
            for each in request.convictions.order_by("id")
        ],
        actions=actions,
        to_ask=in_best_order(undecided),
        is_answered=bool(actions) and len(decided) == len(actions),
    )


def question_of(request: LawRequest, action: str, *, as_of: date | None = None) -> Question:
    """The question that the request puts to the law: as of the day it came, by the clock of the place."""
    facts: dict[str, Any] = opened(request.facts, "facts")
    if convictions := [opened(each.crime, "crime") for each in request.convictions.all()]:
        facts["convictions"] = convictions
    zone = rulebook(request.jurisdiction).zone
    facts.setdefault("now", _wall(now(), zone))
    return question(
        {
            "jurisdiction": request.jurisdiction,
            "office": request.office,
            "as_of": (as_of or request.received_at.astimezone(zone).date()).isoformat(),
            "action": action,
            "facts": facts,
        }
    )


def with_everything() -> QuerySet[LawRequest]:
    """Every request with what its questions need, oldest first, in a few statements."""
    return LawRequest.objects.order_by("received_at", "id").prefetch_related(
        Prefetch("convictions", KnownConviction.objects.order_by("id")),
        Prefetch("decisions", Decision.objects.order_by("id")),
    )


def subject_of(request: LawRequest) -> str:
    """What the ledger, tasks and proposals call it."""
    return f"law_request:{request.pk}"


def proposed(action: str) -> str:
    """What a proposal to decide about this action is called."""
    return f"law_request.{action}"


def _action(asked: Question, decision: Decision | None, proposal: Proposal | None) -> ActionView:
    return ActionView(
        action=asked.action,
        question=asked,
        answer=decide(asked),
        changes=[] if decision else what_would_change(asked),
        decision=decision,
        waits_by=proposal.by if proposal else "",
        waits_honoured=bool(proposal and proposal.facts["honoured"]),
    )


def _wall(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).replace(tzinfo=None, microsecond=0).isoformat()
