"""Telling the office's own people, at once and outside the system, that something of the system has failed."""

import structlog
from django.conf import settings

_TITLE = "Watchword needs somebody"
_log = structlog.get_logger(__name__)


def alarm(words: str) -> None:
    """Send these words to every address of WATCHWORD_ALARM_URLS. They may hold nothing of any person."""
    addresses = settings.WATCHWORD.alarm_urls.split()
    if not addresses:
        return
    from apprise import Apprise  # here: it takes a quarter of a second to load, and alarms are rare

    sender = Apprise()
    usable = sum(bool(sender.add(address)) for address in addresses)
    if usable < len(addresses):
        _log.error("an alarm address cannot be used", unusable=len(addresses) - usable)
    if usable and not sender.notify(body=words, title=_TITLE):
        _log.error("an alarm did not reach every address")
