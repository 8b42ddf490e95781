"""What a registrant changes for themselves."""

from django.db import transaction

from watchword.audit.actions import record
from watchword.core.errors import WatchwordError
from watchword.delivery import stopping
from watchword.delivery.changes import tell_of_change
from watchword.delivery.codes import send_code
from watchword.registrants import actions as registrations
from watchword.registrants.coming_back.models import Session
from watchword.registrants.coming_back.sessions import end_others, must_be_sure, shown_contacts
from watchword.registrants.contacts import add_contact_points
from watchword.registrants.handing_over import hand_over
from watchword.registrants.models import ContactPoint, Registrant, Registration
from watchword.registrants.pins import hash_pin

REGISTRANT = "registrant"
"""For the ledger."""


class LastContactError(WatchwordError):
    """This is the only contact that we can use. Add another one first, or end your sign-up."""


class NotTheirsError(WatchwordError):
    """There is no such contact or sign-up here."""


@transaction.atomic
def add_contact(
    session: Session, *, email: str | None, phone: str | None, tty: bool = False, calls_only: bool = False
) -> list[ContactPoint]:
    """New contact points, to which a code goes; nothing else does before it is given back. A phone that takes no texts
    is called when its owner asks for it."""
    must_be_sure(session)
    points = add_contact_points(
        session.registrant, email=email, phone=phone, tty=tty, calls_only=calls_only, by=REGISTRANT
    )
    for point in points:
        send_code(point.pk)
    _tell(session, *points)
    return points


@transaction.atomic
def remove_contact(session: Session, contact_point_id: int, *, whole_number: bool = False) -> None:
    """Nothing more goes to this contact point of theirs, nor (`whole_number`) to any at the same address: a phone is
    two of them. LastContactError where nothing that can be used would be left."""
    must_be_sure(session)
    own = ContactPoint.objects.filter(registrant=session.registrant_id)
    point = own.filter(pk=contact_point_id).first()
    if point is None:
        raise NotTheirsError(NotTheirsError.__doc__)
    same = {"address_index": point.address_index} if whole_number else {"pk": point.pk}
    usable = own.filter(backup=False, verified_at__isnull=False, stopped_at=None)
    if not usable.exclude(**same).exists():
        raise LastContactError(LastContactError.__doc__)
    for each in own.filter(**same, stopped_at=None).order_by("id"):
        stopping.remove(each.pk, by=REGISTRANT)
    _tell(session, point)


@transaction.atomic
def end_registration(session: Session, registration_id: int) -> None:
    """They want to be told no more about this person."""
    must_be_sure(session)
    must_be_theirs(session, registration_id)
    registrations.end(registration_id, by=REGISTRANT)
    _tell(session)


@transaction.atomic
def hand_registration_over(
    session: Session, registration_id: int, *, email: str | None, phone: str | None
) -> Registration:
    """A colleague is to take their place, and gets a code; until it is given back, this one goes on."""
    must_be_sure(session)
    must_be_theirs(session, registration_id)
    made = hand_over(registration_id, email=email, phone=phone, by=REGISTRANT)
    for point in made.registrant.contact_points.values_list("id", flat=True):
        send_code(point)
    _tell(session)
    return made


@transaction.atomic
def set_pin(session: Session, pin: str) -> None:
    """Another PIN; whoever else is signed in has to sign in again. PinError where it may not be one."""
    must_be_sure(session)
    Registrant.objects.filter(pk=session.registrant_id).update(pin_hash=hash_pin(pin))
    record(REGISTRANT, "registrant.set_pin", f"registrant:{session.registrant_id}")
    end_others(session)
    _tell(session)


def must_be_theirs(session: Session, registration_id: int) -> None:
    """NotTheirsError where this is nobody's registration, or somebody else's."""
    if not Registration.objects.filter(registrant=session.registrant_id, pk=registration_id).exists():
        raise NotTheirsError(NotTheirsError.__doc__)


def _tell(session: Session, *changed: ContactPoint) -> None:
    besides = [*shown_contacts(session), *(point.pk for point in changed)]
    tell_of_change(session.registrant_id, besides=besides)
