"""What a call remembers from one question to the next."""

import json
from dataclasses import asdict, dataclass

from watchword.phone.sealed import seal, unseal


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What somebody has said in this call so far. None of it shows in a log, nor to the carrier."""

    then: str = ""  # the step that signing in, or a code, leads to
    number: str = ""  # a registration number that was entered
    registrant: int = 0  # who has given number and PIN, or has just asked; 0: nobody
    source: str = ""
    person: str = ""  # the number of somebody in custody, as it was keyed
    looked: int = 0  # how many were looked for
    relation: str = ""
    evidence: str = ""
    phone: str = ""  # E.164
    pin: str = ""  # chosen, and to be keyed once more
    contact: int = 0  # the contact point that a code went to
    session: str = ""  # the key of what was begun with number and PIN, to be made sure by a code
    page: int = 0  # of a list of choices

    def __repr__(self) -> str:
        return "Kept()"


def sealed(kept: Kept, call: str) -> str:
    """For the address of the next step; good in the call of this id alone."""
    said = {name: value for name, value in asdict(kept).items() if value}
    return seal(json.dumps(said), _context(call)) if said else ""


def unsealed(token: str, call: str) -> Kept | None:
    """The same again; None where it is another call's, or the call has gone on for an hour."""
    if not token:
        return Kept()
    said = unseal(token, _context(call))
    return None if said is None else Kept(**json.loads(said))


def _context(call: str) -> str:
    return f"phone.line:{call}"
