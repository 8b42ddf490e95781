"""What endpoints answer, and what that means."""

from collections.abc import Mapping

from watchword.delivery.channels.cases import AnswerCase, Cases, http
from watchword.delivery.records import Accepted, Refused, Unknown


def _refused(code: str, retry_after: float | None = None) -> Refused:
    return Refused(code=code, permanent=False, of_address=True, retry_after=retry_after)


CASES: Mapping[str, Cases] = {
    "push": Cases(
        answers=(
            AnswerCase(
                situation="accepted",
                channel="push",
                raw=http("200 OK", "{}"),
                means=Accepted(provider_id=None),
            ),
            AnswerCase(
                situation="accepted",
                channel="push",
                raw=http("204 No Content"),
                means=Accepted(provider_id=None),
            ),
            AnswerCase(
                situation="refused_for_ever",
                channel="push",
                raw=http("410 Gone"),
                means=Refused(code="http_410", permanent=True, opted_out=True),
            ),
            AnswerCase(
                situation="refused_for_now",
                channel="push",
                raw=http("404 Not Found"),
                means=_refused("http_404"),
            ),
            AnswerCase(
                situation="refused_for_now",
                channel="push",
                raw=http("301 Moved Permanently", "", "Location: http://127.0.0.1:1/elsewhere"),
                means=_refused("http_301"),
            ),
            AnswerCase(
                situation="too_many",
                channel="push",
                raw=http("429 Too Many Requests", "", "Retry-After: 30"),
                means=_refused("http_429", retry_after=30),
            ),
            AnswerCase(
                situation="too_many",
                channel="push",
                raw=http("429 Too Many Requests", "", "Retry-After: 99999999"),
                means=_refused("http_429", retry_after=3600),
            ),
            AnswerCase(
                situation="unavailable",
                channel="push",
                raw=http("503 Service Unavailable", "", "Retry-After: Wed, 21 Oct 2026 07:28:00 GMT"),
                means=_refused("http_503"),
            ),
            AnswerCase(
                situation="broken",
                channel="push",
                raw=http("500 Internal Server Error"),
                means=Unknown(code="http_500", of_address=True),
            ),
            AnswerCase(
                situation="garbage",
                channel="push",
                raw=b"HELO\r\n\r\n",
                means=Unknown(code="ClientResponseError", of_address=True),
            ),
        )
    )
}
