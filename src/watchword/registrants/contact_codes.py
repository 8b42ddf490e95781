"""Six digits sent to a contact point, and given back by whoever can read what is sent there.

A wrong code, an old one, one tried too often and a contact point that has none cost the same and look alike. How many
codes go to one address is bounded, whoever asks for them: else anybody could have a stranger's phone ring all night.
"""

import hmac
from datetime import timedelta
from secrets import randbelow, token_bytes

from django.db import connection, transaction

from watchword.core.clock import now
from watchword.core.encryption import keyring
from watchword.registrants.actions import verify_contact_point
from watchword.registrants.handing_over import end_handed_over
from watchword.registrants.models import ContactCode, ContactPoint, Registrant, Registration
from watchword.registrants.pins import hash_pin

CODE_CONTEXT = "contact.code"
"""The context under which codes are encrypted and indexed."""

CODE_MINUTES = 15
DIGITS = 6
MOST_TRIES = 5
"""Of one code."""

MOST_AN_HOUR = 3
"""Codes that go to one address."""

_BY_CODE = (ContactPoint.Channel.EMAIL, ContactPoint.Channel.TEXT)
_BY_CALL = (ContactPoint.Channel.VOICE,)

_TRY = """
UPDATE registrants_contactcode SET tries = tries + 1
WHERE id = (
        SELECT id FROM registrants_contactcode WHERE contact_point_id = %s ORDER BY id DESC LIMIT 1)
  AND used_at IS NULL AND tries < %s AND expires_at > %s
RETURNING id, digest
"""


@transaction.atomic
def make_code(contact_point_id: int, *, by_call: bool = False) -> str | None:
    """A new code for this contact point, which ends the one before; None where none may be sent there: it takes neither
    mails nor texts (`by_call`: no calls), was stopped, or its address got MOST_AN_HOUR of them, for whomever.

    Never tell which.
    """
    point = ContactPoint.objects.select_for_update().filter(pk=contact_point_id).first()
    if (
        point is None
        or point.stopped_at is not None
        or point.channel not in (_BY_CALL if by_call else _BY_CODE)
    ):
        return None
    lately = ContactCode.objects.filter(
        contact_point__address_index=point.address_index, made_at__gt=now() - timedelta(hours=1)
    )
    if lately.count() >= MOST_AN_HOUR:
        return None
    code = f"{randbelow(10**DIGITS):0{DIGITS}}"
    ContactCode.objects.create(
        contact_point=point,
        digest=_digest(point.pk, code),
        expires_at=now() + timedelta(minutes=CODE_MINUTES),
    )
    return code


def check_code(contact_point_id: int, code: str) -> int | None:
    """The number of the code that was sent there, if this is it; None for any other. Call it outside a transaction: a
    try is committed before it is looked at, so that tries made at the same moment count one another."""
    found = _try(contact_point_id)
    number, digest = found if found else (None, token_bytes(32))
    is_right = hmac.compare_digest(digest, _digest(contact_point_id, "".join(code.split())))
    return number if is_right else None


@transaction.atomic
def use_code(number: int, *, pin: str | None = None) -> list[Registration]:
    """The contact point of a code that was right is verified, once; the registrations that become active by it, which
    the caller tells where the person stands, in the same transaction.

    `pin` becomes the PIN of a registrant who has none yet: somebody else had asked for them. PinError where it cannot.
    """
    if not spend_code(number):
        return []
    code = ContactCode.objects.get(pk=number)
    if pin is not None:
        Registrant.objects.filter(contact_points=code.contact_point_id, pin_hash="").update(
            pin_hash=hash_pin(pin)
        )
    activated = verify_contact_point(code.contact_point_id)
    end_handed_over(activated)
    return activated


def spend_code(number: int) -> bool:
    """Take a code that was right, once; whether nobody was quicker."""
    return bool(ContactCode.objects.filter(pk=number, used_at=None).update(used_at=now()))


def _try(contact_point_id: int) -> tuple[int, bytes] | None:
    """Count a try of the newest code, before it is looked at; None where there is none that may be tried."""
    with connection.cursor() as cursor:
        cursor.execute(_TRY, [contact_point_id, MOST_TRIES, now()])
        row = cursor.fetchone()
    return (row[0], bytes(row[1])) if row else None


def _digest(contact_point_id: int, code: str) -> bytes:
    return keyring().blind_index(f"{contact_point_id}:{code}", CODE_CONTEXT)
