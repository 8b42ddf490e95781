"""What the provider's error codes mean for a delivery.

Codes: the provider's "Error and Warning Dictionary". What is not in the tables may be our own configuration or a
passing fault: it is tried again, and the desk hears of it when the notice is not confirmed in time.
"""

from watchword.delivery.channels.twilio.dialects import Dialect
from watchword.delivery.records import Refused, Result, Unknown

OPTED_OUT = frozenset({21610})  # the person has sent STOP to the provider, which blocks us on its own

PERMANENT = frozenset(
    {
        13223,  # invalid phone number format
        13224,  # invalid phone number
        13225,  # forbidden number
        21211,  # invalid 'To' number
        21214,  # 'To' number cannot be reached
        21217,  # does not look like a phone number
        21265,  # 'To' number cannot be a short code
        21612,  # no route to this number for texts
        21614,  # not a mobile number
        30004,  # the person's operator blocks texts to it
        30005,  # no such number, or no longer in service
        30006,  # a landline, or an operator without texts
    }
)


def is_opted_out(code: str) -> bool:
    """Whether the provider blocks us, because the person has told it so."""
    return code.isdecimal() and int(code) in OPTED_OUT


def is_permanent(dialect: Dialect, code: str) -> bool:
    """Whether this number cannot be reached by it, now or later."""
    return code in dialect.unreachable or (code.isdecimal() and int(code) in PERMANENT)


def refusal(dialect: Dialect, status: int, code: str, retry_after: float | None = None) -> Result:
    """What an answer other than 2xx to a request to send means.

    `code` is the provider's own, empty where it gave none. A 5xx but 503 may come from a machine in front of one that
    has already taken the message: that is an unknown outcome, not a refusal.
    """
    word = code or f"http_{status}"
    if status >= 500 and status != 503:
        return Unknown(code=word)
    if is_opted_out(code):
        return Refused(code=word, permanent=True, opted_out=True)
    return Refused(code=word, permanent=is_permanent(dialect, code), retry_after=retry_after)
