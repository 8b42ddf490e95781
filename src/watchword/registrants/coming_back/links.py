"""One-time links to a verified contact: asked for by anybody, sent to whoever is verified there, good once.

Asking looks nothing up: it writes the wish down, and a worker answers it afterwards. So neither the answer nor its time
tells whether we know the address.
"""

from datetime import timedelta
from secrets import token_urlsafe

from django.db import transaction
from django.db.models import QuerySet

from watchword.core.clock import now
from watchword.core.encryption import keyring
from watchword.core.keys import digest_of
from watchword.registrants.addresses import CONTEXT
from watchword.registrants.coming_back.models import LinkWish, OneTimeLink
from watchword.registrants.models import ContactPoint
from watchword.registrants.queries import normalised

LINK_CONTEXT = "one_time_link.token"
"""The context under which a token waits, encrypted, to be sent."""

LINK_MINUTES = 15
MOST_AN_HOUR = 3
"""Links that go to one address."""

_TOKEN_BYTES = 18


def wish_for_link(contact: str) -> None:
    """Somebody wants a link at this email address or phone number. AddressError where it cannot be one; whether anybody
    is known there is not looked at."""
    channel = ContactPoint.Channel.EMAIL if "@" in contact else ContactPoint.Channel.TEXT
    address = normalised(channel, contact)
    LinkWish.objects.create(channel=channel, address=keyring().encrypt(address, CONTEXT))


@transaction.atomic
def take_wishes(most: int) -> list[tuple[ContactPoint, str]]:
    """The oldest wishes, which are gone by this: for each that may be granted, where its link goes, and the token.

    Nobody may be verified there, or the address had MOST_AN_HOUR of them; then nothing goes out.
    """
    wishes = list(LinkWish.objects.select_for_update(skip_locked=True).order_by("id")[:most])
    LinkWish.objects.filter(pk__in=[wish.pk for wish in wishes]).delete()
    granted = []
    for wish in wishes:
        if wish.asked_at < now() - timedelta(minutes=LINK_MINUTES):
            continue  # whoever asked has gone
        index = keyring().blind_index(keyring().decrypt(wish.address, CONTEXT), CONTEXT)
        there = verified_at(wish.channel, index).select_related("registrant").order_by("-id").first()
        lately = OneTimeLink.objects.filter(
            contact_point__address_index=index, made_at__gt=now() - timedelta(hours=1)
        )
        if there is not None and lately.count() < MOST_AN_HOUR:
            granted.append((there, _new_link(there)))
    return granted


@transaction.atomic
def use_link(token: str) -> ContactPoint | None:
    """The contact point that this link was sent to, once; None where it is unknown, used, too old, or where nothing is
    sent any more."""
    link = (
        OneTimeLink.objects.select_for_update(of=("self",))
        .select_related("contact_point__registrant")
        .filter(digest=digest_of(token), used_at=None, expires_at__gt=now())
        .first()
    )
    if link is None:
        return None
    link.used_at = now()
    link.save(update_fields=["used_at"])
    return link.contact_point if link.contact_point.stopped_at is None else None


def verified_at(channel: str, address_index: bytes | memoryview) -> QuerySet[ContactPoint]:
    """The contact points at this address that are their registrants' own, verified and not stopped."""
    found = ContactPoint.objects.filter(channel=channel, address_index=address_index, backup=False)
    return found.filter(verified_at__isnull=False, stopped_at=None)


def _new_link(point: ContactPoint) -> str:
    token = token_urlsafe(_TOKEN_BYTES)
    OneTimeLink.objects.create(
        contact_point=point,
        digest=digest_of(token),
        expires_at=now() + timedelta(minutes=LINK_MINUTES),
    )
    return token
