"""Misbehaving on purpose: which request comes to what harm, and how often.

| kind | accepted? | what the client sees |
|---|---|---|
| server_error | no | 500 (mail: 451; SMPP: ESME_RSYSERR) |
| too_many | no | 429 with Retry-After (mail: 421; SMPP: ESME_RTHROTTLED) |
| refused (mail, SMPP) | no | 554; ESME_RSUBMITFAIL |
| hang | no | nothing for `seconds`, then the socket is cut |
| slow | yes | the answer comes after `seconds` |
| cut | yes | the socket is cut before any answer |
| held | yes, after `seconds` | the socket is cut at once (not `reads`, not mail) |
| garbage | yes | an answer that makes no sense (not `pushes`, where nobody reads one) |
| denied | yes | 429 with Retry-After, as if it had not been accepted (messages, calls) |

Callbacks have faults of their own: `drop` (never sent), `twice`, `late` (by `seconds`; those after it overtake),
`overtaken` (sent after the one behind it), `unknown_word`, `unknown_id` (it is about something that was never taken).
And a whole server can be `away`: it does not listen for `seconds`, refuses connections, and has cut those that it had.
"""

from dataclasses import dataclass
from typing import Literal

Api = Literal["messages", "calls", "letters", "pushes", "reads", "smpp", "mail", "callbacks", "web"]
Kind = Literal[
    "server_error",
    "too_many",
    "refused",
    "hang",
    "slow",
    "cut",
    "held",
    "garbage",
    "denied",
    "drop",
    "twice",
    "late",
    "overtaken",
    "unknown_word",
    "unknown_id",
    "away",
]

REQUEST_KINDS: tuple[Kind, ...] = ("server_error", "too_many", "hang", "slow", "cut", "garbage")
CALLBACK_KINDS: tuple[Kind, ...] = ("drop", "twice", "late", "overtaken", "unknown_word", "unknown_id")
KINDS: dict[Api, tuple[Kind, ...]] = {
    "messages": (*REQUEST_KINDS, "held", "denied"),
    "calls": (*REQUEST_KINDS, "held", "denied"),
    "letters": REQUEST_KINDS,
    "pushes": tuple(kind for kind in REQUEST_KINDS if kind != "garbage"),
    "reads": REQUEST_KINDS,
    "smpp": (*REQUEST_KINDS, "refused", "away"),
    "mail": (*REQUEST_KINDS, "refused", "away"),
    "callbacks": CALLBACK_KINDS,
    "web": ("away",),
}


@dataclass(slots=True, kw_only=True)
class Fault:
    """A harm that comes to the next `remaining` requests of one API."""

    api: Api
    kind: Kind
    remaining: int
    seconds: float = 1
    """Retry-After of too_many and denied; how long hang, slow, held, late and away take."""

    @property
    def accepts(self) -> bool:
        """Whether the request is carried out all the same."""
        return self.kind in ("slow", "cut", "held", "garbage", "denied")


def check(fault: Fault) -> None:
    """ValueError where the kind is not one of KINDS for its API."""
    if fault.kind not in KINDS[fault.api]:
        raise ValueError(f"{fault.api} has no fault {fault.kind}; it has {', '.join(KINDS[fault.api])}.")


class FaultTable:
    """The faults in force, oldest first; an API's requests use up its first one, then its next."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Put a fault behind those in force."""
        self._faults.append(fault)

    def take(self, api: Api) -> Fault | None:
        """The fault that the present request of `api` meets, counted off; None where all is well."""
        if not self._faults:
            return None
        fault = next((fault for fault in self._faults if fault.api == api), None)
        if fault is not None:
            fault.remaining -= 1
            if fault.remaining <= 0:
                self._faults.remove(fault)
        return fault

    def in_force(self) -> list[Fault]:
        """All faults that have not been used up."""
        return list(self._faults)

    def clear(self) -> None:
        """Behave well again."""
        self._faults.clear()
