"""People whom the office hides at once, whatever the source says: a person held may be somebody's victim."""

from django.db import transaction

from watchword.audit.actions import must_say, record
from watchword.core.errors import WatchwordError
from watchword.custody.models import Person, Protection, SearchEntry, SearchWaiting
from watchword.feeds.receiving import source_named


@transaction.atomic
def protect(source_name: str, key: str, *, by: str, reason: str) -> Person:
    """From this moment nobody outside the office finds this person, and nobody new is told of them.

    The source may not have listed them yet: then they are hidden when it does. Protecting twice changes nothing.
    """
    must_say(by, reason)
    person, _ = Person.objects.get_or_create(source=source_named(source_name), key=key)
    if Protection.objects.get_or_create(person=person)[1]:
        SearchEntry.objects.filter(person=person).update(hidden=True)
        _index_anew(person)
        record(by, "person.protect", f"person:{person.pk}", reason)
    return person


@transaction.atomic
def unprotect(source_name: str, key: str, *, by: str, reason: str) -> Person:
    """The office hides this person no more; the source's own word holds again."""
    must_say(by, reason)
    person = Person.objects.filter(source=source_named(source_name), key=key).first()
    if person is None or not Protection.objects.filter(person=person).delete()[0]:
        raise WatchwordError("The office does not protect a person of this number.")
    _index_anew(person)
    record(by, "person.unprotect", f"person:{person.pk}", reason)
    return person


def is_protected(person_id: int) -> bool:
    """Whether the office hides this person."""
    return Protection.objects.filter(person=person_id).exists()


def _index_anew(person: Person) -> None:
    SearchWaiting.objects.create(source_id=person.source_id, person=person)
