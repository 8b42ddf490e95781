"""Who has an account."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef

from watchword.desk.staff.models import Staff


def list_staff() -> list[dict[str, Any]]:
    """Every account, by name, those that are disabled too: the ledger speaks of them still."""
    codes = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    found = Staff.objects.annotate(codes=Exists(codes)).order_by("name")
    return [
        {
            "name": each.name,
            "role": each.role,
            "active": each.is_active,
            "has_authenticator": each.codes,
            "added_at": each.added_at,
            "last_sign_in": each.last_login,
        }
        for each in found
    ]
