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

FIRST_LOOK = timedelta(minutes=1)
"""How long after an attempt was written off it is looked for again, and after a look that the provider did not answer;
after one that it answered in vain as long, then twice as long, and so on."""

MOST_LOOKS = 5
"""That the provider answered; the last of them comes half an hour later."""


def write_off(reference: UUID) -> None:
    """This attempt did not arrive, as far as its provider knows: it is looked for again later."""
    Attempt.objects.filter(reference=reference).update(outcome="refused", error="never_arrived")
    WrittenOff.objects.get_or_create(attempt_id=reference, defaults={"due_at": Now() + FIRST_LOOK})


def looked_in_vain(reference: UUID) -> None:
    """The provider was asked once more about what was written off, and still does not know it."""
    written_off = WrittenOff.objects.filter(attempt=reference)
    for looks in written_off.values_list("looks", flat=True):
        if looks + 1 < MOST_LOOKS:
            written_off.update(looks=looks + 1, due_at=Now() + FIRST_LOOK * 2**looks)
        else:
            written_off.delete()


def turned_up(references: Sequence[UUID]) -> None:
    """The provider has these attempts, and we may not have known it: deliveries that were sent again since are marked
    as repeats. Called before it is written down that they were taken."""
    WrittenOff.objects.filter(attempt__in=references).delete()
    news = Attempt.objects.filter(reference__in=references).exclude(outcome="accepted")
    sent_again = news.exclude(delivery__reference=F("reference"))
    Delivery.objects.filter(id__in=sent_again.values("delivery")).update(repeat=True)
