"""Messages that a person got twice, because we believed for a while that the first had never arrived.

A request can outlive whoever made it: it waits inside the provider, or in a worker that stalled and comes back, and is
taken up when its message was written off and sent again. Nothing can prevent that; what can be done is to look for it
a few times more, and to say so.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Now

from watchword.delivery.models import Attempt, Delivery, WrittenOff

NEVER_ARRIVED = "never_arrived"
"""The error of an attempt that the provider, asked about it, did not know: the message is sent again."""

FIRST_LOOK = timedelta(minutes=1)
"""How long after an attempt was written off it is looked for again; then after twice that, and so on."""

MOST_LOOKS = 5
"""The last of them comes half an hour later."""


def write_off(reference: UUID) -> None:
    """This attempt did not arrive, as far as its provider knows: it is looked for again later."""
    Attempt.objects.filter(reference=reference).update(outcome="refused", error=NEVER_ARRIVED)
    WrittenOff.objects.get_or_create(attempt_id=reference, defaults={"due_at": Now() + FIRST_LOOK})


def mark_repeats(accepted: Sequence[UUID]) -> int:
    """Mark the deliveries of these attempts that were written off, accepted after all, and sent again since; return
    how many.
    """
    written_off = Attempt.objects.filter(reference__in=accepted, error=NEVER_ARRIVED)
    sent_again = written_off.exclude(delivery__reference=F("reference"))
    return Delivery.objects.filter(id__in=sent_again.values("delivery")).update(repeat=True)
