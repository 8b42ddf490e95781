"""Erasing what we know of a registrant, where they want that.

What must be kept so that the ledger stays whole holds nobody's name or address: docs/explanation/your-page.md names it.
"""

from django.conf import settings
from django.db import transaction

from watchword.audit.actions import record
from watchword.core.clock import now
from watchword.core.encryption import keyring
from watchword.registrants.actions import end
from watchword.registrants.addresses import CONTEXT
from watchword.registrants.asking import kept
from watchword.registrants.asking.models import Recipient, Request
from watchword.registrants.models import (
    ContactCode,
    ContactPoint,
    Mute,
    OneTimeLink,
    Registrant,
    Registration,
    Session,
    SilentTime,
)
from watchword.registrants.sign_in import forget_tries
from watchword.worklist.models import Task
from watchword.worklist.tasks import close_tasks

ERASED = "erased"
"""Why a registration ended and a contact point was stopped."""


@transaction.atomic
def erase_registrant(registrant_id: int) -> None:
    """End every registration of theirs, and forget who they are, how they were reached and what they asked.

    What other rooms know goes first: `own_data.erasing.erase` is the whole of it.
    """
    theirs = Registration.objects.filter(registrant=registrant_id)
    for number in list(theirs.exclude(state=Registration.State.ENDED).values_list("id", flat=True)):
        end(number, why=ERASED)
    theirs.update(ended_why=ERASED)  # so that nothing reopens one that had ended for another reason
    SilentTime.objects.filter(registrant=registrant_id).delete()
    Mute.objects.filter(registration__registrant=registrant_id).delete()
    Session.objects.filter(registrant=registrant_id).delete()
    ContactCode.objects.filter(contact_point__registrant=registrant_id).delete()
    OneTimeLink.objects.filter(contact_point__registrant=registrant_id).delete()
    forget_tries(registrant_id)
    _blank_contact_points(registrant_id)
    _forget_request(registrant_id)
    Registrant.objects.filter(pk=registrant_id).update(
        name=None, pin_hash="", language=settings.LANGUAGE_CODE, time_zone=settings.TIME_ZONE
    )
    record("registrant", "registrant.erase", f"registrant:{registrant_id}")


def _blank_contact_points(registrant_id: int) -> None:
    """What was sent refers to them, so the rows stay, and say the channel alone."""
    points = ContactPoint.objects.filter(registrant=registrant_id)
    for number in list(points.values_list("id", flat=True)):
        points.filter(pk=number).update(
            address=keyring().encrypt("", CONTEXT),
            address_index=f"{ERASED}:{number}".encode(),  # one of its own: two of a channel may not be the same
            rung=1,
            allows_detail=False,
            voicemail_says_more=False,
            verified_at=None,
            stopped_at=now(),
            stopped_why=ERASED,
        )


def _forget_request(registrant_id: int) -> None:
    """Their part of a request; and the request itself, where nobody else is to be told by it."""
    requests = Request.objects.filter(recipients__registrant=registrant_id)
    numbers = list(requests.values_list("id", flat=True))
    Recipient.objects.filter(registrant=registrant_id).delete()
    alone = Request.objects.filter(pk__in=numbers, recipients=None)
    subjects = [f"request:{number}" for number in alone.values_list("id", flat=True)]
    waiting = alone.filter(state=Request.State.WAITING)
    withdrawn = list(waiting.values_list("id", flat=True))
    Request.objects.filter(pk__in=withdrawn).update(state=Request.State.WITHDRAWN, answered_at=now())
    Request.objects.filter(pk__in=numbers, recipients=None).update(**kept.forgotten())
    close_tasks(subjects, "registrant", kinds=[Task.Kind.REQUEST_SIGNS])
