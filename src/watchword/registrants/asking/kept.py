"""What a request keeps encrypted, and how it is read again."""

import json
from dataclasses import asdict
from datetime import date

from watchword.core.encryption import keyring
from watchword.custody.finding.index import number_word
from watchword.custody.finding.records import Sought
from watchword.custody.finding.words import places
from watchword.registrants.asking.models import Request

_SOUGHT, _EVIDENCE, _NOTE = "request.sought", "request.evidence", "request.note"


def closed(sought: Sought, evidence: str, note: str) -> dict[str, bytes]:
    """The columns of a request that must not be readable in a stolen database."""
    words = json.dumps(asdict(sought), default=str)
    return {
        "sought": keyring().encrypt(words, _SOUGHT),
        "sought_index": keyring().blind_index(_who(sought), _SOUGHT),
        "evidence": keyring().encrypt(evidence.strip(), _EVIDENCE),
        "note": keyring().encrypt(note.strip(), _NOTE),
    }


def forgotten() -> dict[str, bytes]:
    """The same columns of a request of which nothing is kept."""
    return {**closed(Sought(number="(erased)"), "", ""), "sought_index": b""}


def sought_of(request: Request) -> Sought:
    """Whom it is about, decrypted. Never log it."""
    said = json.loads(keyring().decrypt(request.sought, _SOUGHT))
    born = said.pop("born")
    return Sought(**said, born=date.fromisoformat(born) if born else None)


def evidence_of(request: Request) -> str:
    """The case number, or where the sworn statement is, decrypted."""
    return keyring().decrypt(request.evidence, _EVIDENCE)


def note_of(request: Request) -> str:
    """What else the one who asked wrote, decrypted."""
    return keyring().decrypt(request.note, _NOTE)


def _who(sought: Sought) -> str:
    """The same for the same person, however the name is written: a number, or the words of the name in order."""
    if sought.number.strip():
        return number_word(sought.number)
    return " ".join(sorted(main for main, *_ in places(sought.name)))
