"""Checking a PIN that somebody entered, with tries counted across calls, texts and pages.

Unknown, wrong and locked cost the same work and give the same answer: whoever tries learns nothing.
"""

from collections.abc import Sequence
from datetime import timedelta

from watchword.core.clock import now
from watchword.delivery.models import PinTry
from watchword.registrants.models import ContactPoint
from watchword.registrants.pins import pin_matches

WRONG_TRIES = 5
LOCKED_FOR = timedelta(hours=1)
"""This many wrong tries in this time, at all contact points of a registrant together, lock every one of them."""


def who_knows(pin: str, contact_points: Sequence[ContactPoint]) -> list[ContactPoint]:
    """Those of these contact points whose registrant has this PIN and is not locked.

    Each try is committed before the PIN is looked at, so that tries made at the same moment count one another. Call it
    outside a transaction.
    """
    if not contact_points:
        _fits(pin, None)
    tries = [(point, *_fits(pin, point)) for point in contact_points]
    knows = [point for point, _, right in tries if right]
    if knows:
        # Two who share a phone have a PIN each: one's right PIN is no guess at the other's.
        PinTry.objects.filter(pk__in=[this_try for _, this_try, right in tries if not right]).delete()
    return knows


def _fits(pin: str, point: ContactPoint | None) -> tuple[int, bool]:
    """The try, and whether it was right."""
    this_try = PinTry.objects.create(contact_point=point, right=False)
    wrong = PinTry.objects.filter(
        contact_point__registrant=point.registrant_id if point else None,
        right=False,
        at__gt=now() - LOCKED_FOR,
    ).exclude(pk=this_try.pk)
    locked = wrong.count() >= WRONG_TRIES
    right = pin_matches(pin, point.registrant.pin_hash if point else None) and not locked
    PinTry.objects.filter(pk=this_try.pk).update(right=right)
    return this_try.pk, right
