"""What the provider tells us: signatures, and its words for states in ours."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Mapping

from watchword.delivery.channels.twilio.errors import OPTED_OUT, PERMANENT
from watchword.delivery.records import Report

_MESSAGE_WORDS: Mapping[str, str] = {
    "accepted": "handed_over",
    "scheduled": "handed_over",
    "queued": "handed_over",
    "sending": "handed_over",
    "sent": "handed_over",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "not_reached",
    "failed": "not_reached",
    "canceled": "not_reached",
}
_CALL_WORDS: Mapping[str, str] = {
    "queued": "handed_over",
    "initiated": "handed_over",
    "ringing": "handed_over",
    "in-progress": "handed_over",
    "completed": "delivered",  # somebody, or a machine, took the call
    "busy": "not_reached",
    "no-answer": "not_reached",
    "failed": "not_reached",
    "canceled": "not_reached",
}


def signature_fits(token: str, url: str, form: Mapping[str, str], given: str) -> bool:
    """Whether `given` (X-Twilio-Signature) is the provider's own for this request.

    HMAC-SHA1 under the account's token, over the URL as called (with its query) and each form parameter's name and
    value in the order of the names; published by the provider as "Validating requests". Constant time.
    """
    text = url + "".join(name + form[name] for name in sorted(form))
    expected = b64encode(hmac.digest(token.encode(), text.encode(), hashlib.sha1))
    return hmac.compare_digest(expected, given.encode())


def read_report(kind: str, form: Mapping[str, str]) -> Report:
    """A status callback in our words; `kind` is 'message' or 'call'. A word we do not know is `unknown`."""
    if kind == "call":
        word, words, provider_id = form.get("CallStatus", ""), _CALL_WORDS, form.get("CallSid")
    else:
        word, words, provider_id = form.get("MessageStatus", ""), _MESSAGE_WORDS, form.get("MessageSid")
    code = form.get("ErrorCode", "")
    meaning = words.get(word, "unknown")
    if meaning == "not_reached" and code.isdigit() and int(code) in PERMANENT | OPTED_OUT:
        meaning = "impossible"
    return Report(meaning=meaning, word=word or "none", error=code or word, provider_id=provider_id)
