"""Registrations that go along when a person is known by another row of `Person`."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from watchword.registrants.models import Registration


def move_registrations(pairs: Iterable[tuple[int, int]]) -> int:
    """Of each pair of persons, who is registered for the second is registered for the first; how many that were.

    One who is registered for both already keeps the first, and is told once.
    """
    moved = 0
    for to, other in pairs:
        both = Registration.objects.filter(person=to, registrant=OuterRef("registrant"))
        moved += Registration.objects.filter(~Exists(both), person=other).update(person=to)
    return moved
