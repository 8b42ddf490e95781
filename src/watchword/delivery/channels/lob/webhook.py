"""What Lob tells us: events of a letter, signed. All come to one address, so our reference is in the event itself."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from watchword.core.clock import now
from watchword.delivery.records import Meaning, Report

REFERENCE = "reference"
"""The name under which a letter's metadata hold our reference."""

_TOLERANCE_SECONDS = 300
_SURELY_MILLISECONDS = 1e11  # in seconds, that is the year 5138

_WORDS: Mapping[str, Meaning] = {
    "letter.created": "handed_over",
    "letter.rendered_pdf": "handed_over",
    "letter.rendered_thumbnails": "handed_over",
    "letter.billed": "handed_over",
    "letter.mailed": "handed_over",
    "letter.in_transit": "handed_over",
    "letter.in_local_area": "handed_over",
    "letter.processed_for_delivery": "handed_over",
    "letter.re-routed": "handed_over",  # to where the person has moved
    "letter.delivered": "delivered",
    "letter.returned_to_sender": "impossible",
    "letter.failed": "impossible",  # it cannot be printed; the same letter never will be
    "letter.rejected": "impossible",
    "letter.deleted": "impossible",  # somebody at the office cancelled it there, and meant to
}


def is_genuine(request: HttpRequest) -> bool:
    """Whether Lob signed it, with the secret of our webhook there."""
    account = settings.WATCHWORD.lob
    return account is not None and signature_fits(
        account.signing_key,
        request.headers.get("Lob-Signature-Timestamp", ""),
        request.body,
        request.headers.get("Lob-Signature", ""),
    )


def signature_fits(secret: str, sent_at: str, body: bytes, given: str) -> bool:
    """Whether `given` is Lob's signature of this body, made in the last five minutes or the next.

    HMAC-SHA256 in hexadecimal over `<timestamp>.<body>`. The documentation does not say in what the timestamp counts;
    seconds and milliseconds cannot be mistaken for each other.
    """
    if not secret or not (sent_at.isascii() and sent_at.isdigit()):
        return False
    seconds = int(sent_at) / (1000 if int(sent_at) > _SURELY_MILLISECONDS else 1)
    if abs(now().timestamp() - seconds) > _TOLERANCE_SECONDS:
        return False
    expected = hmac.digest(secret.encode(), f"{sent_at}.".encode() + body, hashlib.sha256).hex()
    return hmac.compare_digest(expected.encode(), given.encode())


def read_report(kind: str, body: bytes) -> Report:
    """An event in our words; ValueError where it is none. A word we do not know is `unknown`."""
    event = json.loads(body)
    try:
        word, letter = str(event["event_type"]["id"]), event["body"]
        number = letter.get("id")
        reference = (letter.get("metadata") or {}).get(REFERENCE)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("It has no event_type or no body.") from error
    return Report(
        meaning=_WORDS.get(word, "unknown"),
        word=word or "none",
        error=word,
        provider_id=number if isinstance(number, str) else None,
        reference=_uuid(reference),
    )


def _uuid(given: object) -> UUID | None:
    try:
        return UUID(str(given))
    except ValueError:
        return None
