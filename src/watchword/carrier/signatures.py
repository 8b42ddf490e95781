"""How a customer knows that a webhook comes from the carrier.

X-Twilio-Signature, of texts and calls: HMAC-SHA1, keyed with the account's token, over the URL followed by each form
parameter's name and value in order of the names; base64. Published by Twilio as "Validating requests", with a test
vector that our tests hold.

Lob-Signature, of letters: HMAC-SHA256, keyed with the account's token here as well, over the timestamp, a full stop and
the body; hexadecimal.
"""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Mapping

from watchword.core import clock

HEADER = "X-Twilio-Signature"


def signature(token: str, url: str, params: Mapping[str, str]) -> str:
    """The header's value for a request to `url`, which includes its query string; `params` is empty for GET."""
    text = url + "".join(name + params[name] for name in sorted(params))
    return b64encode(hmac.digest(token.encode(), text.encode(), hashlib.sha1)).decode()


def event_signature(token: str, body: bytes) -> dict[str, str]:
    """The headers of an event with this body, sent now."""
    sent_at = str(int(clock.now().timestamp() * 1000))
    given = hmac.digest(token.encode(), f"{sent_at}.".encode() + body, hashlib.sha256).hex()
    return {"Lob-Signature": given, "Lob-Signature-Timestamp": sent_at}
