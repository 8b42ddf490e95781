"""Where sources' own systems send their rosters. Nothing is read before the key has been checked.

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
from watchword.feeds.receiving import RosterTooLargeError, brought_in, note

_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/=]+):")


@csrf_exempt
@require_POST
def rosters(request: HttpRequest, name: str) -> HttpResponse:
    """One complete listing, as the body. It is on our disk, encrypted, when 202 is answered; comparing it comes after.

    The same bytes again are a beat of the source's rhythm and change nothing, so a sender may always try again.
    """
    source = source_opened_by(_key(request), name)
    if source is None:
        refused = _problem(401, "Show a key of this source: Authorization: Bearer wwsk_...")
        refused["WWW-Authenticate"] = "Bearer"
        return refused
    length = request.headers.get("Content-Length", "")
    if not length.isdigit():
        return _problem(
            411, "Say how long the file is (Content-Length), so that a cut one is not taken for whole."
        )
    if request.headers.get("Content-Encoding", "identity") != "identity":
        return _problem(415, "Send the file unpacked.")
    try:
        return _take(source, request, int(length))
    except RosterTooLargeError as error:
        return _problem(413, str(error))
    except OSError:  # the sender has gone
        return _problem(400, "The file did not come whole. Send it again.")


def _take(source: Source, request: HttpRequest, length: int) -> HttpResponse:
    with brought_in(source, request) as kept:
        if kept.size != length:
            return _problem(
                400, f"{kept.size} of {length} bytes came: nothing was taken. Send the file again."
            )
        if not _is_as_sent(request, kept.sha256):
            return _problem(
                400, "The file is not the one that Content-Digest names: nothing was taken. Send it again."
            )
        roster = note(source, kept, now())
    if roster.stage == Roster.Stage.DONE:
        pipeline.take_on(roster)  # a beat; what is new is taken on by the intake
    return JsonResponse(
        {"roster": roster.pk, "duplicate": roster.outcome == Roster.Outcome.DUPLICATE, "bytes": kept.size}
        | {"sha256": kept.sha256.hex()},
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
