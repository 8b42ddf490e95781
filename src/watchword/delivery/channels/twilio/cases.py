"""What Twilio, SignalWire and Telnyx answer and report, as their documentation shows it, and what it means."""

import json
from collections.abc import Mapping
from urllib.parse import urlencode

from watchword.delivery.channels.cases import (
    SOUGHT_MARK,
    AnswerCase,
    Cases,
    ListCase,
    ReceiptCase,
    http,
)
from watchword.delivery.records import Accepted, Found, NoAnswer, NotFound, Refused, Unknown

_JSON = "Content-Type: application/json"
_BEFORE, _AFTER = "Sat, 28 Feb 2026 12:00:00 +0000", "Sun, 01 Mar 2026 12:00:01 +0000"


def _answers(channel: str, sid: str) -> tuple[AnswerCase, ...]:
    return (
        AnswerCase(
            situation="accepted",
            channel=channel,
            raw=http("201 Created", json.dumps({"sid": sid, "status": "queued", "error_code": None}), _JSON),
            means=Accepted(provider_id=sid),
        ),
        AnswerCase(
            situation="refused_for_ever",
            channel=channel,
            raw=http("400 Bad Request", '{"code": 21211, "message": "Invalid To", "status": 400}', _JSON),
            means=Refused(code="21211", permanent=True),
        ),
        AnswerCase(
            situation="refused_for_ever",
            channel=channel,
            raw=http("400 Bad Request", '{"code": 21610, "message": "Unsubscribed", "status": 400}', _JSON),
            means=Refused(code="21610", permanent=True, opted_out=True),
        ),
        AnswerCase(
            situation="refused_for_now",
            channel=channel,
            raw=http("401 Unauthorized", '{"code": 20003, "message": "Authenticate", "status": 401}', _JSON),
            means=Refused(code="20003", permanent=False),
        ),
        AnswerCase(
            situation="too_many",
            channel=channel,
            raw=http("429 Too Many Requests", '{"code": 20429, "status": 429}', _JSON, "Retry-After: 7"),
            means=Refused(code="20429", permanent=False, retry_after=7),
        ),
        *_of_any_server(channel),
    )


def _of_any_server(channel: str) -> tuple[AnswerCase, ...]:
    return (
        AnswerCase(
            situation="unavailable",
            channel=channel,
            raw=http("503 Service Unavailable", "", "Retry-After: 3"),
            means=Refused(code="http_503", permanent=False, retry_after=3),
        ),
        AnswerCase(
            situation="broken",
            channel=channel,
            raw=http("500 Internal Server Error", '{"code": 20500, "status": 500}', _JSON),
            means=Unknown(code="20500"),
        ),
        AnswerCase(
            situation="garbage",
            channel=channel,
            raw=http("200 OK", "<html>\x00{{{", "Content-Type: text/html"),
            means=Unknown(code="unreadable_answer"),
        ),
    )


def _list(channel: str, *items: tuple[str, str, str | None]) -> bytes:
    name = "messages" if channel == "text" else "calls"
    written = [{"sid": sid, "date_created": at, "body": body} for sid, at, body in items]
    return http("200 OK", json.dumps({name: written, "page": 0}), _JSON)


def _unanswered(channel: str) -> tuple[ListCase, ...]:
    return (
        ListCase(channel=channel, raw=http("500 Internal Server Error"), means=NoAnswer()),
        ListCase(channel=channel, raw=http("200 OK", "<html>"), means=NoAnswer()),
        ListCase(
            channel=channel, raw=http("200 OK", '{"detail": "nothing of the kind"}', _JSON), means=NoAnswer()
        ),
    )


# The newest come first.
_TEXT_LISTS = (
    ListCase(
        channel="text",
        raw=_list(
            "text",
            ("SM3", _AFTER, "another's"),
            ("SM2", _AFTER, f"read it here: {SOUGHT_MARK}"),
            ("SM1", _BEFORE, f"read it here: {SOUGHT_MARK}"),
            ("SM0", _AFTER, None),
        ),
        means=Found(provider_ids=("SM2",)),
    ),
    ListCase(channel="text", raw=_list("text", ("SM3", _AFTER, "another's")), means=NotFound()),
    *_unanswered("text"),
)
_CALL_LISTS = (
    ListCase(
        channel="voice",
        raw=_list("voice", ("CA3", _AFTER, None), ("CA2", _AFTER, None), ("CA1", _BEFORE, None)),
        means=Found(provider_ids=("CA2", "CA3")),
    ),
    ListCase(channel="voice", raw=_list("voice", ("CA1", _BEFORE, None)), means=NotFound()),
    *_unanswered("voice"),
)


def _receipt(kind: str, means: str, **form: str) -> ReceiptCase:
    return ReceiptCase(kind=kind, raw=urlencode(form).encode(), means=means)  # type: ignore[arg-type]


_TEXT_RECEIPTS = (
    _receipt("message", "handed_over", MessageSid="SM1", MessageStatus="sent"),
    _receipt("message", "delivered", MessageSid="SM1", MessageStatus="delivered"),
    _receipt("message", "not_reached", MessageSid="SM1", MessageStatus="undelivered", ErrorCode="30003"),
    _receipt("message", "impossible", MessageSid="SM1", MessageStatus="failed", ErrorCode="30005"),
    _receipt("message", "unknown", MessageSid="SM1", MessageStatus="teleported"),
    ReceiptCase(kind="message", raw=b"\xff\x00 this is no form", means="unknown"),
    ReceiptCase(kind="message", raw=b"", means="unknown"),
)
_CALL_RECEIPTS = (
    _receipt("call", "handed_over", CallSid="CA1", CallStatus="ringing"),
    _receipt("call", "delivered", CallSid="CA1", CallStatus="completed", CallDuration="15"),
    _receipt("call", "not_reached", CallSid="CA1", CallStatus="busy"),
    _receipt("call", "unknown", CallSid="CA1", CallStatus="teleported"),
    ReceiptCase(kind="call", raw=b'{"CallStatus": "completed"}', means="unknown"),
)
_LIKE_TWILIO = Cases(
    answers=_answers("text", "SM1") + _answers("voice", "CA1"),
    lists=_TEXT_LISTS + _CALL_LISTS,
    receipts=_TEXT_RECEIPTS + _CALL_RECEIPTS,
)

CASES: Mapping[str, Cases] = {
    "twilio": _LIKE_TWILIO,
    "signalwire": _LIKE_TWILIO,
    "telnyx": Cases(
        answers=(
            AnswerCase(
                situation="accepted",
                channel="voice",
                raw=http("200 OK", '{"call_sid": "v3:CA1", "status": "queued"}', _JSON),
                means=Accepted(provider_id="v3:CA1"),
            ),
            AnswerCase(
                situation="refused_for_ever",
                channel="voice",
                raw=http(
                    "422 Unprocessable Entity", '{"errors": [{"code": "10016", "title": "Not E.164"}]}', _JSON
                ),
                means=Refused(code="10016", permanent=True),
            ),
            AnswerCase(
                situation="refused_for_now",
                channel="voice",
                raw=http(
                    "401 Unauthorized", '{"errors": [{"code": "10009", "title": "Authentication"}]}', _JSON
                ),
                means=Refused(code="10009", permanent=False),
            ),
            AnswerCase(
                situation="too_many",
                channel="voice",
                raw=http("429 Too Many Requests", '{"errors": [{"code": "10011"}]}', _JSON, "Retry-After: 7"),
                means=Refused(code="10011", permanent=False, retry_after=7),
            ),
            *_of_any_server("voice"),
        ),
        lists=_CALL_LISTS,
        receipts=_CALL_RECEIPTS,
    ),
}
