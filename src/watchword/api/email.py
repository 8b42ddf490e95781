"""Webhooks about mail: what email providers tell us, and mails that came back. Nobody gets in without their secret."""

import hmac

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseForbidden
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from watchword.delivery import bounces, receipts
from watchword.delivery.channels.anymail import webhook
from watchword.delivery.channels.anymail.names import ESPS
from watchword.delivery.channels.registry import names_for


@csrf_exempt
@require_http_methods(["HEAD", "POST"])
def provider(request: HttpRequest, name: str) -> HttpResponse:
    """Receipts of an email provider that this installation uses. HEAD: some try the address that way first."""
    if name not in ESPS or name not in names_for("email"):
        raise Http404
    if request.method == "HEAD":
        return HttpResponse()
    if not webhook.is_genuine(name, request):
        return HttpResponseForbidden()
    events = webhook.events(name, request)
    kept = [receipts.keep(name, "event", event.raw, event.reference) for event in events]
    for number in kept:
        receipts.read(number)
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
def bounce(request: HttpRequest) -> HttpResponse:
    """A mail that came back, whole, as the body. The answer is the same whether or not it is one of ours."""
    wanted = settings.WATCHWORD.bounce_token
    given = request.headers.get("Authorization", "")
    if not wanted or not hmac.compare_digest(given.encode(), f"Bearer {wanted}".encode()):
        return HttpResponseForbidden()
    try:
        bounces.take(request.body)
    except RequestDataTooBig:
        return HttpResponse(status=413)
    return HttpResponse(status=204)
