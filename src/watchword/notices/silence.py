"""Telling registrants that we cannot see a source's list, and that we can again: notices without a person's event."""

from django.db import transaction

from watchword.core.sql import rows, run
from watchword.custody.models import Silence
from watchword.notices.urgency import urgencies


def write_feed_silent(silence: Silence) -> int:
    """One notice for each registration for somebody of this source; how many are new. Who registers while it lasts is
    told when this runs again."""
    return run(
        __package__,
        "write_feed_silent",
        {
            "source": silence.source_id,
            "occasion": silence.told_at,
            "urgency": urgencies()["feed_silent"],
        },
    )


@transaction.atomic
def write_feed_restored(silence: Silence, roster_id: int | None = None) -> int:
    """Tell those who were told of the silence that it is over, in one message with what `roster_id`, which ended it,
    says of their person; how many are new.

    Those about whom something is held are told once that is decided, when this runs again.
    """
    parameters = {"source": silence.source_id, "told_at": silence.told_at, "over_at": silence.over_at}
    written = run(__package__, "write_feed_restored", parameters | {"urgency": urgencies()["feed_restored"]})
    run(__package__, "withdraw_feed_silent", parameters)
    if roster_id is not None:
        run(__package__, "tell_with_restored", {"roster": roster_id, "over_at": silence.over_at})
    if not rows(__package__, "restored_to_tell", parameters):
        Silence.objects.filter(pk=silence.pk).update(settled=True)
    return written
