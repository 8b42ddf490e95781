"""Where sources' own systems send their rosters and single changes. Nothing is read before the key has been checked.

Whoever has no key of the source gets one and the same answer, whether or not there is such a source.
"""

import base64
import binascii
import re

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from watchword import pipeline
from watchword.core.clock import now
from watchword.feeds.keys import source_opened_by
from watchword.feeds.models import Roster, Source
from watchword.feeds.receiving import KeyUsedError, RosterTooLargeError, brought_in, note

_JSON = ("application/json", "application/x-ndjson", "application/ndjson", "application/jsonl")
_REQUEST_KEY = re.compile(r"[!-~]{1,255}")
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/=]+):")


@csrf_exempt
@require_POST
def rosters(request: HttpRequest, name: str) -> HttpResponse:
    """One complete listing, as the body. It is on our disk, encrypted, when 202 is answered; comparing it comes after.

    The same bytes again are a beat of the source's rhythm and change nothing, so a sender may always try again.
    """
    return _receive(request, name, Roster.Shape.LISTING)


@csrf_exempt
@require_POST
def changes(request: HttpRequest, name: str) -> HttpResponse:
    """Single changes, as the body: JSON objects, or rows as the mapping describes them. Kept and answered as a listing
    is.
    """
    is_json = (request.content_type or "") in _JSON
    return _receive(request, name, Roster.Shape.JSON_CHANGES if is_json else Roster.Shape.CHANGES)


def _receive(request: HttpRequest, name: str, shape: Roster.Shape) -> HttpResponse:
    source = source_opened_by(_key(request), name)
    if source is None:
        refused = _problem(401, "Show a key of this source: Authorization: Bearer wwsk_...")
        refused["WWW-Authenticate"] = "Bearer"
        return refused
    length = request.headers.get("Content-Length", "")
    if not length.isdigit():
        return _problem(
            411, "Say how long the body is (Content-Length), so that a cut one is not taken for whole."
        )
    if request.headers.get("Content-Encoding", "identity") != "identity":
        return _problem(415, "Send it unpacked.")
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _REQUEST_KEY.fullmatch(key):
        return _problem(400, "An Idempotency-Key has 1 to 255 characters that can be seen, and no spaces.")
    try:
        return _take(source, request, int(length), shape, key)
    except RosterTooLargeError as error:
        return _problem(413, str(error))
    except KeyUsedError as error:
        return _problem(422, str(error))
    except OSError:  # the sender has gone
        return _problem(400, "It did not come whole. Send it again.")


def _take(
    source: Source, request: HttpRequest, length: int, shape: Roster.Shape, key: str | None
) -> HttpResponse:
    with brought_in(source, request) as kept:
        if kept.size != length:
            return _problem(400, f"{kept.size} of {length} bytes came: nothing was taken. Send it again.")
        if not _is_as_sent(request, kept.sha256):
            return _problem(
                400, "The body is not the one that Content-Digest names: nothing was taken. Send it again."
            )
        received_at = now()
        noted = note(source, kept, received_at, shape=shape, request_key=key)
    is_new = noted.received_at == received_at  # else it was taken before, under this key
    if is_new and noted.stage == Roster.Stage.DONE:
        pipeline.take_on(noted)  # a beat; what is new is taken on by the intake
    return JsonResponse(
        {
            "roster": noted.pk,
            "duplicate": not is_new or noted.outcome == Roster.Outcome.DUPLICATE,
            "bytes": kept.size,
            "sha256": kept.sha256.hex(),
        },
        status=202,
    )


def _key(request: HttpRequest) -> str:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def _is_as_sent(request: HttpRequest, sha256: bytes) -> bool:
    """Whether the bytes are those that the sender names (RFC 9530), if it names any."""
    named = _DIGEST.search(request.headers.get("Content-Digest", ""))
    try:
        return named is None or base64.b64decode(named[1], validate=True) == sha256
    except binascii.Error:
        return False


def _problem(status: int, detail: str) -> HttpResponse:
    """An error as RFC 9457 writes it."""
    return JsonResponse(
        {"status": status, "detail": detail}, status=status, content_type="application/problem+json"
    )
