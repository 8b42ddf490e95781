"""Keeping one registration from one contact point: an advocate is told of many people at one address."""

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from watchword.audit.actions import record
from watchword.registrants.models import ContactPoint, Mute, Registration


@transaction.atomic
def mute(registration_id: int, contact_point_id: int, *, by: str) -> int | None:
    """Nothing more about this registration goes to this contact point; the mute's id, or None where that was no news:
    it is muted already, or stopped."""
    if not ContactPoint.objects.filter(pk=contact_point_id, stopped_at=None).exists():
        return None
    muted, made = Mute.objects.get_or_create(
        registration_id=registration_id, contact_point_id=contact_point_id
    )
    if not made:
        return None
    record(by, "contact_point.mute", f"contact_point:{contact_point_id}", registration=registration_id)
    return muted.pk


@transaction.atomic
def unmute(registration_id: int, contact_point_id: int, *, by: str) -> int | None:
    """It goes there again; the id of the mute that this ended, None where there was none."""
    found = Mute.objects.filter(registration=registration_id, contact_point=contact_point_id)
    muted = found.select_for_update().first()
    if muted is None:
        return None
    number = muted.pk
    muted.delete()
    record(by, "contact_point.unmute", f"contact_point:{contact_point_id}", registration=registration_id)
    return number


def is_muted(registration: str, contact_point: str) -> Exists:
    """Whether the one is kept from the other; both are names of columns of the rows asked about."""
    return Exists(
        Mute.objects.filter(registration=OuterRef(registration), contact_point=OuterRef(contact_point))
    )


def mutes_of(registration_id: int) -> QuerySet[Mute]:
    """Which contact points in use it is kept from, with them."""
    found = Mute.objects.filter(registration=registration_id, contact_point__stopped_at=None)
    return found.select_related("contact_point").order_by("contact_point")


def unreachable(registrant_id: int) -> list[int]:
    """Their active registrations for which no contact point of their own is left."""
    ways = ContactPoint.objects.filter(
        registrant=OuterRef("registrant"), backup=False, stopped_at=None, verified_at__isnull=False
    )
    muted = Mute.objects.filter(registration=OuterRef(OuterRef("pk")), contact_point=OuterRef("pk"))
    active = Registration.objects.filter(registrant=registrant_id, state=Registration.State.ACTIVE)
    return list(
        active.filter(~Exists(ways.filter(~Exists(muted)))).order_by("id").values_list("id", flat=True)
    )
