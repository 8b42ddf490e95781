"""Coming back with a registration number and a PIN.

Too many wrong tries lock the number for a while, and nothing else: notices go on, and so do PINs given to a call or a
text. A number that nobody has is locked in the same way, after the same work.
"""

from datetime import timedelta

from watchword.core.clock import now
from watchword.core.encryption import keyring
from watchword.registrants.models import Registrant, SignInTry
from watchword.registrants.numbers import registrant_id_of
from watchword.registrants.pins import pin_matches

WRONG_TRIES = 5
LOCKED_FOR = timedelta(hours=1)
"""This many wrong tries in this time lock a number."""

_CONTEXT = "sign_in.number"


def sign_in(number: str, pin: str) -> Registrant | None:
    """Who has this number and PIN; None for a wrong or unknown number, a wrong PIN, and a number that is locked.

    Each try is committed before the PIN is looked at, so that tries made at the same moment count one another. Call it
    outside a transaction.
    """
    registrant_id = registrant_id_of(number)
    index = _index(registrant_id)
    this_try = SignInTry.objects.create(number_index=index, right=False)
    wrong = SignInTry.objects.filter(number_index=index, right=False, at__gt=now() - LOCKED_FOR)
    is_locked = wrong.exclude(pk=this_try.pk).count() >= WRONG_TRIES
    registrant = Registrant.objects.filter(pk=registrant_id or 0).first()
    right = pin_matches(pin, registrant.pin_hash if registrant else None) and not is_locked
    SignInTry.objects.filter(pk=this_try.pk).update(right=right)
    return registrant if right else None


def forget_tries(registrant_id: int) -> None:
    """Nothing is kept of when somebody tried to sign in as this registrant."""
    SignInTry.objects.filter(number_index=_index(registrant_id)).delete()


def _index(registrant_id: int | None) -> bytes:
    return keyring().blind_index("" if registrant_id is None else str(registrant_id), _CONTEXT)
