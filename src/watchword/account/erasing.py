"""Erasing all that we know of a registrant, in every room: what is kept is ids, channels, states and times."""

from django.db import transaction

from watchword.delivery.changes import forget_messages, tell_of_change
from watchword.delivery.models import PinTry
from watchword.delivery.receipts import forget_raw
from watchword.delivery.withdrawing import withdraw_of
from watchword.notices.models import Wording
from watchword.registrants.coming_back.models import Session
from watchword.registrants.coming_back.sessions import must_be_sure, shown_contacts
from watchword.registrants.erasing import erase_registrant
from watchword.registrants.models import ContactPoint, Registration


@transaction.atomic
def erase(session: Session) -> None:
    """Erase whoever is signed in here, who may not be who they say: their other contacts hear a last time from us."""
    must_be_sure(session)
    registrant = session.registrant_id
    tell_of_change(registrant, besides=shown_contacts(session))
    registrations = list(Registration.objects.filter(registrant=registrant).values_list("id", flat=True))
    withdraw_of(registrations)
    Wording.objects.filter(notice__registration__in=registrations, notice__kind="contact_stopped").update(
        body=""  # it names a contact, masked
    )
    forget_messages(registrant)
    forget_raw(registrant)
    points = ContactPoint.objects.filter(registrant=registrant)
    PinTry.objects.filter(contact_point__in=points).delete()
    erase_registrant(registrant)
