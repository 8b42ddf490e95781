"""Days as the commands about the law are given them."""

from datetime import date

from watchword.core.errors import WatchwordError


def day(text: str) -> date:
    """The day that an option says; WatchwordError where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WatchwordError(f"{text!r} is no day; write it as 2019-09-09.") from None
