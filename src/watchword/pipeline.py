"""The way of a roster, on one page: received, compared, noticed, delivered.

Each stage is one transaction and names the next in it (`Roster.stage`), so a roster is its own queue entry: whatever
dies between two stages, `resume` goes on where the last one ended. Every stage may run twice and does its work once.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction

from watchword.custody import silence, standstill
from watchword.custody.comparing import compare
from watchword.custody.finding import index
from watchword.delivery.planning import plan_deliveries
from watchword.feeds.models import Roster, Source
from watchword.feeds.receiving import receive
from watchword.notices.actions import write_current_status, write_notices, write_summary
from watchword.notices.silence import write_feed_restored
from watchword.registrants import actions as registrants
from watchword.registrants import contact_codes
from watchword.registrants.asking import actions as asking
from watchword.registrants.asking import by_rule
from watchword.registrants.models import Registration

Stage = Roster.Stage


def load_roster(
    source: Source,
    stream: BinaryIO,
    received_at: datetime,
    shape: Roster.Shape = Roster.Shape.LISTING,
) -> Roster:
    """A source's file comes in; the right people's messages are queued when this returns."""
    return take_on(receive(source, stream, received_at, shape=shape))


def take_on(roster: Roster) -> Roster:
    """Take a roster that has come to its end."""
    advance(roster)
    if roster.outcome in (Roster.Outcome.UNCHANGED, Roster.Outcome.DUPLICATE):
        _note_sight(roster)  # it brought nothing, and so had no stage to be noted in
    return roster


def advance(roster: Roster) -> Roster:
    """Take a roster through the stages that it still has before it."""
    while roster.stage != Stage.DONE:
        _STAGES[Stage(roster.stage)](roster)
        roster.refresh_from_db()
    index.catch_up_with(roster.source_id)  # after everybody is told: nobody waits for the search
    return roster


def resume() -> int:
    """Take every roster that a crash left between two stages to its end; returns how many there were."""
    unfinished = Roster.objects.exclude(stage=Stage.DONE).order_by("id")
    return len([advance(roster) for roster in unfinished])


@transaction.atomic
def register(**asked: Any) -> Registration:
    """Take a registration (the words of `registrants.actions.register`), and tell where the person stands now, once."""
    return tell_standing(registrants.register(**asked))


@transaction.atomic
def verify_registration(registration_id: int, *, by: str) -> Registration:
    """An officer saw that the contacts are the registrant's own: what was pending becomes active, and is told its
    first notice.
    """
    return tell_standing(registrants.verify_contact_points(registration_id, by=by))


@transaction.atomic
def resume_registration(registration_id: int, *, by: str) -> Registration:
    """The quiet is over: one summary of what happened in it."""
    return tell_standing(registrants.resume(registration_id, by=by))


def give_code(contact_point_id: int, code: str, *, pin: str | None = None) -> bool:
    """Whether this is the code that was sent to the contact point: then it may be used, what they asked for is approved
    where that needs no officer, and whoever becomes active is told where the person stands. `pin` becomes the PIN of a
    registrant who has none."""
    number = contact_codes.check_code(contact_point_id, code)
    if number is None:
        return False
    with transaction.atomic():
        waiting = by_rule.waiting_at(contact_point_id)
        activated = contact_codes.use_code(number, pin=pin)
        for registration in (*activated, *by_rule.approve_by_rule(waiting)):
            tell_standing(registration)
    return True


@transaction.atomic
def approve_request(
    request_id: int,
    person_key: str,
    *,
    by: str,
    reason: str,
    watch_days: int | None = None,
    over_limit: bool = False,
) -> list[Registration]:
    """An officer has checked the right to know: the request's recipients are registered for the person of this number,
    and each whose contact is verified is told where the person stands."""
    made = asking.approve(
        request_id, person_key, by=by, reason=reason, watch_days=watch_days, over_limit=over_limit
    )
    return [tell_standing(registration) for registration in made]


def tell_standing(registration: Registration) -> Registration:
    """Tell a registration that has just become active where the person stands; if it was active before, with what
    happened since. In the transaction that made it active; one that is not active is told nothing."""
    if registration.entitled_from is not None:
        write = write_summary if len(registration.entitled) > 1 else write_current_status
        write(registration.pk, registration.entitled_from)
        plan_deliveries()
    return registration


@transaction.atomic
def _write_notices(roster: Roster) -> None:
    write_notices(roster.id)
    _note_sight(roster)
    Roster.objects.filter(pk=roster.pk).update(stage=Stage.NOTICED)


@transaction.atomic
def _note_sight(roster: Roster) -> None:
    """We see the source: whoever was told that we did not is told so, together with what changed meanwhile."""
    silence.saw(roster)
    standstill.look(roster)
    for over in silence.unsettled(roster.source_id):
        write_feed_restored(over, roster.pk)


@transaction.atomic
def _plan_deliveries(roster: Roster) -> None:
    plan_deliveries()
    Roster.objects.filter(pk=roster.pk).update(stage=Stage.DONE)


_STAGES: dict[Stage, Callable[[Roster], object]] = {
    Stage.RECEIVED: compare,
    Stage.COMPARED: _write_notices,
    Stage.NOTICED: _plan_deliveries,
}
