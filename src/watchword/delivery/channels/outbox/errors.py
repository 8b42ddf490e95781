"""What it means when a letter cannot be written: always us, never the address."""

import errno

from watchword.delivery.records import Refused, Unknown


def refusal(error: OSError) -> Refused:
    """The letter has no name yet. A full disk or a missing folder may be put right, so it is tried again."""
    return Refused(code=_word(error), permanent=False)


def doubt(error: OSError) -> Unknown:
    """The letter has its name, and the mail room may have it; whether it outlasts a power failure nobody knows."""
    return Unknown(code=_word(error))


def _word(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, "OSError")
