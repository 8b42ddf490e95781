"""Registered without an officer: of an open source that anyone may be told of, whoever has shown a contact of theirs.

Not before that. Whoever knows a contact only could learn from the time it takes how many registrations it has; and what
is kept of requests that nobody follows up stays as little as can be.
"""

from collections.abc import Iterable

from watchword.custody.finding.queries import find
from watchword.custody.models import Person
from watchword.registrants.asking.actions import approve
from watchword.registrants.asking.kept import sought_of
from watchword.registrants.asking.limits import OfficerNeededError
from watchword.registrants.asking.models import Relation, Request
from watchword.registrants.asking.rules import rule_of
from watchword.registrants.models import Registration

_WHY = "The source is open, and anyone may be told."


def waiting_at(contact_point_id: int) -> list[Request]:
    """The requests that wait, whose recipient has this contact point; locked, so that an officer who answers one of
    them sees the contact either before it was verified or after."""
    waiting = Request.objects.select_for_update(of=("self",)).select_related("source")
    return list(
        waiting.filter(
            state=Request.State.WAITING, recipients__registrant__contact_points=contact_point_id
        ).order_by("id")
    )


def approve_by_rule(waiting: Iterable[Request]) -> list[Registration]:
    """Approve those of them that need nobody's decision; their registrations, whom the caller tells where the person
    stands, in the same transaction. The others go on waiting for an officer."""
    made: list[Registration] = []
    for request in waiting:
        key = _person_meant(request)
        if key is None:
            continue
        try:
            made += approve(request.pk, key, by="system", reason=_WHY)
        except OfficerNeededError:
            continue  # over a limit, or protected this moment: it waits as it did
    return made


def _person_meant(request: Request) -> str | None:
    """The number of the one person of an open source whom the request names by number; None where it is nobody, or
    several, or where a right to know must be checked."""
    rule = rule_of(request.source)
    if (
        request.watch
        or request.relation != Relation.ANYONE
        or not rule.is_open
        or Relation.ANYONE not in rule.who
    ):
        return None
    sought = sought_of(request)
    if not sought.number.strip():
        return None
    found = find(sought, source=request.source_id)
    if len(found) != 1:
        return None
    return Person.objects.values_list("key", flat=True).get(pk=found[0].person)
