"""X-Twilio-Signature: how a customer knows that a webhook comes from the carrier.

HMAC-SHA1, keyed with the account's token, over the URL followed by each form parameter's name and value in order of
the names; base64. Published by Twilio as "Validating requests", with a test vector that our tests hold.
"""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Mapping

HEADER = "X-Twilio-Signature"


def signature(token: str, url: str, params: Mapping[str, str]) -> str:
    """The header's value for a request to `url`, which includes its query string; `params` is empty for GET."""
    text = url + "".join(name + params[name] for name in sorted(params))
    return b64encode(hmac.digest(token.encode(), text.encode(), hashlib.sha1)).decode()
