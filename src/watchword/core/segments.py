"""How many pieces a text is sent in, each of which is paid for."""

import smsutil


def segments(body: str) -> int:
    """The number of segments (GSM 03.38): 160 of its letters or 70 others in one, 153 or 67 each in several."""
    return max(1, len(smsutil.split(body).parts))
