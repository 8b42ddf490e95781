"""Registration numbers: what a registrant says or types to come back. Printed and spoken, so digits alone.

The number is the registrant's own id under a keyed permutation (a Feistel network): no two are the same, none can be
guessed from another, and none is kept anywhere.
"""

from watchword.core.encryption import keyring

DIGITS = 10
_ROUNDS = 8
_HALF = 100_000  # two halves of five digits
_CONTEXT = "registrant.number"


def number_of(registrant_id: int) -> str:
    """The ten digits that this registrant comes back with."""
    left, right = divmod(registrant_id, _HALF)
    if left >= _HALF:
        raise AssertionError("there are no more than ten thousand million registration numbers")
    for turn in range(_ROUNDS):
        left, right = right, (left + _mixed(turn, right)) % _HALF
    return f"{left * _HALF + right:0{DIGITS}}"


def registrant_id_of(number: str) -> int | None:
    """The id behind what somebody typed, blanks and hyphens left out; None where it is no ten digits. Whether there is
    such a registrant is another question."""
    digits = "".join(number.split()).replace("-", "")
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    left, right = divmod(int(digits), _HALF)
    for turn in reversed(range(_ROUNDS)):
        left, right = (right - _mixed(turn, left)) % _HALF, left
    return left * _HALF + right


def _mixed(turn: int, half: int) -> int:
    return int.from_bytes(keyring().blind_index(f"{turn}:{half}", _CONTEXT)[:8], "big") % _HALF
