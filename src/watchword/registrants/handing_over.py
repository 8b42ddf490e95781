"""An advocate leaves a client to a colleague, and nobody is left untold in between.

The colleague gets a registration of their own, with contacts and a PIN of their own. The old one goes on until the
colleague has given the code sent to one of those contacts, and ends at that moment.
"""

from collections.abc import Iterable
from math import ceil

from django.db import transaction

from watchword.audit.actions import record
from watchword.core.clock import now
from watchword.core.errors import WatchwordError
from watchword.registrants import actions
from watchword.registrants.contacts import addresses_given
from watchword.registrants.models import HandOver, Registration

_SECONDS_A_DAY = 86_400


@transaction.atomic
def hand_over(registration_id: int, *, email: str | None, phone: str | None, by: str) -> Registration:
    """A colleague of whoever is told for another is to take their place; the colleague's registration, still pending.

    WatchwordError where the registrant is told for themselves, where it has ended or is handed over already.
    """
    old = Registration.objects.select_for_update(of=("self",)).filter(pk=registration_id)
    found = old.select_related("registrant", "person__source").first()
    if found is None:
        raise WatchwordError(f"There is no registration {registration_id}.")
    if found.mode == Registration.Mode.DIRECT:
        raise WatchwordError("Who is told for themselves cannot hand over. Their contacts can be changed.")
    going_on = (Registration.State.PENDING, Registration.State.ACTIVE, Registration.State.PAUSED)
    if found.state not in going_on or HandOver.objects.filter(old=found).exists():
        raise WatchwordError(
            f"Registration {registration_id} has ended, is withheld or is handed over already."
        )
    colleague = actions.make_registrant(
        addresses_given(email, phone),
        name=None,
        language=found.registrant.language,
        time_zone=found.registrant.time_zone,
        pin_hash="",
    )
    new = actions.register_for(
        colleague,
        source_name=found.person.source.name,
        person_key=found.person.key,
        mode=Registration.Mode(found.mode),
        watch_days=_days_left(found),
        by=by,
    )
    HandOver.objects.create(old=found, new=new)
    record(by, "registration.hand_over", f"registration:{found.pk}", to=new.pk)
    return new


def end_handed_over(activated: Iterable[Registration]) -> None:
    """Those whose place these have taken, now that they are active, end."""
    for registration in activated:
        for done in HandOver.objects.filter(new=registration):
            actions.end(done.old_id, why="handed_over")


def _days_left(registration: Registration) -> int | None:
    if not registration.watching or registration.watch_ends_at is None:
        return None
    left = (registration.watch_ends_at - now()).total_seconds()
    return max(1, ceil(left / _SECONDS_A_DAY))
