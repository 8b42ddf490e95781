"""After a database was restored: what was sent since, as far as the providers know, before anything is sent again."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.db.models.functions import Now

from watchword.audit.actions import must_say, record
from watchword.core.clock import now
from watchword.core.encryption import keyring
from watchword.core.errors import WatchwordError
from watchword.core.sql import run
from watchword.delivery import heartbeat
from watchword.delivery.channels.registry import Routes, distinct, routes
from watchword.delivery.links import token_of
from watchword.delivery.matching import not_known
from watchword.delivery.models import Attempt, Delivery, Heartbeat
from watchword.delivery.records import Answer, CannotAsk, MaySendAgain, NoAnswer, Sought
from watchword.delivery.recovery import ask
from watchword.delivery.retries import wait_before_repeat
from watchword.delivery.states import Move, State, move
from watchword.registrants.addresses import CONTEXT
from watchword.worklist.models import Incident

_ASK_AT_ONCE = 100

Answers = Mapping[int, Sequence[tuple[Sought, Answer]]]
"""What each provider of its channel says of each delivery, by the delivery's id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reconciled:
    """What was found of the deliveries that this database believes are due and not yet sent."""

    since: datetime  # the newest moment that the database remembers
    sent_already: int  # a provider has them: they are not sent again
    may_be_repeats: int  # no provider can tell: they are sent, marked as repeats
    to_be_sent: int  # no provider ever got them


def reconcile(*, by: str, reason: str) -> Reconciled:
    """Ask the providers what was sent of all that is due, mark it, and let sending go on.

    WatchwordError where nothing is held, or where a provider does not answer: then everything stays as it is.
    """
    must_say(by, reason)
    if heartbeat.beat():
        raise WatchwordError("The database is the one that was last seen: there is nothing to reconcile.")
    since = Heartbeat.objects.values_list("at", flat=True).get()
    ways = routes()
    return _go_on(asyncio.run(_ask_all(ways, _sought(ways, since))), since, by, reason)


def _sought(ways: Routes, since: datetime) -> list[Sought]:
    """Everything due, at each provider that may have got it."""
    due = Delivery.objects.filter(state__in=[State.QUEUED, State.RETRY_WAIT], due_at__lte=Now())
    return [
        Sought(
            delivery=delivery,
            reference=uuid4(),
            channel=channel,
            provider=provider.name,
            to=keyring().decrypt(address, CONTEXT),
            mark=token_of(delivery),
            since=since,
            waited=now() - since,
            is_reference_lost=True,
        )
        for delivery, channel, address in due.order_by("id").values_list(
            "id", "channel", "contact_point__address"
        )
        for provider in ways.get(channel, ())
    ]


async def _ask_all(ways: Routes, wanted: Sequence[Sought]) -> Answers:
    providers = distinct(ways)
    answers: dict[int, list[tuple[Sought, Answer]]] = {}
    for provider in providers:
        await provider.open()
    try:
        for start in range(0, len(wanted), _ASK_AT_ONCE):
            for sought, answer in await ask(providers, wanted[start : start + _ASK_AT_ONCE]):
                if isinstance(answer, NoAnswer):
                    raise WatchwordError(
                        f"{sought.provider} does not answer the question what it was given. Everything stays as it is; "
                        "try again when it does."
                    )
                answers.setdefault(sought.delivery, []).append((sought, answer))
    finally:
        for provider in providers:
            await provider.close()
    return answers


@transaction.atomic
def _go_on(answers: Answers, since: datetime, by: str, reason: str) -> Reconciled:
    sent = {delivery for delivery, given in answers.items() if _was_sent(given)}
    unclear = {
        delivery
        for delivery, given in answers.items()
        if delivery not in sent and any(isinstance(answer, CannotAsk | MaySendAgain) for _, answer in given)
    }
    Delivery.objects.filter(id__in=unclear).update(repeat=True)
    # What was written after the copy was made had ids, and links with them, that must not come to mean something else.
    run(__package__, "pass_over_ids", {})
    found = Reconciled(
        since=since,
        sent_already=len(sent),
        may_be_repeats=len(unclear),
        to_be_sent=len(answers) - len(sent) - len(unclear),
    )
    counts = {name: getattr(found, name) for name in ("sent_already", "may_be_repeats", "to_be_sent")}
    record(by, "delivery.reconcile", heartbeat.ABOUT, reason, since=since.isoformat(), **counts)
    held = Incident.objects.filter(kind=Incident.Kind.DATABASE_RESTORED, state=Incident.State.OPEN)
    held.update(state=Incident.State.RELEASED, closed_at=now(), closed_by=by, reason=reason)
    heartbeat.begin_anew()
    return found


def _was_sent(given: Sequence[tuple[Sought, Answer]]) -> bool:
    """Whether a provider has it; then that is written down as an attempt."""
    for sought, answer in given:
        provider_id = not_known(sought, answer)
        if provider_id is not None:
            _write_down(sought, provider_id)
            return True
    return False


def _write_down(sought: Sought, provider_id: str) -> None:
    delivery = Delivery.objects.select_for_update().get(id=sought.delivery)
    delivery.attempts += 1
    delivery.reference = sought.reference
    delivery.save(update_fields=["attempts", "reference"])
    Attempt.objects.create(
        reference=sought.reference,
        delivery=delivery,
        number=delivery.attempts,
        provider=sought.provider,
        provider_id=provider_id,
        outcome="accepted",
    )
    move(
        [
            Move(
                delivery=delivery.pk,
                to=State.HANDED_OVER,
                provider_id=provider_id,
                due_in=wait_before_repeat(sought.channel),
            )
        ]
    )
