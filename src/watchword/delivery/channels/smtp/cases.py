"""What mail servers answer, and what it means. Bounces have tests of their own."""

from collections.abc import Mapping

from watchword.delivery.channels.cases import AnswerCase, Cases
from watchword.delivery.records import Accepted, Refused, Unknown

_END = "\r\n.\r\n"  # the end of the content

CASES: Mapping[str, Cases] = {
    "smtp": Cases(
        answers=(
            AnswerCase(
                situation="accepted",
                channel="email",
                to=_END,
                raw=b"250 2.0.0 Ok: queued as 4F1B\r\n",
                means=Accepted(provider_id=None),
            ),
            AnswerCase(
                situation="refused_for_ever",
                channel="email",
                to="RCPT",
                raw=b"550 5.1.1 User unknown\r\n",
                means=Refused(code="5.1.1", permanent=True),
            ),
            AnswerCase(
                situation="refused_for_now",
                channel="email",
                to="RCPT",
                raw=b"452 4.2.2 Mailbox full\r\n",
                means=Refused(code="4.2.2", permanent=False, of_address=True),
            ),
            AnswerCase(
                situation="too_many",
                channel="email",
                to="MAIL",
                raw=b"451 4.7.1 Too many messages\r\n",
                means=Refused(code="4.7.1", permanent=False),
            ),
            AnswerCase(
                situation="unavailable",
                channel="email",
                to="MAIL",
                raw=b"421 4.3.2 Closing\r\n",
                means=Refused(code="4.3.2", permanent=False),
            ),
            AnswerCase(
                situation="broken",
                channel="email",
                to=_END,
                raw=b"451 4.3.0 Queue file write error\r\n",
                means=Refused(code="4.3.0", permanent=False),
            ),
            AnswerCase(
                situation="garbage",
                channel="email",
                to=_END,
                raw=b"\x00\xff{{{ what?\r\n",
                means=Unknown(code="unreadable_answer"),
            ),
        ),
    ),
}
