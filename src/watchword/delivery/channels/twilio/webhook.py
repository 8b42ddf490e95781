"""What the provider tells us: signatures, and its words for states in ours."""

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import parse_qsl

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from watchword.core.clock import now
from watchword.delivery.channels.twilio.dialects import DIALECTS, account_at
from watchword.delivery.channels.twilio.errors import OPTED_OUT, PERMANENT
from watchword.delivery.links import public_url
from watchword.delivery.records import CallOutcome, Meaning, Report

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

_TELNYX_TOLERANCE_SECONDS = 300

_DECLINED = "603"  # SIP: the person pressed "decline"
_NO_SUCH_NUMBER = ("404", "410", "484", "604")  # SIP: not found, gone, incomplete, exists nowhere
_MACHINES = ("machine", "fax")  # machine_start, machine_end_beep, machine_end_silence, machine_end_other
_RECORDS = "machine_end"


def signature_fits(token: str, url: str, form: Mapping[str, str], given: str) -> bool:
    """Whether `given` (X-Twilio-Signature) is the provider's own for this request.

    HMAC-SHA1 under the account's token, over the URL as called (with its query) and each form parameter's name and
    value in the order of the names; published by the provider as "Validating requests". Constant time.
    """
    text = url + "".join(name + form[name] for name in sorted(form))
    expected = b64encode(hmac.digest(token.encode(), text.encode(), hashlib.sha1))
    return bool(token) and hmac.compare_digest(expected, given.encode())


def is_genuine(name: str, request: HttpRequest) -> bool:
    """Whether the provider of this name signed the request.

    The signature is over the address at which the provider knows us, whatever a proxy in between makes of it.
    """
    dialect, account = DIALECTS[name], account_at(name, settings.WATCHWORD)
    given = request.headers.get(dialect.signature_header, "")
    if dialect.signature == "ed25519":
        sent_at = request.headers.get("telnyx-timestamp", "")
        return telnyx_signature_fits(account.signing_key, sent_at, request.body, given)
    url = public_url() + request.get_full_path()
    return signature_fits(account.signing_key, url, read_form(request.body), given)


def telnyx_signature_fits(public_key: str, sent_at: str, body: bytes, given: str) -> bool:
    """Whether `given` is Telnyx's Ed25519 signature of this body, made in the last five minutes or the next.

    Published under "Webhook fundamentals": over `<timestamp>|<body>`, key and signature in base64. It does not cover
    the address, so it is worth little once it is old.
    """
    try:
        if abs(now().timestamp() - int(sent_at)) > _TELNYX_TOLERANCE_SECONDS:
            return False
        key = Ed25519PublicKey.from_public_bytes(b64decode(public_key, validate=True))
        key.verify(b64decode(given, validate=True), f"{sent_at}|".encode() + body)
    except (ValueError, InvalidSignature):
        return False
    return True


def signed_by_carrier(view: View[P]) -> View[P]:
    """The view, for POST requests that a carrier of ours signed; any other gets 403 (or 405) and leaves no trace."""

    @csrf_exempt
    @require_POST
    @wraps(view)
    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if any(is_genuine(name, request) for name in _accounts()):
            return view(request, *args, **kwargs)
        return HttpResponseForbidden()

    return checked


def _accounts() -> list[str]:
    """The dialects that this installation has an account at. A call that began at one of them ends there."""
    return [name for name in DIALECTS if name == "twilio" or getattr(settings.WATCHWORD, name) is not None]


def read_form(body: bytes) -> dict[str, str]:
    """The fields of a form as the provider posts it, empty ones too."""
    return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))


def read_report(kind: str, body: bytes) -> Report:
    """A status callback in our words; `kind` is 'message' or 'call'. A word we do not know is `unknown`."""
    form = read_form(body)
    return _call_report(form) if kind == "call" else _text_report(form)


def _text_report(form: Mapping[str, str]) -> Report:
    word, code = form.get("MessageStatus", ""), _code(form)
    meaning = _MESSAGE_WORDS.get(word, "unknown")
    return Report(
        meaning="impossible" if meaning == "not_reached" and code in PERMANENT | OPTED_OUT else meaning,
        word=word or "none",
        error=str(code or word),
        provider_id=form.get("MessageSid"),
        opted_out=meaning == "not_reached" and code in OPTED_OUT,
    )


def _call_report(form: Mapping[str, str]) -> Report:
    """A call's state; or, in a form without one, who took the call (asynchronous answering machine detection)."""
    taken_by = form.get("AnsweredBy", "")
    word, code = form.get("CallStatus", ""), _code(form)
    outcome = _outcome(word, form)
    meaning = _CALL_WORDS.get(word, "handed_over" if taken_by and not word else "unknown")
    return Report(
        meaning="impossible" if outcome == "invalid" else meaning,
        word=word or taken_by or "none",
        error=str(code or word),
        provider_id=form.get("CallSid"),
        call_outcome=outcome,
        records=taken_by.startswith(_RECORDS) and not word,
    )


def _outcome(word: str, form: Mapping[str, str]) -> CallOutcome | None:
    sip = form.get("SipResponseCode", "")
    match word:
        case "busy":
            return "rejected" if sip == _DECLINED else "busy"
        case "no-answer":
            return "no_answer"
        case "failed":
            return "invalid" if sip in _NO_SUCH_NUMBER or _code(form) in PERMANENT else "unreachable"
        case "completed" | "" if form.get("AnsweredBy", "").startswith(_MACHINES):
            return "voicemail"
        case "completed":
            return "answered"
    return None


def _code(form: Mapping[str, str]) -> int:
    """The provider's error code; 0 where there is none."""
    code = form.get("ErrorCode", "")
    return int(code) if code.isascii() and code.isdigit() else 0
