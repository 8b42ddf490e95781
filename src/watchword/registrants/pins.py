"""PINs: what counts as one, how it is kept, and how a guess is compared."""

import re
from base64 import b64encode
from secrets import randbelow, token_bytes

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from watchword.core.errors import WatchwordError

MIN_DIGITS = 6
MAX_DIGITS = 12
_RUNS = "01234567890", "09876543210"

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's setting for argon2id


class PinError(WatchwordError):
    """A PIN must be 6 to 12 digits, not one digit repeated and not digits in a row such as 123456."""


def check_pin(pin: str) -> None:
    """PinError where the PIN is too short, not only digits, or among the first that anybody would guess."""
    plain = re.fullmatch(rf"[0-9]{{{MIN_DIGITS},{MAX_DIGITS}}}", pin) is not None
    if not plain or len(set(pin)) == 1 or any(pin in run + run[1:] for run in _RUNS):
        raise PinError(PinError.__doc__)


def hash_pin(pin: str) -> str:
    """The argon2id hash to keep; PinError for a PIN that may not be used."""
    check_pin(pin)
    return _hasher.hash(pin)


def pin_matches(pin: str, pin_hash: str | None) -> bool:
    """Whether the PIN is the one behind the hash.

    Every call costs one argon2 computation, whatever is given: with None (nobody is known there) it is made against
    a hash that no PIN fits, so that the time taken does not tell whether a contact or a registration exists.
    """
    try:
        _hasher.verify(pin_hash or _nobodys_hash(), pin)
    except VerifyMismatchError:
        return False
    return pin_hash is not None


def _nobodys_hash() -> str:
    """Random bytes in the form of a hash: made at no cost, and as dear to compare with as anybody's."""
    salt, digest = (b64encode(token_bytes(size)).rstrip(b"=").decode() for size in (16, 32))
    cost = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${digest}"


def new_pin() -> str:
    """A PIN by chance, of six digits, such as somebody could have chosen."""
    while True:
        pin = f"{randbelow(10**MIN_DIGITS):0{MIN_DIGITS}}"
        try:
            check_pin(pin)
        except PinError:
            continue
        return pin
