"""Finding contact points and reading what is encrypted."""

from watchword.core.encryption import keyring
from watchword.registrants.addresses import (
    CONTEXT,
    AddressError,
    normalise_email,
    normalise_phone,
    split_extension,
)
from watchword.registrants.models import ContactPoint, Registrant

NAME_CONTEXT = "registrant.name"
"""The context under which names are encrypted."""


def contact_points_at(channel: str, address: str) -> list[ContactPoint]:
    """Every contact point at this address on this channel, of whichever registrant, with its registrant, by id.

    The address may be written in any way; AddressError where it cannot be one.
    """
    index = keyring().blind_index(normalised(channel, address), CONTEXT)
    found = ContactPoint.objects.filter(channel=channel, address_index=index)
    return list(found.select_related("registrant").order_by("id"))


def address_of(contact_point: ContactPoint) -> str:
    """The address itself, decrypted: E.164 or an email address. Never log it."""
    return keyring().decrypt(contact_point.address, CONTEXT)


def name_of(registrant: Registrant) -> str | None:
    """The registrant's name, decrypted; None if they gave none. Never log it."""
    return None if registrant.name is None else keyring().decrypt(registrant.name, NAME_CONTEXT)


def normalised(channel: str, address: str) -> str:
    """The address in the one form that this channel uses; AddressError where it cannot be one."""
    if channel == ContactPoint.Channel.EMAIL:
        return normalise_email(address)
    phone = normalise_phone(address)
    if channel == ContactPoint.Channel.TEXT and split_extension(phone)[1]:
        raise AddressError("A text cannot reach an extension. Give a number of its own.")
    return phone
