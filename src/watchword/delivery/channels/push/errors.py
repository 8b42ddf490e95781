"""What an endpoint's status code means for a delivery.

Every endpoint is a machine of its own: what one of them does says nothing of the others, nor of us. Only 410 is for
ever; all else, a wrong address or a lost secret among it, is put right some day, and what waited goes out then.
"""

from watchword.delivery.records import Accepted, Refused, Result, Unknown

_LONGEST_WAIT_SECONDS = 3600.0
"""However long an endpoint asks us to wait."""


def meaning(status: int, retry_after: str | None = None) -> Result:
    """What this status means; `retry_after` is that header. A redirect is not followed: it is a refusal."""
    if 200 <= status < 300:
        return Accepted(provider_id=None)
    word = f"http_{status}"
    if status == 410:
        return Refused(code=word, permanent=True, opted_out=True)
    if status >= 500 and status != 503:
        return Unknown(code=word, of_address=True)
    return Refused(code=word, permanent=False, of_address=True, retry_after=_seconds(retry_after))


def _seconds(retry_after: str | None) -> float | None:
    """Retry-After as seconds, none too many; None where it is missing or a date."""
    if not retry_after or not retry_after.isascii() or not retry_after.isdigit():
        return None
    return min(float(retry_after), _LONGEST_WAIT_SECONDS)
