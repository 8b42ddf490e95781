"""What the provider's error codes mean for a delivery.

Codes: the provider's "Error and Warning Dictionary". What is not in the tables may be our own configuration or a
passing fault: it is tried again, and the desk hears of it when the notice is not confirmed in time.
"""

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


def refusal(status: int, code: int, retry_after: float | None = None) -> Result:
    """What an answer other than 2xx to a request to send means.

    `code` is the provider's own, 0 where it gave none. A 5xx but 503 may come from a machine in front of one that has
    already taken the message: that is an unknown outcome, not a refusal.
    """
    word = str(code or f"http_{status}")
    if status >= 500 and status != 503:
        return Unknown(code=word)
    if code in OPTED_OUT:
        return Refused(code=word, permanent=True, opted_out=True)
    return Refused(code=word, permanent=code in PERMANENT, retry_after=retry_after)
