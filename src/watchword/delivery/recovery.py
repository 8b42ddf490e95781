"""Finding out how a hand-over ended when nobody saw its end.

The provider is asked by our own reference, or by what only this message holds. Where no provider can be asked (SMTP
keeps no list), the next rung of the ladder is taken at once; where there is none, the message is sent once more,
marked as a repeat. Either way a task is opened.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from watchword.core.encryption import EncryptionError, keyring
from watchword.core.sql import load
from watchword.delivery.channels import Provider
from watchword.delivery.escalation import after_loss, hurry_next_rung
from watchword.delivery.links import token_of
from watchword.delivery.matching import not_known
from watchword.delivery.models import Attempt, Delivery, WrittenOff
from watchword.delivery.records import Answer, CannotAsk, Found, MaySendAgain, NoAnswer, NotFound, Sought
from watchword.delivery.repeats import FIRST_LOOK, looked_in_vain, turned_up, write_off
from watchword.delivery.retries import wait_before_repeat, wait_before_retry
from watchword.delivery.states import Move, State, move
from watchword.notices.models import Notice
from watchword.registrants.addresses import CONTEXT
from watchword.worklist.models import Task
from watchword.worklist.tasks import NewTask, open_tasks

_ASK_AT_ONCE = 100
_ASK_AGAIN_SECONDS = 10  # after a question that may have gone unanswered
_PATIENCE = timedelta(minutes=5)
_log = structlog.get_logger(__name__)
_UNKNOWN = load(__package__, "unknown")
_SECOND_LOOKS = load(__package__, "second_looks")


def may_be_under_way() -> timedelta:
    """How long after an attempt began its request may still be inside the provider: until then, that the provider does
    not know it says nothing. A killed worker's sockets close at once, and what they held is taken up all the same.
    """
    house = settings.WATCHWORD
    return timedelta(seconds=house.provider_timeout_seconds + house.settle_seconds)


def sought() -> list[Sought]:
    """Hand-overs to ask about now, those written off last. For a while no other worker is given the same ones; one
    whose question then has no answer, for whatever reason, is asked about again.
    """
    timeout: float = settings.WATCHWORD.provider_timeout_seconds
    unknown = _taken(_UNKNOWN, timeout + _ASK_AGAIN_SECONDS, _ASK_AT_ONCE)
    left = _ASK_AT_ONCE - len(unknown)
    return unknown + _taken(_SECOND_LOOKS, FIRST_LOOK.total_seconds(), left, written_off=True)


def _taken(statement: str, lease_seconds: float, limit: int, *, written_off: bool = False) -> list[Sought]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, {"lease_seconds": lease_seconds, "limit": limit})
        found = cursor.fetchall()
    taken = []
    for delivery, reference, channel, provider, address, started_at, waited in found:
        try:
            to = keyring().decrypt(address, CONTEXT)
        except EncryptionError:
            _log.error("an address cannot be decrypted: nobody can be asked about it", delivery=delivery)
            continue
        taken.append(
            Sought(
                delivery=delivery,
                reference=reference,
                channel=channel,
                provider=provider,
                to=to,
                mark=token_of(delivery),
                since=started_at,
                waited=waited,
                written_off=written_off,
            )
        )
    return taken


async def ask(providers: Sequence[Provider], wanted: Sequence[Sought]) -> list[tuple[Sought, Answer]]:
    """What the providers say of these, all asked at once; each is asked about what it got itself."""
    named = {provider.name: provider for provider in providers}
    answers = await asyncio.gather(*(_ask(named.get(each.provider), each) for each in wanted))
    return list(zip(wanted, answers, strict=True))


async def _ask(provider: Provider | None, wanted: Sought) -> Answer:
    if provider is None:  # the office uses it no more
        return CannotAsk()
    return await provider.find(wanted)


@transaction.atomic
def settle(answers: Sequence[tuple[Sought, Answer]]) -> None:
    """Do what each answer asks for, unless a receipt or another worker's answer was quicker."""
    asked_about = Delivery.objects.filter(id__in=[wanted.delivery for wanted, _ in answers]).order_by("id")
    locked = {delivery.pk: delivery for delivery in asked_about.select_for_update()}
    for wanted, answer in answers:
        delivery = locked[wanted.delivery]
        if wanted.written_off:
            _look_again(wanted, answer, delivery)
            continue
        if (delivery.state, delivery.reference) != (State.OUTCOME_UNKNOWN, wanted.reference):
            continue
        match answer:
            case Found() | NotFound():
                ours = not_known(wanted, answer)
                if ours is not None:
                    _was_handed_over(wanted, ours)
                elif wanted.waited < may_be_under_way():
                    _ask_when_it_is_over(wanted)
                else:
                    _never_arrived(wanted)
            case CannotAsk():
                _go_another_way(wanted)
            case MaySendAgain():
                _try_again(wanted)
            case NoAnswer():
                if wanted.waited > _PATIENCE:
                    _tell_desk(wanted)
                    hurry_next_rung([wanted.delivery])


def _look_again(wanted: Sought, answer: Answer, delivery: Delivery) -> None:
    """Whether what was written off arrived after all; then it is not sent again or, if it was, that is marked."""
    match answer:
        case Found() | NotFound() if not _is_newer_one_unclear(wanted, delivery):
            ours = not_known(wanted, answer)
            if ours is None:
                looked_in_vain(wanted.reference)
            else:
                turned_up([wanted.reference])
                _was_handed_over(wanted, ours)
        case CannotAsk() | MaySendAgain():
            WrittenOff.objects.filter(attempt=wanted.reference).delete()
        case _:
            return  # it is looked for again in a minute


def _is_newer_one_unclear(wanted: Sought, delivery: Delivery) -> bool:
    """Whether what is found may be a newer attempt, at the same provider, whose id we do not have yet."""
    if delivery.state not in (State.CLAIMED, State.OUTCOME_UNKNOWN):
        return False
    newest = Attempt.objects.filter(delivery=delivery, number=delivery.attempts)
    return newest.filter(provider=wanted.provider).exists()


def _was_handed_over(wanted: Sought, provider_id: str) -> None:
    Attempt.objects.filter(reference=wanted.reference).update(outcome="accepted", provider_id=provider_id)
    move(
        [
            Move(
                delivery=wanted.delivery,
                attempt=wanted.reference,
                to=State.HANDED_OVER,
                provider_id=provider_id,
                due_in=wait_before_repeat(wanted.channel),
            )
        ]
    )


def _ask_when_it_is_over(wanted: Sought) -> None:
    """The request may be inside the provider: sooner, its list says nothing of it."""
    still = may_be_under_way() - wanted.waited
    Delivery.objects.filter(id=wanted.delivery).update(due_at=Now() + still)


def _never_arrived(wanted: Sought) -> None:
    write_off(wanted.reference)
    move([Move(delivery=wanted.delivery, attempt=wanted.reference, to=State.QUEUED, due_in=timedelta())])


def _try_again(wanted: Sought) -> None:
    """Later, as if it had been refused; and meanwhile the next rung, since nobody knows whether it arrived."""
    Attempt.objects.filter(reference=wanted.reference).update(outcome="unknown")
    attempts = Delivery.objects.values_list("attempts", flat=True).get(id=wanted.delivery)
    move(
        [
            Move(
                delivery=wanted.delivery,
                attempt=wanted.reference,
                to=State.RETRY_WAIT,
                due_in=wait_before_retry(attempts),
                repeat=True,
            )
        ]
    )
    hurry_next_rung([wanted.delivery])


def _go_another_way(wanted: Sought) -> None:
    delivery = Delivery.objects.select_related("notice").get(id=wanted.delivery)
    Attempt.objects.filter(reference=wanted.reference).update(outcome="unknown")
    if delivery.notice.state in (Notice.State.CONFIRMED, Notice.State.WITHDRAWN):
        move([Move(delivery=delivery.pk, attempt=wanted.reference, to=State.CANCELLED)])
        return
    _tell_desk(wanted)
    if _has_next_rung(delivery):
        Delivery.objects.filter(id=delivery.pk, state=State.OUTCOME_UNKNOWN).update(due_at=None)
        hurry_next_rung([delivery.pk])
    elif delivery.repeat:
        # It was sent once more already. A third message would not make it more certain.
        move([Move(delivery=delivery.pk, attempt=wanted.reference, to=State.UNDELIVERABLE)])
        after_loss([delivery.pk])
    else:
        again = Move(
            delivery=delivery.pk, attempt=wanted.reference, to=State.QUEUED, due_in=timedelta(), repeat=True
        )
        move([again])


def _has_next_rung(delivery: Delivery) -> bool:
    later = Delivery.objects.filter(
        notice=delivery.notice_id, rung__gt=delivery.rung, contact_point__backup=False
    )
    return later.exclude(state__in=[State.UNDELIVERABLE, State.CANCELLED]).exists()


def _tell_desk(wanted: Sought) -> None:
    open_tasks(
        [
            NewTask(
                kind=Task.Kind.OUTCOME_UNKNOWN,
                subject=f"delivery:{wanted.delivery}",
                summary="We cannot tell whether this message went out. Check with the registrant.",
                facts={
                    "delivery": wanted.delivery,
                    "channel": wanted.channel,
                    "since": wanted.since.isoformat(),
                },
            )
        ]
    )
