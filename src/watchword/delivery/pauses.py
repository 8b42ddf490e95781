"""Places where a crash test can stop a process dead.

WATCHWORD_PAUSE_AT names one; the process that comes there stops as by Ctrl-Z, and the test kills it. Between them lie
all the moments that matter: `claimed` (before the claim is committed), `attempted` (after that, before the call),
`handed_over` (the provider answered, nothing is written), `recorded` (written, not committed), `completed`.
"""

import os
import signal

_PAUSE_AT = os.environ.get("WATCHWORD_PAUSE_AT", "")


def pause(point: str) -> None:
    """Stop here if the test asked for this point."""
    if point == _PAUSE_AT:
        os.kill(os.getpid(), signal.SIGSTOP)
