"""Webhooks of the providers. Nothing is read before its signature has been checked."""

from uuid import UUID
from xml.sax.saxutils import escape

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseNotFound
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from watchword.delivery import receipts, replies, voicemail
from watchword.delivery.channels import registry
from watchword.delivery.channels.twilio.webhook import signed_by_carrier


@csrf_exempt
@require_POST
def status(request: HttpRequest, provider: str, kind: str) -> HttpResponse:
    """A receipt from this provider; what it did not sign gets 403 and leaves no trace."""
    known = registry.kind_of(provider)
    if known is None or known.is_genuine is None or not registry.is_in_use(provider):
        return HttpResponseNotFound()
    if not known.is_genuine(request):
        return HttpResponseForbidden()
    reference = _reference(request.GET.get("ref", ""))
    receipts.read(receipts.keep(provider, kind, request.body, reference))
    voicemail.begin(provider, kind, request.body, reference)
    return HttpResponse(status=204)


@signed_by_carrier
def message(request: HttpRequest) -> HttpResponse:
    """A text from a phone; the answer goes back to it."""
    form = request.POST
    words = replies.answer(form.get("From", ""), form.get("Body", ""), form.get("OptOutType", ""))
    message = f"<Message>{escape(words)}</Message>" if words else ""
    return HttpResponse(f"<Response>{message}</Response>", content_type="text/xml")


def _reference(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None
