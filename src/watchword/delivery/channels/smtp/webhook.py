"""What mail systems tell us later, in our words: the mails that come back (bounces.py), by whichever way they came."""

from collections.abc import Mapping
from email import message_from_bytes

from watchword.delivery.channels.smtp.bounces import Kind, classify
from watchword.delivery.records import Meaning, Report

_MEANINGS: Mapping[Kind, Meaning] = {
    "dead": "impossible",
    "refused": "not_reached",
    "delayed": "no_news",  # the mail system goes on trying
    "delivered": "delivered",
    "complaint": "no_news",  # it arrived; the contact point is stopped
    "auto_reply": "no_news",
    "unknown": "unknown",
}


def read_report(kind: str, raw: bytes) -> Report:
    """What a mail that came back says; `kind` is 'bounce'."""
    bounce = classify(message_from_bytes(raw))
    return Report(
        meaning=_MEANINGS[bounce.kind],
        word=bounce.kind,
        error=bounce.code or bounce.kind,
        opted_out=bounce.kind == "complaint",
    )
