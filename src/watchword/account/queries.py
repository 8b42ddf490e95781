"""What a registrant is shown of their own: nothing of it tells that a person is protected."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from watchword.custody.models import Silence
from watchword.delivery.told import Told, last_told
from watchword.feeds.mapping import load
from watchword.feeds.models import Roster
from watchword.registrants.addresses import masked
from watchword.registrants.asking.models import Request
from watchword.registrants.models import HandOver, Registrant, Registration
from watchword.registrants.muting import mutes_of
from watchword.registrants.queries import address_of

Standing = Literal["waiting", "on", "paused", "ended"]

_STANDING: dict[str, Standing] = {
    Registration.State.PENDING: "waiting",
    Registration.State.ACTIVE: "on",
    Registration.State.PAUSED: "paused",
    # Whoever she hides from may look here: nothing may tell them that there is something to find.
    Registration.State.WITHHELD: "on",
    Registration.State.ENDED: "ended",
}
_USABLE = (
    Roster.Outcome.BASELINE,
    Roster.Outcome.NEWS,
    Roster.Outcome.UNCHANGED,
    Roster.Outcome.DUPLICATE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Registered:
    """One registration, as its registrant sees it."""

    id: int
    standing: Standing
    ended_why: str
    agency: str
    source: str
    last: Told | None  # what they were told last of where the person stands
    as_of: datetime | None  # when the source's last list came
    is_silent: bool  # we cannot see the source now
    watch_ends_at: datetime | None  # while it waits for somebody not listed yet
    can_hand_over: bool
    is_handed_over: bool  # a colleague has not given the code yet
    muted: tuple[
        tuple[int, str], ...
    ]  # where no mail about it goes: the contact points' ids, and addresses masked


def standing_of(registration: Registration) -> Standing:
    """What its state is called to whoever is told, and to the partner who asked for them."""
    return "paused" if registration.pause_asked else _STANDING[registration.state]


def registered(registrant_id: int) -> list[Registered]:
    """Every registration of a registrant, those that go on first."""
    found = Registration.objects.filter(registrant=registrant_id).select_related("person__source")
    shown = [_registered(registration) for registration in found.order_by("id")]
    return sorted(shown, key=lambda each: each.standing == "ended")


def unanswered(registrant_id: int) -> list[Request]:
    """Their requests that have not led to a registration: that wait, or were refused."""
    asked = Request.objects.filter(recipients__registrant=registrant_id)
    return list(asked.filter(state__in=[Request.State.WAITING, Request.State.REFUSED]).order_by("id"))


def own_registration(registrant: Registrant, number: int) -> Registered | None:
    """This registration, if it is theirs."""
    found = Registration.objects.filter(registrant=registrant, pk=number).select_related("person__source")
    registration = found.first()
    return None if registration is None else _registered(registration)


def _registered(registration: Registration) -> Registered:
    source = registration.person.source
    mapping = load(source.mapping)
    lists = Roster.objects.filter(source=source, shape=Roster.Shape.LISTING, outcome__in=_USABLE)
    standing = standing_of(registration)
    return Registered(
        id=registration.pk,
        standing=standing,
        ended_why=registration.ended_why,
        agency=mapping.agency,
        source=mapping.title,
        last=last_told(registration.pk),
        as_of=lists.order_by("-id").values_list("received_at", flat=True).first(),
        is_silent=Silence.objects.filter(source=source, over_at=None).exists(),
        watch_ends_at=registration.watch_ends_at if registration.watching else None,
        can_hand_over=registration.mode != Registration.Mode.DIRECT and standing != "ended",
        is_handed_over=HandOver.objects.filter(old=registration).exists() and standing != "ended",
        muted=tuple(
            (each.contact_point_id, masked(address_of(each.contact_point)))
            for each in mutes_of(registration.pk)
        ),
    )
