"""Making and ending the accounts of staff. There is no sign-up, and no page does this: the command line alone.

A password is made here, not chosen: four words of letters that are not taken for one another, shown once. It opens
nothing before a code of an authenticator app stands beside it.
"""

import re
import secrets

from allauth.mfa.models import Authenticator
from django.db import transaction

from watchword.audit.actions import must_say, record
from watchword.core.errors import WatchwordError
from watchword.desk.staff.models import Staff

_NAME = re.compile(r"[a-z][a-z0-9.-]{1,39}")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@transaction.atomic
def add_staff(name: str, role: Staff.Role, *, by: str, reason: str) -> str:
    """A new account; its password, which nobody can read again."""
    must_say(by, reason)
    if not _NAME.fullmatch(name):
        raise WatchwordError(
            "Give a name of 2 to 40 small letters, digits, dots and hyphens, such as ana.reyes."
        )
    if Staff.objects.filter(name=name).exists():
        raise WatchwordError(f"There is an account named {name} already; a name is never used twice.")
    password = _password()
    made = Staff(name=name, role=role)
    made.set_password(password)
    made.save()
    record(by, "staff.add", f"staff:{made.pk}", reason, role=role)
    return password


@transaction.atomic
def reset_staff(name: str, *, by: str, reason: str) -> str:
    """A new password, and the authenticator app forgotten: for a lost phone. Whoever is signed in so is signed out."""
    must_say(by, reason)
    found = staff_named(name)
    if not found.is_active:
        raise WatchwordError(f"{name} is disabled: let them in first with `watchword staff enable`.")
    password = _password()
    found.set_password(password)
    found.save(update_fields=["password"])
    Authenticator.objects.filter(user=found).delete()
    record(by, "staff.reset", f"staff:{found.pk}", reason)
    return password


@transaction.atomic
def change_staff(name: str, *, is_active: bool, by: str, reason: str) -> None:
    """Shut somebody out at once, wherever they are signed in, or let them in again."""
    must_say(by, reason)
    found = staff_named(name)
    found.is_active = is_active
    found.save(update_fields=["is_active"])
    record(by, "staff.enable" if is_active else "staff.disable", f"staff:{found.pk}", reason)


def staff_named(name: str) -> Staff:
    """The account of this name; WatchwordError where there is none."""
    found = Staff.objects.select_for_update().filter(name=name).first()
    if found is None:
        raise WatchwordError(f"There is no account named {name!r}. `watchword staff list` shows them.")
    return found


def _password() -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))
