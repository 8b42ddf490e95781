"""/api/v1/registrations: a partner's system has its clients' advocates told, as anybody asks to be told."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router, Schema
from pydantic import Field, StringConstraints

from watchword import pipeline
from watchword.api import cases
from watchword.api.cases import Standing
from watchword.api.keys import Opened
from watchword.api.models import Case, Scope
from watchword.api.opening import KeyOfPartner, opened
from watchword.api.parts import Limit, Line, Number, Sent, Text
from watchword.api.problems import REFUSALS, ProblemError
from watchword.api.repeating import once
from watchword.custody.finding.records import Sought
from watchword.delivery.codes import send_code
from watchword.registrants.asking.models import Relation
from watchword.registrants.asking.records import Asked, ForWhom, Reached

router = Router(tags=["registrations"])
_SEES, _WRITES = KeyOfPartner(Scope.REGISTRATIONS_READ), KeyOfPartner(Scope.REGISTRATIONS_WRITE)

CaseNumber = Annotated[UUID, Path(description="The registration's `id`.")]


class WhoIsSought(Sent):
    """The person, by the source's number; or by the name and one of: birth date, age, country of birth."""

    number: Line = ""
    name: Line = ""
    born: date | None = None
    age: int | None = Field(None, ge=0, le=130)
    birth_country: Annotated[str, StringConstraints(pattern=r"^([A-Z]{2})?$")] = Field(
        "", description="Two letters, ISO 3166-1."
    )


class HowReached(Sent):
    """How somebody is told. At least one way. A phone number is for texts and for calls."""

    email: Line | None = None
    phone: Line | None = None
    tty: bool = Field(False, description="The phone is a text telephone.")
    name: Line | None = Field(None, description="Of whoever is told; none for `proxy`.")
    language: Line = Field("en", description="Such as en or es.")


class HowAskerReached(HowReached):
    """How the advocate, or the organisation, is told."""

    push: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$")] | None = Field(
        None, description="The partner's own case number, and nobody's name: pushes come with it."
    )


class Asking(Sent):
    """A wish to be told about one person."""

    source: Line = Field(description="The source that lists the person.")
    sought: WhoIsSought
    relation: Relation = Field(description="As what. The source's rule says who may ask.")
    for_whom: Literal["another", "both", "proxy"] = Field(
        description="`another`: an advocate is told for somebody. `both`: that somebody is told as well, once they "
        "have verified a contact. `proxy`: an organisation is told, and relays; it names nobody."
    )
    reached: HowAskerReached
    other: HowReached | None = Field(None, description="For `both`: the one asked for.")
    evidence: Text = Field(
        "", description="A case number, or where the sworn statement is: an officer checks it."
    )
    note: Text = Field("", description="Never anybody's immigration status: such a note is refused.")
    watch: bool = Field(False, description="The person may not be held yet.")


class ContactPoint(Schema):
    """A way to tell somebody."""

    id: int
    channel: str
    address: str = Field(description="Masked.")
    is_verified: bool = Field(description="Nothing but a code goes to one that is not.")
    is_stopped: bool = Field(description="Altogether, or by the unsubscribe link of a mail about this case.")


class Registration(Schema):
    """Somebody who is told because this partner asked."""

    id: UUID
    standing: Standing = Field(
        description="`asked`: an officer has not answered yet. `waiting`: approved, and no contact is verified."
    )
    ended_why: str
    asked_at: datetime
    watch_ends_at: datetime | None = Field(
        description="While it waits for somebody whom the source does not list."
    )
    contacts: list[ContactPoint]
    others_contacts: list[ContactPoint] = Field(
        description="Of whoever else is to be told, until they have set a PIN of their own."
    )


class Taken(Schema):
    """What whoever asked gets, whatever they asked for."""

    registration: Registration
    number: str = Field(description="Ten digits to come back with, on the page or by phone.")
    pin: str = Field(description="Shown this once; notices are confirmed with it.")


class Registrations(Schema):
    """A part of the partner's registrations, in the order in which they were asked for."""

    registrations: list[Registration]
    next: UUID | None = Field(description="Ask with `after` this for more; null: there are none.")


class Code(Sent):
    """The code that whoever reads this contact was sent."""

    code: Annotated[str, StringConstraints(max_length=20, pattern=r"^[0-9 ]+$")]
    pin: Annotated[str, StringConstraints(max_length=20)] | None = Field(
        None, description="The PIN that they chose, 6 to 12 digits: of `others_contacts` alone."
    )


@router.post("", auth=_WRITES, response={201: Taken, **REFUSALS}, operation_id="ask")
def ask(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Ask to be told about a person. Nothing is looked up: the answer is the same whoever it is.

    An officer checks the right to know; each contact that must be verified is sent a code.
    """
    who = opened(request)

    def act() -> Taken:
        case, taken = cases.open_case(_asked(asking, who.partner.name), who)
        return Taken(registration=_one(case), number=taken.number, pin=taken.pin)

    return once(request, 201, act)


@router.get("", auth=_SEES, response={200: Registrations, **REFUSALS}, operation_id="list_registrations")
def list_own(request: HttpRequest, after: UUID | None = None, limit: Limit = 50) -> Registrations:
    """The partner's own registrations."""
    found = cases.own_cases(opened(request), after=after, most=limit + 1)
    shown = _many(found[:limit])
    return Registrations(registrations=shown, next=shown[-1].id if len(found) > limit else None)


@router.get(
    "/{uuid:number}", auth=_SEES, response={200: Registration, **REFUSALS}, operation_id="show_registration"
)
def show(request: HttpRequest, number: CaseNumber) -> Registration:
    """One of the partner's own registrations."""
    return _one(cases.own_case(number, opened(request)))


@router.post(
    "/{uuid:number}/pause", auth=_WRITES, response={200: Registration, **REFUSALS}, operation_id="pause"
)
def pause(request: HttpRequest, number: CaseNumber) -> HttpResponse:
    """Quiet from now on. What is not on stays as it is."""
    return _changed(request, number, cases.pause)


@router.post(
    "/{uuid:number}/resume", auth=_WRITES, response={200: Registration, **REFUSALS}, operation_id="resume"
)
def resume(request: HttpRequest, number: CaseNumber) -> HttpResponse:
    """Told again from now on, first with a summary. What is not paused stays as it is."""
    return _changed(request, number, cases.resume)


@router.post("/{uuid:number}/end", auth=_WRITES, response={200: Registration, **REFUSALS}, operation_id="end")
def end(request: HttpRequest, number: CaseNumber) -> HttpResponse:
    """Nothing more is told, for good. A wish that nobody has answered yet is withdrawn."""
    return _changed(request, number, cases.end)


@router.post(
    "/{uuid:number}/contacts/{contact}/send-code",
    auth=_WRITES,
    response={202: Registration, **REFUSALS},
    operation_id="send_code",
)
def send_another_code(request: HttpRequest, number: CaseNumber, contact: Number) -> HttpResponse:
    """Send a new code to a contact that is not verified. One address gets three an hour, whoever asks; the answer does
    not say whether one was sent."""
    who = opened(request)

    def act() -> Registration:
        case = cases.own_case(number, who)
        point = cases.own_contact(case, contact)
        if point.verified_at is None:
            send_code(point.pk, by=who.actor)
        return _one(case)

    return once(request, 202, act)


@router.post(
    "/{uuid:number}/contacts/{contact}/code",
    auth=_WRITES,
    response={200: Registration, **REFUSALS},
    operation_id="give_code",
)
def give_code(request: HttpRequest, number: CaseNumber, contact: Number, given: Code) -> Registration:
    """Give a code back: the contact is verified, and told where the person stands if an officer has approved.

    422 for any code but the newest one sent there, within 15 minutes and five tries. A verified contact stays so.
    """
    case = cases.own_case(number, opened(request))
    point = cases.own_contact(case, contact)
    if point.verified_at is not None:
        return _one(case)
    if (point.registrant.pin_hash == "") != (given.pin is not None):
        raise ProblemError(422, "Give the PIN that they chose for `others_contacts`, and only there.")
    if not pipeline.give_code(point.pk, given.code, pin=given.pin):
        raise ProblemError(422, "This is not the code, or no longer. Have a new one sent.")
    return _one(case)


def _asked(asking: Asking, partner: str) -> Asked:
    push = asking.reached.push
    return Asked(
        source=asking.source,
        sought=Sought(**asking.sought.model_dump()),
        relation=asking.relation,
        for_whom=ForWhom(asking.for_whom),
        reached=Reached(
            **asking.reached.model_dump(exclude={"push"}), push=f"{partner}/{push}" if push else None
        ),
        other=Reached(**asking.other.model_dump()) if asking.other else None,
        evidence=asking.evidence,
        note=asking.note,
        watch=asking.watch,
    )


def _changed(request: HttpRequest, number: UUID, change: Callable[[Case, Opened], None]) -> HttpResponse:
    who = opened(request)

    def act() -> Registration:
        case = cases.own_case(number, who)
        change(case, who)
        return _one(case)

    return once(request, 200, act)


def _one(case: Case) -> Registration:
    return _many([case])[0]


def _many(found: Sequence[Case]) -> list[Registration]:
    return [Registration.model_validate(asdict(shown)) for shown in cases.show(found)]
