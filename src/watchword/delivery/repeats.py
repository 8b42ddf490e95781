"""Messages that a person got twice, because we believed for a while that the first had never arrived."""

from collections.abc import Sequence
from uuid import UUID

from watchword.delivery.models import Attempt, Delivery

NEVER_ARRIVED = "never_arrived"
"""The error of an attempt that the provider, asked about it, did not know: the message is sent again."""


def mark_repeats(accepted: Sequence[UUID]) -> int:
    """Mark the deliveries of these attempts that were written off, and accepted after all; return how many.

    A worker that stalled in the middle of a hand-over, and comes back, sends what others have sent meanwhile. Nothing
    can prevent that, as the request may be on its way; what can be done is to say so.
    """
    written_off = Attempt.objects.filter(reference__in=accepted, error=NEVER_ARRIVED)
    return Delivery.objects.filter(id__in=written_off.values("delivery")).update(repeat=True)
