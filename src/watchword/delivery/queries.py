"""Reading deliveries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from watchword.delivery.models import Attempt, Delivery, Replay
from watchword.delivery.replays import replayable

_SHOWN_PUSHES = 50


def list_deliveries() -> list[dict[str, Any]]:
    """Every delivery as plain values; contact data is not among them."""
    columns = (
        "id",
        "notice_id",
        "channel",
        "state",
        "attempts",
        "repeat",
        "reference",
        "last_error",
        "handed_over_at",
    )
    names = ("id", "notice", *columns[2:])
    return [
        dict(zip(names, row, strict=True)) for row in Delivery.objects.order_by("id").values_list(*columns)
    ]


def notice_of(subject: str) -> int | None:
    """The notice that a task is about, by the task's subject: itself, or its delivery's. None for any other subject."""
    what, _, number = subject.partition(":")
    if what == "notice":
        return int(number)
    if what == "delivery":
        return Delivery.objects.filter(pk=int(number)).values_list("notice_id", flat=True).first()
    return None


@dataclass(frozen=True, kw_only=True, slots=True)
class PushSeen:
    """A push to a partner's system, and what became of it."""

    delivery: int
    notice: int
    partner: str
    state: str
    queued_at: datetime
    attempts: int  # those of replays included
    answer: str  # the last one: "taken", the status code, or why there was none; "" while there is none yet
    is_asked_for: bool  # somebody asked to have it sent again, which is under way
    can_replay: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Pushes:
    """A page of pushes, the newest first."""

    pushes: list[PushSeen]
    older: int | None  # before which delivery the next page begins; None: this is the last one


def newest_pushes(partner: str | None, before: int | None) -> Pushes:
    """The newest pushes, of one partner or of all, from before this delivery on."""
    found = Delivery.objects.filter(channel="push").order_by("-id")
    if partner is not None:
        found = found.filter(contact_point__partner__name=partner)
    if before is not None:
        found = found.filter(id__lt=before)
    tried = Attempt.objects.filter(delivery=OuterRef("pk")).order_by("-started_at", "-number")
    columns = (
        *("id", "notice_id", "contact_point__partner__name", "state", "queued_at"),
        *("tried", "outcome", "error", "is_asked_for", "can_replay"),
    )
    rows = list(
        found.annotate(
            tried=Coalesce(Subquery(_count(Attempt.objects.filter(delivery=OuterRef("pk")))), 0),
            outcome=Subquery(tried.values("outcome")[:1]),
            error=Subquery(tried.values("error")[:1]),
            is_asked_for=Exists(Replay.objects.filter(delivery=OuterRef("pk"))),
            can_replay=Exists(replayable().filter(id=OuterRef("pk"))),
        ).values_list(*columns)[: _SHOWN_PUSHES + 1]
    )
    shown = rows[:_SHOWN_PUSHES]
    return Pushes(
        pushes=[
            PushSeen(
                delivery=delivery,
                notice=notice,
                partner=name,
                state=state,
                queued_at=queued_at,
                attempts=attempts,
                answer="taken" if outcome == "accepted" else (error or "").removeprefix("http_"),
                is_asked_for=is_asked_for,
                can_replay=can_replay,
            )
            for delivery, notice, name, state, queued_at, attempts, outcome, error, is_asked_for, can_replay in shown
        ],
        older=shown[-1][0] if len(rows) > len(shown) else None,
    )


def _count(attempts: QuerySet[Attempt]) -> QuerySet[Attempt, int]:
    """How many of each delivery's: looked up for the deliveries shown, where a join would count them all first."""
    return (
        attempts.order_by()
        .values("delivery")
        .annotate(number_of=Count("*"))
        .values_list("number_of", flat=True)
    )
