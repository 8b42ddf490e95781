"""When a channel's first provider does not work, or none does: incidents, and other ways for what is urgent.

Each worker judges for itself, so an incident is opened and cleared by what is new to a worker, not by how things stand
with it: of two workers that come back one after the other, the second does not open what the first has cleared.
"""

from collections.abc import Collection
from enum import Enum

from django.db import connection, transaction

from watchword.core.clock import now
from watchword.core.sql import load
from watchword.delivery.alarms import alarm
from watchword.delivery.channels.registry import names_for
from watchword.delivery.escalation import hurry_next_rung
from watchword.worklist.incidents import clear_incidents, open_incident
from watchword.worklist.models import Incident

_WAITING = load(__package__, "waiting_urgent")
_BATCH = 5_000


class News(Enum):
    """What a worker has seen of a channel."""

    DOWN = "no provider works"
    UP = "a provider works"
    ON_SECOND = "the first does not work: the second carries the channel"
    ON_FIRST = "the first works and carries the channel"


def follow(channel: str, news: Collection[News]) -> None:
    """Do what the news asks for."""
    for each in news:
        match each:
            case News.DOWN:
                _down(channel)
            case News.UP:
                _up(channel)
            case News.ON_SECOND:
                _on_second(channel)
            case News.ON_FIRST:
                _on_first(channel)


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


def _on_second(channel: str) -> None:
    """Tell the desk that the channel has nothing left to fall back on."""
    first, second = names_for(channel)
    since = now()
    open_incident(
        Incident.Kind.SECOND_PROVIDER,
        channel,
        f"Since {since:%Y-%m-%d %H:%M} UTC {channel} goes out through {second}, its second provider, because {first}, "
        f"the first, does not work. If {second} fails too, everything waits. Look at the account at {first} and its "
        "status page; it is tried again by itself, a little at a time.",
        {"channel": channel, "first": first, "second": second, "since": since.isoformat()},
    )


def _on_first(channel: str) -> None:
    clear_incidents(
        Incident.Kind.SECOND_PROVIDER,
        channel,
        f"The first provider of {channel} works again and carries all of it.",
    )
