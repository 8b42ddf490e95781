"""Telling a registrant, by their other contacts, that something of theirs was changed: it may have been somebody else.

The words name nobody, no case and no contact. They go to every address at once, each as soon as its silent times let an
urgent message through: not by a ladder, since none of these contacts may be in the wrong hands but one. What a provider
did not take, or may not have, is sent again, by the next provider of its channel: twice is better than never.
"""

from collections.abc import Collection
from datetime import timedelta
from itertools import groupby
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from watchword.core.clock import now
from watchword.core.encryption import keyring
from watchword.delivery.channels.registry import names_for
from watchword.delivery.models import TestMessage
from watchword.registrants.addresses import CONTEXT
from watchword.registrants.erasing import ERASED
from watchword.registrants.models import ContactPoint, SilentTime
from watchword.registrants.silence import opens_at, silences

STALE = timedelta(days=3)
"""A message that could not be sent for so long is not sent any more."""

MOST_TRIES = 6
"""Of one message: the last about an hour after the first."""

_FIRST_WAIT = timedelta(minutes=2)  # twice as long after each try
_LOST_AFTER = timedelta(minutes=10)
"""How the hand-over of a message ended is known by then, or the worker that had it is gone."""

_PREFERRED = ("email", "text", "voice", "letter")  # of a phone number that is two contact points, the text


@transaction.atomic
def tell_of_change(registrant_id: int, *, besides: Collection[int] = ()) -> int:
    """Tell every verified contact of a registrant's own that something was changed, in the caller's transaction; how
    many addresses are told. Not those of the contact points `besides`, which were shown or are the ones changed."""
    points = ContactPoint.objects.filter(registrant=registrant_id).select_related("registrant")
    shown = {bytes(each) for each in points.filter(pk__in=besides).values_list("address_index", flat=True)}
    able = points.filter(verified_at__isnull=False, stopped_at=None, backup=False, channel__in=_PREFERRED)
    told = sorted(
        (point for point in able if bytes(point.address_index) not in shown),
        key=lambda point: (bytes(point.address_index), _PREFERRED.index(point.channel)),
    )
    first = [next(same) for _, same in groupby(told, key=lambda point: bytes(point.address_index))]
    times = list(SilentTime.objects.filter(registrant=registrant_id))
    TestMessage.objects.bulk_create(_message(point, times) for point in first)
    return len(first)


def send_again(references: Collection[UUID]) -> int:
    """Have these sent once more, by the next provider, if they tell of a change and were not sent MOST_TRIES times."""
    found = TestMessage.objects.filter(
        pk__in=references, says=TestMessage.Says.CHANGE, tries__lt=MOST_TRIES - 1, sent_at__isnull=False
    )
    waiting = list(found)
    for test in waiting:
        providers = names_for(test.channel)
        test.tries += 1
        test.provider = providers[test.tries % len(providers)]
        test.sent_at, test.outcome = None, None
        test.send_from = now() + _FIRST_WAIT * 2 ** (test.tries - 1)
    TestMessage.objects.bulk_update(waiting, ["tries", "provider", "sent_at", "outcome", "send_from"])
    return len(waiting)


def send_lost_again() -> int:
    """Have those sent once more whose worker was lost before it knew what became of them; how many."""
    lost = TestMessage.objects.filter(
        says=TestMessage.Says.CHANGE, outcome=None, sent_at__lt=now() - _LOST_AFTER
    )
    return send_again(list(lost.values_list("pk", flat=True)))


def forget_messages(registrant_id: int) -> int:
    """Blank the addresses and secrets of what was sent to a registrant beside notices, but of what still tells them of
    a change: `forget_last_messages` does that once it is sent. How many."""
    theirs = TestMessage.objects.filter(contact_point__registrant=registrant_id)
    theirs.filter(sent_at=None).exclude(says=TestMessage.Says.CHANGE).update(
        sent_at=now()
    )  # nobody takes it now
    return theirs.exclude(says=TestMessage.Says.CHANGE, sent_at=None).update(address=_nowhere(), secret=None)


@transaction.atomic
def forget_last_messages() -> None:
    """Blank the addresses of last messages that were sent or never will be, and what their mails pretended to be."""
    erased = ContactPoint.objects.filter(stopped_why=ERASED)
    to_them = TestMessage.objects.filter(contact_point__in=erased)
    tells_of_change = Q(says=TestMessage.Says.CHANGE)
    over = (
        Q(outcome__isnull=False)
        | (Q(sent_at__isnull=False) & ~tells_of_change)
        | Q(requested_at__lt=now() - STALE)
    )
    to_them.filter(over).update(address=_nowhere())
    waiting = to_them.exclude(over).values("contact_point")
    erased.exclude(Q(disguise="") & Q(tty=False)).exclude(pk__in=waiting).update(disguise="", tty=False)


def _nowhere() -> bytes:
    return keyring().encrypt("", CONTEXT)


def _message(point: ContactPoint, times: list[SilentTime]) -> TestMessage:
    kept = silences(times, point.pk, urgent=True, wakes=False)
    return TestMessage(
        reference=uuid4(),
        contact_point=point,
        says=TestMessage.Says.CHANGE,
        channel=point.channel,
        provider=names_for(point.channel)[0],
        address=point.address,
        language=point.registrant.language,
        send_from=opens_at(now(), kept, ZoneInfo(point.registrant.time_zone)),
    )
