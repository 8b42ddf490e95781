"""Where sources' own systems send their rosters and single changes. Nothing is read before the key has been checked.

Whoever has no key of the source gets one and the same answer, whether or not there is such a source.
"""

import base64
import binascii
import re
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router, Schema

from watchword import pipeline
from watchword.api.opening import KeyOfSource
from watchword.api.problems import REFUSALS, Problem, ProblemError
from watchword.api.repeating import request_key
from watchword.core.clock import now
from watchword.feeds.models import Roster, Source
from watchword.feeds.receiving import RosterTooLargeError, brought_in, note

_JSON = ("application/json", "application/x-ndjson", "application/ndjson", "application/jsonl")
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/=]+):")


router = Router(tags=["sources"], auth=KeyOfSource())


class TakenRoster(Schema):
    """It is on our disk; what changed is found and told after the answer."""

    roster: int
    duplicate: bool
    bytes: int
    sha256: str


def _body(*of_json: str) -> dict[str, Any]:
    """The description of a body that is read as it comes, by hand: any size takes the same memory."""
    rows = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    return {"requestBody": {"content": rows | {kind: {"schema": {}} for kind in of_json}}}


_ANSWERS: dict[Any, Any] = {202: TakenRoster, **REFUSALS, frozenset({411, 415}): Problem}


@router.post(
    "/{name}/rosters",
    response=_ANSWERS,
    operation_id="send_roster",
    openapi_extra=_body(),
)
def rosters(request: HttpRequest, name: str) -> HttpResponse:
    """One complete listing, as the body. It is on our disk, encrypted, when 202 is answered; comparing it comes after.

    The same bytes again are a beat of the source's rhythm and change nothing, so a sender may always try again.
    """
    return _receive(request, Roster.Shape.LISTING)


@router.post(
    "/{name}/changes",
    response=_ANSWERS,
    operation_id="send_changes",
    openapi_extra=_body(*_JSON),
)
def changes(request: HttpRequest, name: str) -> HttpResponse:
    """Single changes, as the body: JSON objects, or rows as the mapping describes them. Kept and answered as a listing
    is.
    """
    is_json = (request.content_type or "") in _JSON
    return _receive(request, Roster.Shape.JSON_CHANGES if is_json else Roster.Shape.CHANGES)


def _receive(request: HttpRequest, shape: Roster.Shape) -> HttpResponse:
    length = request.headers.get("Content-Length", "")
    if not length.isdigit():
        raise ProblemError(
            411, "Say how long the body is (Content-Length), so that a cut one is not taken for whole."
        )
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise ProblemError(415, "Send it unpacked.")
    source: Source = request.auth  # type: ignore[attr-defined] # KeyOfSource put it there
    try:
        return _take(source, request, int(length), shape, request_key(request))
    except RosterTooLargeError as error:
        raise ProblemError(413, str(error)) from None
    except OSError:  # the sender has gone
        raise ProblemError(400, "It did not come whole. Send it again.") from None


def _take(
    source: Source, request: HttpRequest, length: int, shape: Roster.Shape, key: str | None
) -> HttpResponse:
    with brought_in(source, request) as kept:
        if kept.size != length:
            raise ProblemError(400, f"{kept.size} of {length} bytes came: nothing was taken. Send it again.")
        if not _is_as_sent(request, kept.sha256):
            raise ProblemError(
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


def _is_as_sent(request: HttpRequest, sha256: bytes) -> bool:
    """Whether the bytes are those that the sender names (RFC 9530), if it names any."""
    named = _DIGEST.search(request.headers.get("Content-Digest", ""))
    try:
        return named is None or base64.b64decode(named[1], validate=True) == sha256
    except binascii.Error:
        return False
