"""Finding contact points and reading what is encrypted."""

from typing import Any

from django.db.models import OuterRef, Subquery

from watchword.core.encryption import keyring
from watchword.registrants.addresses import (
    CONTEXT,
    AddressError,
    masked,
    normalise_email,
    normalise_phone,
    normalise_postal,
    normalise_push,
    split_extension,
)
from watchword.registrants.models import ContactPoint, Mute, Registrant, SilentTime

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
    """The address itself, decrypted: E.164, an email or a postal address. Never log it."""
    return keyring().decrypt(contact_point.address, CONTEXT)


def name_of(registrant: Registrant) -> str | None:
    """The registrant's name, decrypted; None if they gave none. Never log it."""
    return None if registrant.name is None else keyring().decrypt(registrant.name, NAME_CONTEXT)


def normalised(channel: str, address: str) -> str:
    """The address in the one form that this channel uses; AddressError where it cannot be one."""
    if channel == ContactPoint.Channel.EMAIL:
        return normalise_email(address)
    if channel == ContactPoint.Channel.LETTER:
        return normalise_postal(address)
    if channel == ContactPoint.Channel.PUSH:
        return normalise_push(address)
    phone = normalise_phone(address)
    if channel == ContactPoint.Channel.TEXT and split_extension(phone)[1]:
        raise AddressError("A text cannot reach an extension. Give a number of its own.")
    return phone


def contact_points_of(registration_id: int) -> list[dict[str, Any]]:
    """A registrant's contact points as plain values, in the ladder's order; their addresses are masked."""
    points = ContactPoint.objects.filter(registrant__registrations=registration_id)
    mutes = Mute.objects.filter(registration=registration_id, contact_point=OuterRef("pk"))
    return [
        {
            "id": point.pk,
            "channel": point.channel,
            "address": masked(address_of(point)),
            "rung": point.rung,
            "backup": point.backup,
            "detail": point.allows_detail,
            "voicemail_says_more": point.voicemail_says_more,
            "tty": point.tty,
            "verified_at": point.verified_at,
            "stopped_at": point.stopped_at,
            "stopped_why": point.stopped_why,
            "muted_at": point.muted_at,
        }
        for point in points.annotate(muted_at=Subquery(mutes.values("since"))).order_by(
            "backup", "rung", "id"
        )
    ]


def to_prove(registrant_id: int) -> list[tuple[int, str, str]]:
    """The contact points that a registrant shows to be theirs, each address once: phones that take no texts, which are
    called, and those that a code can be sent to. Id, channel and masked address."""
    channels = ContactPoint.Channel
    points = list(
        ContactPoint.objects.filter(
            registrant=registrant_id,
            backup=False,
            channel__in=(channels.VOICE, channels.TEXT, channels.EMAIL),
        ).order_by("-channel", "id")
    )
    texted = {bytes(point.address_index) for point in points if point.channel == channels.TEXT}
    return [
        (point.pk, point.channel, masked(address_of(point)))
        for point in points
        if point.channel != channels.VOICE or bytes(point.address_index) not in texted
    ]


def is_verified(contact_point_id: int) -> bool:
    """Whether somebody has shown that this contact point is theirs."""
    return ContactPoint.objects.filter(pk=contact_point_id).exclude(verified_at=None).exists()


def has_pin(contact_point_id: int) -> bool:
    """Whether its registrant has a PIN already: one whom somebody else asked for chooses it with their first code."""
    return Registrant.objects.filter(contact_points=contact_point_id).exclude(pin_hash="").exists()


def silent_times_of(registration_id: int) -> list[dict[str, Any]]:
    """When nothing may be sent to a registrant, as plain values, in their own time zone."""
    columns = (
        "id",
        "kind",
        "keeps_back",
        "contact_point_id",
        "days",
        "starts",
        "ends",
        "first_day",
        "last_day",
    )
    found = SilentTime.objects.filter(registrant__registrations=registration_id).order_by("id")
    return [
        dict(zip((name.removesuffix("_id") for name in columns), row, strict=True))
        for row in found.values_list(*columns)
    ]
