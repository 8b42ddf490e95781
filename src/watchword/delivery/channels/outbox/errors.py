"""What it means when a letter cannot be written: always us, never the address."""

import errno

from watchword.delivery.records import Refused


def refusal(error: OSError) -> Refused:
    """The refusal that this failure means: a full disk or a missing folder may be put right, so it is tried again."""
    return Refused(code=errno.errorcode.get(error.errno or 0, "OSError"), permanent=False)
