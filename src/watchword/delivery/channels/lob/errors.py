"""What Lob's refusals mean for a letter (its "Errors"). What is in no table may be our account: it is tried again."""

from watchword.delivery.records import Refused, Result, Unknown

_PERMANENT = frozenset(
    {
        "address_length_exceeds_limit",  # its street lines are too long together
        "failed_deliverability_strictness",  # the postal service knows no such address, and our account wants one
        "invalid_international_feature",  # no letters go to that country
    }
)
_MAY_HAVE_TAKEN_IT = (408, 409)
"""It took too long over it; or it has the same request under way."""


def refusal(status: int, code: str, retry_after: float | None = None) -> Result:
    """What an answer other than 2xx to a request to print means.

    `code` is Lob's own, '' where it gave none. With a 5xx "the request may or may not have been properly received",
    but for 503, which says that nobody is at work.
    """
    word = code or f"http_{status}"
    if (status >= 500 and status != 503) or status in _MAY_HAVE_TAKEN_IT:
        return Unknown(code=word)
    return Refused(code=word, permanent=code in _PERMANENT, retry_after=retry_after)
