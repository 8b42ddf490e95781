"""Taking requests, learning facts, deciding, and what came of it. Every act is in the ledger, in its transaction.

What the law forbids, nobody can decide to do. To decline what it forbids, one person is enough; anything else is
decided by two.
"""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from watchword.audit.actions import must_say, record
from watchword.core.clock import now
from watchword.core.errors import WatchwordError
from watchword.custody.models import Record
from watchword.desk.counter.deadlines import keep_deadlines
from watchword.desk.counter.models import Decision, KnownConviction, LawRequest
from watchword.desk.counter.queries import ACTIONS, proposed, question_of, subject_of
from watchword.desk.counter.records import Conviction, Taken
from watchword.desk.counter.sealed import opened, sealed
from watchword.law import LawError, Outcome, decide, question, set_fact
from watchword.registrants.asking.status_wording import refuse_status
from watchword.worklist.proposals import confirm, propose

INFORMATION = ("incarceration_status", "release_date", "court_appearance_date", "appointment", "other")
"""What the yearly reports tell apart; status and citizenship are nothing that this office knows."""


@transaction.atomic
def take(taken: Taken, *, by: str) -> LawRequest:
    """A request has come. WatchwordError where the source lists nobody under this number."""
    for text in (taken.asker, taken.response, *taken.papers.values()):
        refuse_status(text)
    made = LawRequest(
        kind=LawRequest.Kind(taken.kind),
        record=None if taken.kind == LawRequest.Kind.SUPPORT else _record(taken.source, taken.person),
        jurisdiction=taken.jurisdiction,
        office=taken.office,
        asker=taken.asker,
        federal_reason=taken.federal_reason,
        received_at=taken.received_at,
        papers=sealed(dict(taken.papers), "papers"),
        facts=sealed(dict(taken.facts), "facts"),
        response=taken.response,
        entered_by=by,
    )
    for action in ACTIONS[made.kind]:
        _check(made, action, taken.facts)
    made.save()
    record(by, "law_request.take", subject_of(made), kind=made.kind)
    keep_deadlines(made)
    return made


@transaction.atomic
def learn(request_id: int, facts: Mapping[str, Any], *, by: str) -> None:
    """Facts by their paths, as the law names what it misses; None is not known any more."""
    request = _lock(request_id)
    data = {"facts": opened(request.facts, "facts")}
    convictions = {each.pk: opened(each.crime, "crime") for each in request.convictions.order_by("id")}
    if convictions:
        data["facts"]["convictions"] = list(convictions.values())
    for path, value in facts.items():
        if isinstance(value, str):
            refuse_status(value)
        set_fact(data, path, value)
    for action in ACTIONS[request.kind]:
        _check(request, action, data["facts"])
    if convictions:
        for number, crime in zip(convictions, data["facts"].pop("convictions"), strict=True):
            KnownConviction.objects.filter(pk=number).update(crime=sealed(crime, "crime"))
    request.facts = sealed(data["facts"], "facts")
    request.save(update_fields=["facts"])
    record(by, "law_request.learn", subject_of(request), facts=sorted(facts))
    keep_deadlines(request)


@transaction.atomic
def add_convictions(request_id: int, convictions: Collection[Conviction], *, by: str) -> None:
    """Judgments, each with where it is known from."""
    request = _lock(request_id)
    facts = opened(request.facts, "facts")
    facts.pop("convictions", None)  # that there are none is not so any more
    for each in convictions:
        if not each.source.strip():
            raise WatchwordError("Say where the conviction is known from, such as a criminal history.")
        for text in (each.source, *(text for text in each.crime.values() if isinstance(text, str))):
            refuse_status(text)
    for action in ACTIONS[request.kind]:
        _check(request, action, facts | {"convictions": [dict(each.crime) for each in convictions]})
    request.facts = sealed(facts, "facts")
    request.save(update_fields=["facts"])
    KnownConviction.objects.bulk_create(
        KnownConviction(
            request=request,
            crime=sealed(dict(each.crime), "crime"),
            source=each.source.strip(),
            source_on=each.source_on,
            entered_by=by,
        )
        for each in convictions
    )
    record(by, "law_request.convictions", subject_of(request), added=len(convictions))


def answer(
    request_id: int,
    action: str,
    *,
    honoured: bool,
    by: str,
    reason: str,
    information: Collection[str] = (),
) -> bool:
    """Decide about one action; whether it is done, or waits for a second person.

    WatchwordError where the law forbids what is to be done, or it was decided already.
    """
    must_say(by, reason)
    refuse_status(reason)
    with transaction.atomic():
        request = _lock(request_id)
        outcome = _outcome(request, action, honoured)
        if outcome is not Outcome.MUST_NOT:
            facts = {"honoured": honoured, "outcome": outcome, "information": sorted(information)}
            propose(proposed(action), subject_of(request), by=by, reason=reason, facts=facts)
            return False
        _keep(request, action, honoured=honoured, by=by, second="", reason=reason, information=())
    return True


@transaction.atomic
def second(request_id: int, action: str, *, second: str) -> None:
    """Another person confirms. WatchwordError where the law says something else by now: look again, decide anew."""
    request = _lock(request_id)
    proposal = confirm(proposed(action), subject_of(request), second=second)
    honoured = bool(proposal.facts["honoured"])
    if _outcome(request, action, honoured) != proposal.facts["outcome"]:
        raise WatchwordError(
            f"The law says something else of this since {proposal.by} decided: a fact was learned, or an hour has "
            "passed. Withdraw the decision, look again, and decide anew."
        )
    _keep(
        request, action, honoured=honoured, by=proposal.by, second=second, reason=proposal.reason,
        information=proposal.facts["information"],
    )  # fmt: skip


@transaction.atomic
def happened(request_id: int, what: str, at: datetime, *, by: str) -> None:
    """What came of it: `held` beyond the release, `released`, or `transferred` to federal custody."""
    request = _lock(request_id)
    honoured = {each.action for each in request.decisions.all() if each.honoured}
    if what not in ("held", "released", "transferred"):
        raise WatchwordError("Say what happened: held, released or transferred.")
    if what == "held" and "hold" not in honoured:
        raise WatchwordError(
            "Nobody decided to hold this person, so they cannot have been held on this request."
        )
    if not request.received_at.replace(hour=0, minute=0) <= at <= now():
        raise WatchwordError("Give a time between the day on which the request came and now.")
    setattr(request, f"{what}_at", at)
    request.save(update_fields=[f"{what}_at"])
    record(by, f"law_request.{what}", subject_of(request))
    keep_deadlines(request)


def _record(source: str, person: str) -> Record:
    found = Record.objects.filter(source__name=source, person__key=person.strip()).order_by("-listed", "-id")
    newest = found.first()
    if newest is None:
        raise WatchwordError("The source lists nobody under this number. Check both.")
    return newest


def _lock(request_id: int) -> LawRequest:
    found = LawRequest.objects.select_for_update().filter(pk=request_id).first()
    if found is None:
        raise WatchwordError(f"There is no request {request_id}.")
    return found


def _check(request: LawRequest, action: str, facts: Mapping[str, Any]) -> None:
    """LawError where the facts cannot be so."""
    decide(
        question(
            {
                "jurisdiction": request.jurisdiction,
                "office": request.office,
                "as_of": request.received_at.date().isoformat(),
                "action": action,
                "facts": json.loads(json.dumps(facts)),
            }
        )
    )


def _outcome(request: LawRequest, action: str, honoured: bool) -> Outcome:
    if action not in ACTIONS[request.kind]:
        raise LawError("This request does not ask for that.")
    if request.decisions.filter(action=action).exists():
        raise WatchwordError("This is decided already.")
    outcome = decide(question_of(request, action)).outcome
    if honoured and outcome is Outcome.MUST_NOT:
        raise WatchwordError(
            "The law forbids this, so it cannot be decided. What would change that stands below it."
        )
    if not honoured and outcome is Outcome.MUST:
        raise WatchwordError(
            "The law commands this, so it cannot be declined. A lawyer can tell whether it binds you."
        )
    return outcome


def _keep(
    request: LawRequest, action: str, *, honoured: bool, by: str, second: str, reason: str,
    information: Collection[str],
) -> None:  # fmt: skip
    said = decide(question_of(request, action))
    Decision.objects.create(
        request=request,
        action=action,
        honoured=honoured,
        outcome=said.outcome,
        answer=sealed(said.as_data(), "answer"),
        information=list(information) if honoured else [],
        reason=reason,
        by=by,
        second=second,
    )
    more = {"second": second} if second else {}
    done = "honour" if honoured else "decline"
    record(by, f"law_request.{done}", subject_of(request), reason, about=action, outcome=said.outcome, **more)
    keep_deadlines(request)
