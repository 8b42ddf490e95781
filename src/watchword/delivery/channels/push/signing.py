"""A push as Standard Webhooks 1.0.0 has it: what it is known by, and what shows that it is ours and whole."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime

from watchword.core.signing import sign


def message_id(delivery: int, created_at: datetime) -> str:
    """The `webhook-id`: the same however often this is sent, so that a receiver can drop what it has already.

    A database that was restored gives out its numbers a second time. News must not be taken for a repeat then, so the
    moment at which the notice was written stands in it as well.
    """
    micros = int(created_at.timestamp() * 1_000_000)
    return f"msg_{sign('push', delivery << 64 | micros)}"


def signed_headers(name: str, at: datetime, body: bytes, keys: Sequence[bytes]) -> Mapping[str, str]:
    """The three headers, with a signature by each key: a receiver needs to know one of them.

    `name` holds no full stop, or somebody could move its end.
    """
    moment = str(int(at.timestamp()))
    content = b".".join((name.encode(), moment.encode(), body))
    signatures = (b64encode(hmac.digest(key, content, hashlib.sha256)).decode() for key in keys)
    return {
        "webhook-id": name,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
