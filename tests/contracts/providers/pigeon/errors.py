"""What the loft's refusals mean."""

from watchword.delivery.records import Refused, Result, Unknown


def refusal(status: int) -> Result:
    """410: nobody lives there any more. 429 and 503: the pigeons are tired. 500: one may have flown all the same."""
    word = f"http_{status}"
    match status:
        case 410:
            return Refused(code=word, permanent=True)
        case 429 | 503 | 401:
            return Refused(code=word, permanent=False)
        case _:
            return Unknown(code=word)
