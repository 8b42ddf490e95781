"""When no provider of a channel works: an incident, and other ways for what is urgent."""

from enum import Enum

from django.db import connection, transaction

from watchword.core.clock import now
from watchword.core.sql import load
from watchword.delivery.alarms import alarm
from watchword.delivery.escalation import hurry_next_rung
from watchword.worklist.incidents import clear_incidents, open_incident
from watchword.worklist.models import Incident

_WAITING = load(__package__, "waiting_urgent")
_BATCH = 5_000


class News(Enum):
    """What a worker has seen of a channel."""

    DOWN = "down"
    UP = "up"


def follow(channel: str, news: News | None) -> None:
    """Do what the news asks for; None: nothing is new."""
    match news:
        case News.DOWN:
            _down(channel)
        case News.UP:
            _up(channel)
        case None:
            pass


def _down(channel: str) -> None:
    """Tell the desk, and make due now whatever other way there is for each urgent notice that waits here."""
    summary = (
        f"No provider of {channel} works. What is due waits; urgent notices go out on other channels meanwhile. "
        "Look at the providers' accounts and their status pages."
    )
    with transaction.atomic():
        is_new = open_incident(
            Incident.Kind.PROVIDER_DOWN, channel, summary, {"channel": channel, "since": now().isoformat()}
        )
        with connection.cursor() as cursor:
            cursor.execute(_WAITING, {"channel": channel, "limit": _BATCH})
            waiting = [delivery for (delivery,) in cursor.fetchall()]
        if waiting:
            hurry_next_rung(waiting)
    if is_new:
        alarm(summary)


def _up(channel: str) -> None:
    clear_incidents(
        Incident.Kind.PROVIDER_DOWN,
        channel,
        f"A provider of {channel} works again: what waited is being sent.",
    )
