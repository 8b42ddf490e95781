"""How much one may ask for: one contact, one person held, one address of the internet.

The first two are met when a request is approved, never by whoever asks: the answer would tell them what is known of a
contact or a person. The third tells an asker of nobody but themselves, so it may be said.
"""

from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from typing import Literal

from watchword.core.clock import now
from watchword.core.encryption import keyring
from watchword.core.errors import WatchwordError
from watchword.registrants.asking.models import Knock, Request
from watchword.registrants.models import ContactPoint, Registration

MOST_OF_ONE_CONTACT = {
    Registration.Mode.DIRECT: 5,
    Registration.Mode.THIRD_PARTY: 50,
    Registration.Mode.PROXY: 500,
}
"""Registrations that go on, through one address that was verified."""

MOST_FOR_ONE_PERSON = 50

MOST_AN_HOUR = {"look": 60, "ask": 20, "link": 20}
"""Looking for people, asking to be told, and asking for a one-time link, from one address of the internet; many at a
shelter may share one."""

_HOUR = timedelta(hours=1)
_CONTEXT = "asking.knock"
_ONE_HOME = 64  # bits of an IPv6 address that one household has for itself


class OfficerNeededError(WatchwordError):
    """An officer must decide this one."""


def check_limits(request: Request, source: int, person_key: str) -> None:
    """OfficerNeededError where approving this request would go over a limit."""
    going_on = Registration.objects.exclude(state=Registration.State.ENDED)
    if going_on.filter(person__source=source, person__key=person_key).count() >= MOST_FOR_ONE_PERSON:
        raise _over(f"{MOST_FOR_ONE_PERSON} are registered for this person already.")
    for recipient in request.recipients.all():
        most = MOST_OF_ONE_CONTACT[Registration.Mode(recipient.mode)]
        own = ContactPoint.objects.filter(registrant=recipient.registrant_id).values("address_index")
        # Verified ones: else anybody could use up the limit of somebody else's phone.
        shown = ContactPoint.objects.exclude(verified_at=None).filter(backup=False)
        through_these = shown.filter(address_index__in=own).values("registrant")
        if going_on.filter(registrant__in=through_these).count() >= most:
            raise _over(f"This contact has {most} registrations already.")


def may_knock(act: Literal["look", "ask", "link"], address: str) -> bool:
    """Whether this address may do so once more in this hour; each that asks is counted.

    A machine's own address stands for whoever comes through a proxy on it, so it has no limit.
    """
    index = keyring().blind_index(_household(address), _CONTEXT)
    Knock.objects.create(address_index=index, act=act)
    lately = Knock.objects.filter(address_index=index, act=act, at__gt=now() - _HOUR).count()
    return lately <= MOST_AN_HOUR[act] or ip_address(address).is_loopback


def forget_knocks() -> int:
    """Let go of those that count no more; how many."""
    return Knock.objects.filter(at__lte=now() - _HOUR).delete()[0]


def _household(address: str) -> str:
    parsed = ip_address(address)
    if isinstance(parsed, IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else f"{int(parsed) >> _ONE_HOME:x}"
    return str(parsed)


def _over(why: str) -> OfficerNeededError:
    return OfficerNeededError(f"{why} If that is as it should be, approve with --over-limit, and say why.")
