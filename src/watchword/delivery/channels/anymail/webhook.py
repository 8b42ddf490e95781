"""What the provider tells us later: its webhook, checked and read by django-anymail, and the events in our words."""

import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from anymail.exceptions import (
    AnymailError,
    AnymailInsecureWebhookWarning,
    AnymailWebhookValidationFailure,
)
from anymail.signals import AnymailTrackingEvent
from anymail.urls import urlpatterns
from anymail.webhooks.base import AnymailBaseWebhookView
from django.http import HttpRequest

from watchword.delivery.channels.anymail.client import REFERENCE
from watchword.delivery.channels.mail import reference_in
from watchword.delivery.channels.smtp.bounces import failed, first_code
from watchword.delivery.records import Meaning, Report

_MEANINGS: Mapping[str, Meaning] = {
    "queued": "handed_over",
    "sent": "handed_over",
    "delivered": "delivered",
    "deferred": "no_news",
    "autoresponded": "no_news",
    "opened": "no_news",
    "clicked": "no_news",
    "subscribed": "no_news",
    "complained": "no_news",  # it arrived; the contact point is stopped
    "unsubscribed": "no_news",
    "failed": "not_reached",
    "bounced": "not_reached",
    "rejected": "not_reached",
}
_OPTED_OUT = frozenset({"complained", "unsubscribed"})
_DEAD = frozenset({"bounced", "invalid"})  # anymail's reject reasons of a dead address


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One event of a webhook, as it is kept."""

    raw: bytes
    reference: UUID | None  # of the attempt that it is about


def is_genuine(name: str, request: HttpRequest) -> bool:
    """Whether the request is this provider's own: signed, or with our WEBHOOK_SECRET as its password.

    Where a provider does not sign and no secret is set, anymail would let everybody in; we let nobody.
    """
    view = _view(name)
    if view.warn_if_no_basic_auth and not view.basic_auth:
        return False
    try:
        view.run_validators(request)
    except AnymailWebhookValidationFailure:
        return False
    return True


def events(name: str, request: HttpRequest) -> list[Event]:
    """The events of a genuine request. One that cannot be read is one event, which says so."""
    try:
        return [_event(event) for event in _view(name).parse_events(request)]
    except (
        AnymailError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
    ):  # whatever a surprising body leads to
        return [
            Event(raw=json.dumps({"body": request.body.decode(errors="replace")}).encode(), reference=None)
        ]


def _view(name: str) -> AnymailBaseWebhookView:
    pattern = next(p for p in urlpatterns if p.name == f"{name}_tracking_webhook")
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", AnymailInsecureWebhookWarning
        )  # `is_genuine` refuses what it warns of
        view: AnymailBaseWebhookView = pattern.callback.view_class()
    return view


def _event(event: AnymailTrackingEvent) -> Event:
    esp_event = event.esp_event
    kept = {
        "type": event.event_type,
        "reject_reason": event.reject_reason,
        "mta_response": event.mta_response,
        "description": event.description,
        "message_id": event.message_id,
        "event": dict(esp_event) if isinstance(esp_event, Mapping) else esp_event,
    }
    token = str((event.metadata or {}).get(REFERENCE, ""))
    return Event(raw=json.dumps(kept, default=str).encode(), reference=reference_in(token.encode()))


def read_report(kind: str, raw: bytes) -> Report:
    """What a kept event says; `kind` is 'event'."""
    event: dict[str, Any] = json.loads(raw)
    word = str(event.get("type") or "unreadable")
    meaning = _MEANINGS.get(word, "unknown")
    words = f"{event.get('mta_response') or ''} {event.get('description') or ''}"
    code, reason = first_code(words), event.get("reject_reason")
    if meaning == "not_reached" and _is_dead(reason, code, words):
        meaning = "impossible"
    message_id = event.get("message_id")
    return Report(
        meaning=meaning,
        word=word,
        error=code or reason or word,
        provider_id=str(message_id) if message_id else None,
        opted_out=word in _OPTED_OUT or (word == "rejected" and reason in ("unsubscribed", "spam")),
    )


def _is_dead(reason: str | None, code: str, words: str) -> bool:
    """The far server's own code decides, where it stands in the event; else the provider's reason."""
    if code.startswith("4"):
        return False
    return failed(code, words).kind == "dead" if code else reason in _DEAD
