"""Short sessions, kept on our side: they end after a while, sooner without a press, and at once by leaving.

A PIN that was texted stays in the phone, and a link shows a mailbox alone. So what would cut a registrant off (ending,
erasing, other contacts, another PIN) needs both: the PIN, and a code or link to a verified contact. Then the session
is *sure*, for some minutes.
"""

from datetime import datetime, timedelta
from secrets import token_urlsafe

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from watchword.audit.actions import record
from watchword.core.clock import now
from watchword.core.errors import WatchwordError
from watchword.core.keys import digest_of
from watchword.registrants.coming_back.links import verified_at
from watchword.registrants.coming_back.models import Session
from watchword.registrants.contact_codes import check_code, spend_code
from watchword.registrants.models import ContactPoint, Registrant
from watchword.registrants.numbers import number_of
from watchword.registrants.sign_in import sign_in

SURE_MINUTES = 10
_KEY_BYTES = 32


class NotSureError(WatchwordError):
    """This needs your PIN and a code or link that was sent to one of your contacts."""


@transaction.atomic
def begin(registrant: Registrant, language: str, contact_point: ContactPoint | None = None) -> str:
    """A new session; the key that the browser keeps. `contact_point` is where the one-time link went."""
    Session.objects.exclude(pk__in=_going_on().values("pk")).delete()
    key = token_urlsafe(_KEY_BYTES)
    Session.objects.create(
        registrant=registrant, contact_point=contact_point, digest=digest_of(key), language=language
    )
    way = "pin" if contact_point is None else "link"
    record("registrant", "registrant.sign_in", f"registrant:{registrant.pk}", way=way)
    return key


def current(key: str) -> Session | None:
    """The session of this key, seen at this moment; None where there is none, or its time is over."""
    wanted = _going_on().filter(digest=digest_of(key))
    if not wanted.update(seen_at=now()):
        return None
    return Session.objects.select_related("registrant", "contact_point").filter(digest=digest_of(key)).first()


def end(key: str) -> None:
    """Signed out."""
    Session.objects.filter(digest=digest_of(key)).delete()


def end_others(session: Session) -> None:
    """Whoever else is signed in as this registrant is so no longer."""
    Session.objects.filter(registrant=session.registrant_id).exclude(pk=session.pk).delete()


def is_sure(session: Session) -> bool:
    """Whether the PIN and a contact were both shown a short while ago."""
    return session.sure_until is not None and session.sure_until > now()


def has_shown_pin(session: Session) -> bool:
    """Whether whoever is here knows the PIN: a link shows a mailbox, which somebody else may read."""
    return session.contact_point_id is None or (is_sure(session) and session.sure_by_id is None)


def shown_contacts(session: Session) -> list[int]:
    """The contact points that whoever is here can read: those need not be told what they did."""
    return [number for number in (session.contact_point_id, session.sure_by_id) if number is not None]


def must_be_sure(session: Session) -> None:
    """NotSureError unless they were."""
    if not is_sure(session):
        raise NotSureError(NotSureError.__doc__)


def may_send_code_to(session: Session) -> QuerySet[ContactPoint]:
    """The contact points by which this session can become sure: one that it has not shown already."""
    points = ContactPoint.objects.filter(
        registrant=session.registrant_id,
        channel__in=(ContactPoint.Channel.EMAIL, ContactPoint.Channel.TEXT),
        backup=False,
        verified_at__isnull=False,
        stopped_at=None,
    ).order_by("rung", "id")
    if session.contact_point is not None:
        points = points.exclude(address_index=session.contact_point.address_index)
    return points


def prove_by_code(session: Session, contact_point_id: int, code: str) -> bool:
    """Whether this is the code that was sent to one of `may_send_code_to`; then the session is sure. Call it outside a
    transaction, as `check_code`."""
    number = check_code(contact_point_id, code)
    if number is None or not may_send_code_to(session).filter(pk=contact_point_id).exists():
        return False
    return spend_code(number) and _make_sure(session, contact_point_id)


def prove_by_pin(session: Session, pin: str) -> bool:
    """Whether this is the PIN, in a session that began with a link; then it is sure. Tries count with those of signing
    in."""
    right = sign_in(number_of(session.registrant_id), pin) is not None
    return right and session.contact_point is not None and _make_sure(session)


def others_here(session: Session) -> list[int]:
    """The registrants whose verified contact is the one that this session's link went to, the newest first: an advocate
    has one for each client. Those signed in by a PIN have shown no contact, and have none."""
    point = session.contact_point
    if point is None:
        return []
    there = verified_at(point.channel, point.address_index).order_by("-registrant_id")
    return list(there.values_list("registrant_id", flat=True))


@transaction.atomic
def switch(session: Session, registrant_id: int) -> bool:
    """Turn to another registrant of `others_here`; whether it is one of them."""
    if registrant_id not in others_here(session):
        return False
    Session.objects.filter(pk=session.pk).update(registrant=registrant_id, sure_until=None)
    record("registrant", "registrant.sign_in", f"registrant:{registrant_id}", way="link")
    return True


def speak(session: Session, language: str) -> None:
    """Its pages are in this language from now on."""
    Session.objects.filter(pk=session.pk).update(language=language)


def _make_sure(session: Session, contact_point_id: int | None = None) -> bool:
    session.sure_until, session.sure_by_id = now() + timedelta(minutes=SURE_MINUTES), contact_point_id
    session.save(update_fields=["sure_until", "sure_by"])
    return True


def _going_on() -> QuerySet[Session]:
    house = settings.WATCHWORD
    return Session.objects.filter(
        Q(contact_point=None) | Q(contact_point__stopped_at=None),
        began_at__gt=_before(house.session_minutes),
        seen_at__gt=_before(house.session_idle_minutes),
    )


def _before(minutes: float) -> datetime:
    return now() - timedelta(minutes=minutes)
