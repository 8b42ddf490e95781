"""A partner's own registrations: asked for, shown, paused, ended. What is not its own is, to it, not there.

A case is the registrant who is told because the partner asked. Of somebody else who is to be told as well (`both`), the
partner sees the contacts that it gave until they have set a PIN of their own; from then on they are theirs alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from watchword import pipeline
from watchword.account.queries import standing_of
from watchword.api.keys import Opened
from watchword.api.models import Case
from watchword.api.problems import ProblemError, nothing_here
from watchword.delivery.codes import send_code
from watchword.feeds.models import Source
from watchword.notices.models import Notice
from watchword.registrants import actions as registrations
from watchword.registrants.addresses import masked
from watchword.registrants.asking import actions as asking
from watchword.registrants.asking.models import Recipient, Request
from watchword.registrants.asking.records import Asked, Taken
from watchword.registrants.models import ContactPoint, Mute, Registration
from watchword.registrants.queries import address_of

Standing = Literal["asked", "refused", "waiting", "on", "paused", "ended"]

_ASKED_BY = "registrant__recipient__request__recipients__registrant"


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """A contact point, as far as a partner may see it."""

    id: int
    channel: str
    address: str  # masked
    is_verified: bool
    is_stopped: bool  # altogether, or for this case: somebody clicked "unsubscribe" in a mail there


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A case as its partner sees it; nothing of it tells that a person is protected."""

    id: UUID
    standing: Standing
    ended_why: str
    asked_at: datetime
    watch_ends_at: datetime | None
    contacts: list[Contact]
    others_contacts: list[Contact]


@transaction.atomic
def open_case(asked: Asked, who: Opened) -> tuple[Case, Taken]:
    """Ask as anybody does, by the source's rule; the contacts that must be verified get a code.

    WatchwordError as `asking.actions.ask` says; ProblemError (422) where there is no such source.
    """
    if not Source.objects.filter(name=asked.source).exists():
        raise ProblemError(422, "There is no source of this name.")
    taken = asking.ask(asked, by=who.actor)
    case = Case.objects.create(partner=who.partner, registrant_id=taken.recipients[0])
    unverified = ContactPoint.objects.filter(registrant__recipient__request=taken.request, verified_at=None)
    for number in list(unverified.order_by("id").values_list("id", flat=True)):
        send_code(number, by=who.actor)
    return case, taken


def own_case(number: UUID, who: Opened) -> Case:
    """This partner's case of this number; the same ProblemError (404) for another's and for none."""
    case = Case.objects.filter(number=number, partner=who.partner).first()
    if case is None:
        raise nothing_here()
    return case


def own_cases(who: Opened, *, after: UUID | None, most: int) -> list[Case]:
    """This partner's cases in the order in which they were made, from behind this one on."""
    found = Case.objects.filter(partner=who.partner).order_by("id")
    if after is not None:
        found = found.filter(id__gt=own_case(after, who).pk)
    return list(found[:most])


def show(cases: Sequence[Case]) -> list[Shown]:
    """What their partner sees of each."""
    of = [case.registrant_id for case in cases]
    registered = Registration.objects.filter(registrant__in=of).order_by("-id")
    by_registrant = {registration.registrant_id: registration for registration in registered}
    asked = Recipient.objects.filter(registrant__in=of).select_related("request")
    requests = {recipient.registrant_id: recipient.request for recipient in asked}
    points = _by(
        of, ContactPoint.objects.filter(registrant__in=of, backup=False).annotate(of=F("registrant"))
    )
    others = _by(of, _others_contacts(of).annotate(of=F(_ASKED_BY)))
    return [
        _shown(
            case,
            by_registrant.get(case.registrant_id),
            requests.get(case.registrant_id),
            points[case.registrant_id],
            others[case.registrant_id],
        )
        for case in cases
    ]


@transaction.atomic
def pause(case: Case, who: Opened) -> None:
    """Quiet, if it is on; else nothing changes."""
    if number := _registration(case):
        registrations.pause(number, by=who.actor)


@transaction.atomic
def resume(case: Case, who: Opened) -> None:
    """The quiet is over, if it was paused; else nothing changes."""
    if number := _registration(case):
        pipeline.resume_registration(number, by=who.actor)


@transaction.atomic
def end(case: Case, who: Opened) -> None:
    """Nothing more is told, or a request that waits is withdrawn; what has ended stays so."""
    if number := _registration(case):
        registrations.end(number, by=who.actor)
        return
    waiting = Request.objects.filter(recipients__registrant=case.registrant_id, state=Request.State.WAITING)
    for request in waiting.values_list("id", flat=True):
        asking.withdraw(request, by=who.actor)


def own_contact(case: Case, contact: int) -> ContactPoint:
    """A contact point of the case; ProblemError (404) for any other."""
    found = ContactPoint.objects.select_related("registrant")
    own = found.filter(registrant=case.registrant_id, backup=False, pk=contact).first()
    point = own or _others_contacts([case.registrant_id]).filter(pk=contact).first()
    if point is None:
        raise nothing_here()
    return point


def own_notices(who: Opened, *, case: Case | None, after: int, most: int) -> list[Notice]:
    """The notices of this partner's cases, or of one of them, in their order, from behind this one on."""
    found = Notice.objects.filter(registration__registrant__case__partner=who.partner, id__gt=after)
    if case is not None:
        found = found.filter(registration__registrant=case.registrant_id)
    return list(found.select_related("registration__registrant__case").order_by("id")[:most])


def own_notice(number: int, who: Opened) -> Notice:
    """This notice of one of this partner's cases; ProblemError (404) for any other."""
    of_these = Notice.objects.filter(registration__registrant__case__partner=who.partner, pk=number)
    notice = of_these.select_related("registration__registrant__case").first()
    if notice is None:
        raise nothing_here()
    return notice


def _registration(case: Case) -> int | None:
    found = Registration.objects.filter(registrant=case.registrant_id).order_by("id")
    return found.values_list("id", flat=True).first()


def _shown(
    case: Case,
    registration: Registration | None,
    request: Request | None,
    contacts: list[Contact],
    others_contacts: list[Contact],
) -> Shown:
    watches = registration is not None and registration.watching
    return Shown(
        id=case.number,
        standing=standing_of(registration) if registration else _standing(request),
        ended_why=registration.ended_why if registration else "",
        asked_at=case.made_at,
        watch_ends_at=registration.watch_ends_at if registration and watches else None,
        contacts=contacts,
        others_contacts=others_contacts,
    )


def _standing(request: Request | None) -> Standing:
    """Of a case that has led to no registration. Where its registrant has erased it there is no request either."""
    match request and Request.State(request.state):
        case Request.State.WAITING:
            return "asked"
        case Request.State.REFUSED:
            return "refused"
        case _:
            return "ended"


def _others_contacts(of: Sequence[int]) -> QuerySet[ContactPoint]:
    """Of those for whom these registrants asked as well, and who have not set a PIN of their own yet."""
    asked = ContactPoint.objects.filter(**{f"{_ASKED_BY}__in": of}, registrant__pin_hash="")
    return asked.exclude(registrant=F(_ASKED_BY)).select_related("registrant")


def _by(of: Sequence[int], points: QuerySet[ContactPoint, Any]) -> dict[int, list[Contact]]:
    found: dict[int, list[Contact]] = {number: [] for number in of}
    mutes = Mute.objects.filter(contact_point=OuterRef("pk"))
    for point in points.annotate(is_muted=Exists(mutes)).order_by("id"):
        found[point.of].append(_contact(point, is_muted=point.is_muted))
    return found


def _contact(point: ContactPoint, *, is_muted: bool) -> Contact:
    return Contact(
        id=point.pk,
        channel=point.channel,
        address=masked(address_of(point)),
        is_verified=point.verified_at is not None,
        is_stopped=is_muted or point.stopped_at is not None,
    )
