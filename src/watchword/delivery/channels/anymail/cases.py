"""What a provider behind anymail answers, Postmark for all of them, and what it means. Its webhooks have tests of their
own (tests/integration/delivery/test_anymail.py)."""

from collections.abc import Mapping

from watchword.delivery.channels.cases import AnswerCase, Cases, http
from watchword.delivery.records import Accepted, Refused, Unknown

_SENT = '{"To": "reader@example.org", "MessageID": "b7bc2f4a-e38e", "ErrorCode": 0, "Message": "OK"}'
_INVALID = '{"ErrorCode": 300, "Message": "Invalid \'To\' address: \'reader@example.org\'."}'
_INACTIVE = (
    '{"ErrorCode": 406, "Message": "You tried to send to recipient(s) that have been marked as inactive. '
    'Found inactive addresses: reader@example.org. Inactive recipients are ones that have bounced."}'
)

CASES: Mapping[str, Cases] = {
    "postmark": Cases(
        answers=(
            AnswerCase(
                situation="accepted",
                channel="email",
                raw=http("200 OK", _SENT),
                means=Accepted(provider_id="b7bc2f4a-e38e"),
            ),
            AnswerCase(
                situation="refused_for_ever",
                channel="email",
                raw=http("422 Unprocessable Entity", _INVALID),
                means=Refused(code="invalid", permanent=True),
            ),
            AnswerCase(
                situation="refused_for_ever",
                channel="email",
                raw=http("422 Unprocessable Entity", _INACTIVE),
                means=Refused(code="rejected", permanent=True),
            ),
            AnswerCase(
                situation="refused_for_now",
                channel="email",
                raw=http("422 Unprocessable Entity", '{"ErrorCode": 405, "Message": "Not allowed to send"}'),
                means=Refused(code="http_422", permanent=False),
            ),
            AnswerCase(
                situation="refused_for_now",  # a wrong key is our fault, and not the address's
                channel="email",
                raw=http("401 Unauthorized", '{"ErrorCode": 10, "Message": "No or incorrect API token"}'),
                means=Refused(code="http_401", permanent=False),
            ),
            AnswerCase(
                situation="too_many",
                channel="email",
                raw=http("429 Too Many Requests", "{}", "Retry-After: 30"),
                means=Refused(code="http_429", permanent=False, retry_after=30.0),
            ),
            AnswerCase(
                situation="unavailable",
                channel="email",
                raw=http("503 Service Unavailable", "", "Retry-After: 7"),
                means=Refused(code="http_503", permanent=False, retry_after=7.0),
            ),
            AnswerCase(
                situation="broken",
                channel="email",
                raw=http("500 Internal Server Error"),
                means=Unknown(code="http_500"),
            ),
            AnswerCase(
                situation="garbage",
                channel="email",
                raw=http("200 OK", "gar<bage"),
                means=Unknown(code="http_200"),
            ),
            AnswerCase(
                situation="garbage",
                channel="email",
                raw=http("200 OK", "{}"),
                means=Unknown(code="http_200"),
            ),
        ),
    ),
}
