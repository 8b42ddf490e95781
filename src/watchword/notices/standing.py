"""Where somebody stands now, for a registrant who asks: the same words as a notice of it, and no notice."""

from collections.abc import Sequence

from watchword.notices.facts import registration_facts
from watchword.notices.wording import brief, render
from watchword.registrants.models import Registration

_MAY_KNOW = (Registration.State.ACTIVE, Registration.State.PAUSED)


def registrations_that_may_know(registrant_id: int) -> list[int]:
    """A registrant's registrations that tell anything: those that wait for a contact to be verified, are withheld or
    have ended do not, and which of these it is must not show."""
    found = Registration.objects.filter(registrant=registrant_id, state__in=_MAY_KNOW)
    return list(found.order_by("id").values_list("id", flat=True))


def standing_words(registration_ids: Sequence[int], language: str, channel: str) -> list[str]:
    """Where the person of each of these registrations stands, in their order, as `channel` ('voice' or 'text') says it.

    Of a source that cannot be seen it says so, and no status. Whoever has paused is promised nothing. The caller has
    made sure that it may be told.
    """
    facts = registration_facts(registration_ids)
    paused = Registration.objects.filter(pk__in=registration_ids, state=Registration.State.PAUSED)
    briefly = set(paused.values_list("pk", flat=True))
    return [
        brief(language, facts[number])
        if number in briefly
        else render(language, facts[number], {channel})[channel].body
        for number in registration_ids
    ]
