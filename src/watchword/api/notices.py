"""/api/v1/notices: what the partner's own registrations had to be told, what was done, and that it was told."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from watchword.api import cases
from watchword.api.models import Scope
from watchword.api.opening import KeyOfPartner, opened
from watchword.api.parts import After, Limit, Number
from watchword.api.problems import REFUSALS, ProblemError
from watchword.delivery import ledger
from watchword.delivery.confirmation import confirm_for_partner
from watchword.notices.models import Notice as Row
from watchword.registrants.models import Partner

router = Router(tags=["notices"])
_SEES, _CONFIRMS = KeyOfPartner(Scope.NOTICES_READ), KeyOfPartner(Scope.CONFIRMATIONS)


class Notice(Schema):
    """Something that a registration must be told."""

    id: int = Field(description="As in a push: `data.notice`.")
    registration: UUID
    kind: str | None = Field(
        description="Such as released; null unless the office lets this partner have facts."
    )
    urgency: str
    created_at: datetime
    confirmed_at: datetime | None = Field(description="Null: nobody has said yet that it was told.")
    confirmed_by: str | None = Field(description="push: by the partner; email: on a page; text or voice.")


class Step(Schema):
    """One thing that was done to tell a notice."""

    at: datetime
    channel: str | None
    what: str = Field(description="Such as accepted, voicemail, delivered, told or at_desk.")
    words: str = Field(description="The same in the registrant's language; addresses are masked.")


class NoticeAndLedger(Notice):
    """A notice, and what was done, oldest first."""

    ledger: list[Step]


class Notices(Schema):
    """A part of the partner's notices, in their order."""

    notices: list[Notice]
    next: int | None = Field(description="Ask with `after` this for more; null: there are none.")


@router.get("", auth=_SEES, response={200: Notices, **REFUSALS}, operation_id="list_notices")
def list_own(
    request: HttpRequest, registration: UUID | None = None, after: After = 0, limit: Limit = 50
) -> Notices:
    """The notices of the partner's own registrations, or of one of them."""
    who = opened(request)
    case = cases.own_case(registration, who) if registration else None
    found = cases.own_notices(who, case=case, after=after, most=limit + 1)
    shown = [_shown(row, who.partner) for row in found[:limit]]
    return Notices(notices=shown, next=shown[-1].id if len(found) > limit else None)


@router.get("/{number}", auth=_SEES, response={200: NoticeAndLedger, **REFUSALS}, operation_id="show_notice")
def show(request: HttpRequest, number: Number) -> NoticeAndLedger:
    """One notice, with its ledger."""
    who = opened(request)
    row = cases.own_notice(number, who)
    steps = [
        Step(at=line.at, channel=line.channel, what=line.what, words=line.words)
        for line in ledger.ledger(row.pk)
    ]
    return NoticeAndLedger(**_shown(row, who.partner).model_dump(), ledger=steps)


@router.post("/{number}/confirm", auth=_CONFIRMS, response={204: None, **REFUSALS}, operation_id="confirm")
def confirm(request: HttpRequest, number: Number) -> HttpResponse:
    """A person at the partner has told the registrant. It stays so, however often this is said.

    403 unless an officer trusts this partner with it, and while pushes to it are stopped.
    """
    who = opened(request)
    if not confirm_for_partner(cases.own_notice(number, who), who.partner):
        raise ProblemError(403, "The office does not take this partner's word for it.")
    return HttpResponse(status=204)


def _shown(row: Row, partner: Partner) -> Notice:
    """Withdrawn or at the desk is not told apart from not confirmed: it could say that a person is protected."""
    return Notice(
        id=row.pk,
        registration=row.registration.registrant.case.number,
        kind=row.kind if partner.gets_facts else None,
        urgency=row.urgency,
        created_at=row.created_at,
        confirmed_at=row.confirmed_at,
        confirmed_by=row.confirmed_by_channel,
    )
