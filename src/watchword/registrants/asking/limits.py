"""How many registrations one contact may have, and one person held, before an officer must say that it is meant so."""

from watchword.core.errors import WatchwordError
from watchword.registrants.asking.models import Request
from watchword.registrants.models import ContactPoint, Registration

MOST_OF_ONE_CONTACT = {
    Registration.Mode.DIRECT: 5,
    Registration.Mode.THIRD_PARTY: 50,
    Registration.Mode.PROXY: 500,
}
"""Registrations that go on, through one address."""

MOST_FOR_ONE_PERSON = 50


def check_limits(request: Request, source: int, person_key: str) -> None:
    """WatchwordError where approving this request would go over a limit."""
    going_on = Registration.objects.exclude(state=Registration.State.ENDED)
    if going_on.filter(person__source=source, person__key=person_key).count() >= MOST_FOR_ONE_PERSON:
        raise _over(f"{MOST_FOR_ONE_PERSON} are registered for this person already.")
    for recipient in request.recipients.all():
        most = MOST_OF_ONE_CONTACT[Registration.Mode(recipient.mode)]
        own = ContactPoint.objects.filter(registrant=recipient.registrant_id).values("address_index")
        through_these = ContactPoint.objects.filter(address_index__in=own, backup=False).values("registrant")
        if going_on.filter(registrant__in=through_these).count() >= most:
            raise _over(f"This contact has {most} registrations already.")


def _over(why: str) -> WatchwordError:
    return WatchwordError(f"{why} If that is as it should be, approve with --over-limit, and say why.")
