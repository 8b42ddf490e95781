"""What the loft answers and reports, and what it means."""

from collections.abc import Mapping

from watchword.delivery.channels.cases import AnswerCase, Cases, ListCase, ReceiptCase, Situation, http
from watchword.delivery.records import Accepted, Found, NoAnswer, NotFound, Refused, Result, Unknown

_ANSWERS: tuple[tuple[Situation, bytes, Result], ...] = (
    ("accepted", http("201 Created", '{"ring": "P1"}'), Accepted(provider_id="P1")),
    ("refused_for_ever", http("410 Gone"), Refused(code="http_410", permanent=True)),
    ("refused_for_now", http("401 Unauthorized"), Refused(code="http_401", permanent=False)),
    ("too_many", http("429 Too Many Requests"), Refused(code="http_429", permanent=False)),
    ("unavailable", http("503 Service Unavailable"), Refused(code="http_503", permanent=False)),
    ("broken", http("500 Internal Server Error"), Unknown(code="http_500")),
    ("garbage", http("201 Created", "coo coo"), Unknown(code="unreadable_answer")),
)

CASES: Mapping[str, Cases] = {
    "pigeon": Cases(
        answers=tuple(
            AnswerCase(situation=situation, channel="text", raw=raw, means=means)
            for situation, raw, means in _ANSWERS
        ),
        lists=(
            ListCase(channel="text", raw=http("200 OK", '{"ring": "P1"}'), means=Found(provider_ids=("P1",))),
            ListCase(channel="text", raw=http("404 Not Found"), means=NotFound()),
            ListCase(channel="text", raw=http("500 Internal Server Error"), means=NoAnswer()),
        ),
        receipts=(
            ReceiptCase(kind="pigeon", raw=b'{"word": "flying", "ring": "P1"}', means="handed_over"),
            ReceiptCase(kind="pigeon", raw=b'{"word": "landed", "ring": "P1"}', means="delivered"),
            ReceiptCase(kind="pigeon", raw=b'{"word": "lost", "ring": "P1"}', means="not_reached"),
            ReceiptCase(kind="pigeon", raw=b'{"word": "eaten"}', means="unknown"),
            ReceiptCase(kind="pigeon", raw=b"coo", means="unknown"),
        ),
    )
}
