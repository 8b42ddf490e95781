"""What Lob answers and reports, as its documentation shows it, and what it means."""

import json
from collections.abc import Mapping

from watchword.delivery.channels.cases import (
    SOUGHT_REFERENCE,
    AnswerCase,
    Cases,
    ListCase,
    ReceiptCase,
    Situation,
    http,
)
from watchword.delivery.records import (
    Accepted,
    Found,
    Meaning,
    NoAnswer,
    NotFound,
    Refused,
    Result,
    Unknown,
)

_JSON = "Content-Type: application/json; charset=utf-8"


def _error(status: str, code: str, *headers: str) -> bytes:
    number = int(status.split()[0])
    body = {"error": {"message": "Words for people.", "status_code": number, "code": code}}
    return http(status, json.dumps(body), _JSON, *headers)


def _letter(number: str, reference: str | None = str(SOUGHT_REFERENCE)) -> dict[str, object]:
    return {
        "id": number,
        "metadata": {"reference": reference} if reference else {},
        "url": f"https://lob-assets.com/letters/{number}.pdf",
        "tracking_events": [],
        "expected_delivery_date": "2026-03-06",
        "object": "letter",
    }


_ANSWERS: tuple[tuple[Situation, bytes, Result], ...] = (
    ("accepted", http("200 OK", json.dumps(_letter("ltr_1")), _JSON), Accepted(provider_id="ltr_1")),
    (
        "refused_for_ever",
        _error("422 Unprocessable Entity", "failed_deliverability_strictness"),
        Refused(code="failed_deliverability_strictness", permanent=True),
    ),
    (
        "refused_for_now",
        _error("401 Unauthorized", "invalid_api_key"),
        Refused(code="invalid_api_key", permanent=False),
    ),
    (
        "refused_for_now",
        _error(
            "422 Unprocessable Entity", "invalid", "ratelimit-remaining: 149", "ratelimit-reset: 1772366405"
        ),
        Refused(code="invalid", permanent=False),
    ),
    (
        "too_many",
        _error("429 Too Many Requests", "rate_limit_exceeded", "ratelimit-reset: 9999999999"),
        Refused(code="rate_limit_exceeded", permanent=False, retry_after=600),
    ),
    (
        "unavailable",
        _error("503 Service Unavailable", "service_unavailable"),
        Refused(code="service_unavailable", permanent=False),
    ),
    (
        "broken",
        _error("500 Internal Server Error", "internal_server_error"),
        Unknown(code="internal_server_error"),
    ),
    ("broken", http("502 Bad Gateway", "<html>"), Unknown(code="http_502")),
    ("broken", _error("408 Request Timeout", "request_timeout"), Unknown(code="request_timeout")),
    ("garbage", http("200 OK", "[1]"), Unknown(code="unreadable_answer")),
)


def _list(*letters: dict[str, object]) -> bytes:
    body = {"data": letters, "object": "list", "next_url": None, "previous_url": None, "count": len(letters)}
    return http("200 OK", json.dumps(body), _JSON)


_LISTS = (
    # The newest come first.
    ListCase(
        channel="letter",
        raw=_list(_letter("ltr_3"), _letter("ltr_2", "another's"), _letter("ltr_1"), _letter("ltr_0", None)),
        means=Found(provider_ids=("ltr_1", "ltr_3")),
    ),
    ListCase(channel="letter", raw=_list(_letter("ltr_2", "another's")), means=NotFound()),
    ListCase(channel="letter", raw=_list(), means=NotFound()),
    ListCase(channel="letter", raw=http("500 Internal Server Error"), means=NoAnswer()),
    ListCase(channel="letter", raw=http("200 OK", "<html>"), means=NoAnswer()),
    ListCase(channel="letter", raw=http("200 OK", '{"data": [{"id": "ltr_1"}]}', _JSON), means=NoAnswer()),
)


def _event(word: str, means: Meaning) -> ReceiptCase:
    event = {
        "id": "evt_1",
        "body": _letter("ltr_1"),
        "reference_id": "ltr_1",
        "event_type": {"id": word, "enabled_for_test": True, "resource": "letters", "object": "event_type"},
        "date_created": "2026-03-02T17:12:37.060Z",
        "object": "event",
    }
    return ReceiptCase(kind="letter", raw=json.dumps(event).encode(), means=means)


CASES: Mapping[str, Cases] = {
    "lob": Cases(
        answers=tuple(
            AnswerCase(situation=situation, channel="letter", raw=raw, means=means)
            for situation, raw, means in _ANSWERS
        ),
        lists=_LISTS,
        receipts=(
            _event("letter.created", "handed_over"),
            _event("letter.in_transit", "handed_over"),
            _event("letter.re-routed", "handed_over"),
            _event("letter.delivered", "delivered"),
            _event("letter.returned_to_sender", "impossible"),
            _event("letter.failed", "impossible"),
            _event("letter.vaporised", "unknown"),
            ReceiptCase(kind="letter", raw=b'{"event_type": {"id": "letter.mailed"}}', means="unknown"),
            ReceiptCase(kind="letter", raw=b"[]", means="unknown"),
            ReceiptCase(kind="letter", raw=b"\xff", means="unknown"),
        ),
    )
}
