"""Looking after the sources: staff hear of one that misses its beats, registrants of one that stays silent."""

from django.db import transaction

from watchword.custody import silence
from watchword.delivery.alarms import alarm
from watchword.notices.silence import write_feed_restored, write_feed_silent


def look_after_sources() -> None:
    """One look: incidents, alarms and notices of what is silent, and the ends of silences that waited to be told."""
    with transaction.atomic():
        found = silence.look()
        for each in found.silences:
            write_feed_silent(each)
        for each in silence.unsettled():
            write_feed_restored(each)
    for words in found.alarms:
        alarm(words)
