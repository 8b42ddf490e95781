"""A source that gave its people new numbers: who watched for a person goes on watching for the same one."""

from watchword.custody.models import HeldChange, Person, SearchWaiting
from watchword.worklist.models import Incident

_UNUSED = "\x01"
"""Begins a key that no source can say: the two keys of a pair change places by way of it."""


def pairs(incident: Incident) -> list[tuple[int, int]]:
    """Of an incident of renumbered keys: each person as we know them, and the one that their new number made."""
    held = HeldChange.objects.filter(incident=incident).order_by("twin").values_list("twin", "person_id")
    return [(known, new) for known, new in held if known is not None]


def take_over_numbers(incident: Incident) -> int:
    """Give each person the number under which the source lists them now; how many there were."""
    found = pairs(incident)
    people = Person.objects.in_bulk([number for pair in found for number in pair])
    for known, new in found:
        people[known].key, people[new].key = people[new].key, people[known].key
    changed = [people[number] for pair in found for number in pair]
    keys = [person.key for person in changed]
    for person in changed:
        person.key = f"{_UNUSED}{person.pk}"
    Person.objects.bulk_update(changed, ["key"])
    for person, key in zip(changed, keys, strict=True):
        person.key = key
    Person.objects.bulk_update(changed, ["key"])
    SearchWaiting.objects.bulk_create(
        SearchWaiting(source_id=person.source_id, person=person) for person in changed
    )
    return len(found)
