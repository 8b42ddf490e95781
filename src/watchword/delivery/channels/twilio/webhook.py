"""What the provider tells us: signatures, and its words for states in ours."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import parse_qsl

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from watchword.delivery.channels.twilio.errors import OPTED_OUT, PERMANENT
from watchword.delivery.links import public_url
from watchword.delivery.records import Meaning, Report

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

_MESSAGE_WORDS: Mapping[str, Meaning] = {
    "accepted": "handed_over",
    "scheduled": "handed_over",
    "queued": "handed_over",
    "sending": "handed_over",
    "sent": "handed_over",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "not_reached",
    "failed": "not_reached",
    "canceled": "not_reached",
}
_CALL_WORDS: Mapping[str, Meaning] = {
    "queued": "handed_over",
    "initiated": "handed_over",
    "ringing": "handed_over",
    "in-progress": "handed_over",
    "completed": "delivered",  # somebody, or a machine, took the call
    "busy": "not_reached",
    "no-answer": "not_reached",
    "failed": "not_reached",
    "canceled": "not_reached",
}


def signature_fits(token: str, url: str, form: Mapping[str, str], given: str) -> bool:
    """Whether `given` (X-Twilio-Signature) is the provider's own for this request.

    HMAC-SHA1 under the account's token, over the URL as called (with its query) and each form parameter's name and
    value in the order of the names; published by the provider as "Validating requests". Constant time.
    """
    text = url + "".join(name + form[name] for name in sorted(form))
    expected = b64encode(hmac.digest(token.encode(), text.encode(), hashlib.sha1))
    return hmac.compare_digest(expected, given.encode())


def signed_by_carrier(view: View[P]) -> View[P]:
    """The view, for POST requests that the carrier signed; any other gets 403 (or 405) and leaves no trace.

    The signature is over the address at which the carrier knows us, whatever a proxy in between makes of it.
    """

    @csrf_exempt
    @require_POST
    @wraps(view)
    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        fits = signature_fits(
            settings.WATCHWORD.carrier_token,
            public_url() + request.get_full_path(),
            read_form(request.body),
            request.headers.get("X-Twilio-Signature", ""),
        )
        return view(request, *args, **kwargs) if fits else HttpResponseForbidden()

    return checked


def read_form(body: bytes) -> dict[str, str]:
    """The fields of a form as the provider posts it, empty ones too."""
    return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))


def read_report(kind: str, body: bytes) -> Report:
    """A status callback in our words; `kind` is 'message' or 'call'. A word we do not know is `unknown`."""
    form = read_form(body)
    if kind == "call":
        word, words, provider_id = form.get("CallStatus", ""), _CALL_WORDS, form.get("CallSid")
    else:
        word, words, provider_id = form.get("MessageStatus", ""), _MESSAGE_WORDS, form.get("MessageSid")
    code = form.get("ErrorCode", "")
    for_ever = code.isdigit() and int(code) in PERMANENT | OPTED_OUT
    meaning: Meaning = words.get(word, "unknown")
    return Report(
        meaning="impossible" if meaning == "not_reached" and for_ever else meaning,
        word=word or "none",
        error=code or word,
        provider_id=provider_id,
    )
