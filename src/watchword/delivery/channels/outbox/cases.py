"""What the mail room's folder answers, and what that means.

`raw` is the error's name, `to` the moment at which the disk says so: before the letter has its name, or after. A folder
refuses no address for ever, asks nobody to wait and talks no nonsense: it has no case of those situations.
"""

from collections.abc import Mapping

from watchword.delivery.channels.cases import AnswerCase, Cases
from watchword.delivery.records import Accepted, Refused, Unknown

BEFORE_ITS_NAME, AFTER_ITS_NAME = "before", "after"

CASES: Mapping[str, Cases] = {
    "outbox": Cases(
        answers=(
            AnswerCase(situation="accepted", channel="letter", raw=b"", means=Accepted(provider_id=None)),
            AnswerCase(
                situation="refused_for_now",
                channel="letter",
                to=BEFORE_ITS_NAME,
                raw=b"ENOSPC",
                means=Refused(code="ENOSPC", permanent=False),
            ),
            AnswerCase(
                situation="unavailable",
                channel="letter",
                to=BEFORE_ITS_NAME,
                raw=b"ENOENT",
                means=Refused(code="ENOENT", permanent=False),
            ),
            AnswerCase(
                situation="broken",
                channel="letter",
                to=AFTER_ITS_NAME,
                raw=b"EIO",
                means=Unknown(code="EIO"),
            ),
        )
    )
}
