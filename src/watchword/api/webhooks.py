"""/api/v1/webhooks: where pushes to the partner's system go, and what became of them. An officer alone changes that."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field
from yarl import URL

from watchword.api.models import Scope
from watchword.api.opening import KeyOfPartner, opened
from watchword.api.parts import Before
from watchword.api.problems import REFUSALS
from watchword.api.repeating import once
from watchword.delivery.queries import newest_pushes
from watchword.delivery.testing import request_push_test
from watchword.registrants.partners import endpoint_of

router = Router(tags=["webhooks"], auth=KeyOfPartner(Scope.WEBHOOKS))


class Webhook(Schema):
    """Where pushes go."""

    host: str | None = Field(description="The machine alone: an address can be a secret.")
    gets_facts: bool = Field(description="A push may say what happened.")
    may_confirm: bool
    stopped_at: datetime | None


class Push(Schema):
    """A push, and what became of it."""

    delivery: int
    notice: int
    state: str
    queued_at: datetime
    attempts: int
    answer: str = Field(description="The last one: `taken`, a status code, or why there was none.")


class Pushes(Schema):
    """The newest pushes, the newest first."""

    pushes: list[Push]
    next: int | None = Field(description="Ask with `before` this for older ones; null: there are none.")


class TestQueued(Schema):
    """A test is on its way."""

    queued: bool = True


@router.get("", response={200: list[Webhook], **REFUSALS}, operation_id="list_webhooks")
def list_own(request: HttpRequest) -> list[Webhook]:
    """Where pushes to this partner go: to one place."""
    partner = opened(request).partner
    return [
        Webhook(
            host=URL(endpoint_of(partner)).host,
            gets_facts=partner.gets_facts,
            may_confirm=partner.may_confirm,
            stopped_at=partner.stopped_at,
        )
    ]


@router.get("/pushes", response={200: Pushes, **REFUSALS}, operation_id="list_pushes")
def pushes(request: HttpRequest, before: Before = None) -> Pushes:
    """What was pushed to this partner, also for registrations that it did not ask for."""
    found = newest_pushes(opened(request).partner.name, before)
    shown = [
        Push(
            delivery=push.delivery,
            notice=push.notice,
            state=push.state,
            queued_at=push.queued_at,
            attempts=push.attempts,
            answer=push.answer,
        )
        for push in found.pushes
    ]
    return Pushes(pushes=shown, next=found.older)


@router.post("/test", response={202: TestQueued, **REFUSALS}, operation_id="test_webhook")
def test(request: HttpRequest) -> HttpResponse:
    """Push a test, signed as any other: `{"type": "test", ...}`. 422 while pushes are stopped."""
    who = opened(request)

    def act() -> TestQueued:
        request_push_test(who.partner.name, by=who.actor)
        return TestQueued()

    return once(request, 202, act)
