"""What happens to a registrant's contact points: given, added, stopped, disguised."""

from django.conf import settings
from django.db import transaction

from watchword.audit.actions import record
from watchword.core.clock import now
from watchword.core.encryption import keyring
from watchword.core.errors import WatchwordError
from watchword.registrants.addresses import CONTEXT, normalise_phone, split_extension
from watchword.registrants.models import ContactPoint, Registrant
from watchword.registrants.queries import normalised

MOST_CONTACTS = 12
"""Contact points that a registrant may have in use: a phone is two of them."""


class TooManyContactsError(WatchwordError):
    """There are as many contacts here as there can be. Remove one first."""


class ContactInUseError(WatchwordError):
    """This is one of the registrant's contacts already."""


@transaction.atomic
def add_contact_points(
    registrant: Registrant,
    *,
    email: str | None = None,
    phone: str | None = None,
    tty: bool = False,
    calls_only: bool = False,
    by: str = "registrant",
) -> list[ContactPoint]:
    """New contact points of a registrant's own, which nobody has verified yet: nothing is sent there but a code.

    One that was stopped may be given again, and is verified anew.
    AddressError, ContactInUseError, TooManyContactsError.
    """
    Registrant.objects.select_for_update().get(pk=registrant.pk)
    given = addresses_given(email, phone, tty=tty, calls_only=calls_only)
    own = ContactPoint.objects.filter(registrant=registrant)
    if own.filter(stopped_at=None).count() + len(given) > MOST_CONTACTS:
        raise TooManyContactsError(TooManyContactsError.__doc__)
    points = []
    for channel, address in given:
        kept = protected(address)
        there = own.filter(channel=channel, address_index=kept["address_index"]).first()
        if there is not None and (
            there.backup or (there.stopped_at is None and there.verified_at is not None)
        ):
            raise ContactInUseError(ContactInUseError.__doc__)
        point = there or ContactPoint(registrant=registrant, channel=channel, **kept)
        point.tty = tty and channel == ContactPoint.Channel.VOICE
        point.verified_at, point.stopped_at, point.stopped_why = None, None, ""
        point.save()
        points.append(point)
        record(by, "contact_point.add", f"contact_point:{point.pk}", registrant=registrant.pk)
    return points


@transaction.atomic
def stop_contact_point(contact_point_id: int, why: str, *, by: str = "registrant") -> bool:
    """Nothing more goes to this contact point ('wrong_number', 'opted_out', 'invalid'); whether it was news: the first
    reason stays."""
    points = ContactPoint.objects.filter(pk=contact_point_id, stopped_at=None)
    stopped = bool(points.update(stopped_at=now(), stopped_why=why))
    if stopped:
        record(by, "contact_point.stop", f"contact_point:{contact_point_id}", why)
    return stopped


@transaction.atomic
def disguise_email(contact_point_id: int, disguise: ContactPoint.Disguise, *, by: str = "registrant") -> None:
    """Mails to this contact point look like something else in a list of mails; NONE ends that."""
    if ContactPoint.objects.filter(pk=contact_point_id, channel="email").update(disguise=disguise):
        record(by, "contact_point.disguise", f"contact_point:{contact_point_id}", disguise=disguise.value)


def protected(address: str) -> dict[str, bytes]:
    """A normalised address as it is kept: what can be read with the key, and what can be found with it."""
    return {
        "address": keyring().encrypt(address, CONTEXT),
        "address_index": keyring().blind_index(address, CONTEXT),
    }


def addresses_given(
    email: str | None,
    phone: str | None,
    letter: str | None = None,
    *,
    tty: bool = False,
    calls_only: bool = False,
    push: str | None = None,
) -> list[tuple[str, str]]:
    """The contact points that these make: channel and address, normalised.

    WatchwordError for a postal address where the office sends no letters, and for a text telephone without a number.
    """
    if letter and not settings.WATCHWORD.letter_providers:
        raise WatchwordError(
            "This office sends no letters: WATCHWORD_LETTER_PROVIDERS says who would print and mail them."
        )
    if tty and not phone:
        raise WatchwordError("Give the number of the text telephone as well.")
    channels = ContactPoint.Channel
    is_called_alone = tty or calls_only or (phone and split_extension(normalise_phone(phone))[1])
    given = [
        (channels.EMAIL, email),
        (channels.TEXT, None if is_called_alone else phone),
        (channels.VOICE, phone),
        (channels.LETTER, letter),
        (channels.PUSH, push),
    ]
    return [(channel, normalised(channel, address)) for channel, address in given if address]
