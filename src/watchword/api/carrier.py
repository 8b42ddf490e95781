"""Webhooks of the carrier of texts and calls. Nothing is read before its signature has been checked."""

from uuid import UUID
from xml.sax.saxutils import escape

from django.http import HttpRequest, HttpResponse

from watchword.delivery import receipts, replies
from watchword.delivery.channels.twilio.webhook import signed_by_carrier


@signed_by_carrier
def message_status(request: HttpRequest) -> HttpResponse:
    """A receipt for a text."""
    return _receipt(request, "message")


@signed_by_carrier
def call_status(request: HttpRequest) -> HttpResponse:
    """A receipt for a call."""
    return _receipt(request, "call")


@signed_by_carrier
def message(request: HttpRequest) -> HttpResponse:
    """A text from a phone; the answer goes back to it."""
    words = replies.answer(request.POST.get("From", ""), request.POST.get("Body", ""))
    document = f"<Response><Message>{escape(words)}</Message></Response>"
    return HttpResponse(document, content_type="text/xml")


def _receipt(request: HttpRequest, kind: str) -> HttpResponse:
    number = receipts.keep("twilio", kind, request.body, _reference(request.GET.get("ref", "")))
    receipts.read(number)
    return HttpResponse(status=204)


def _reference(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None
