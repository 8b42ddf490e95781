"""Partners: other offices whose systems are told by push, and what pushes to them are signed with.

Each change is in the ledger, in the same transaction. delivery/partners.py stops them and lets them go on.
"""

import re
import secrets
from base64 import b64encode
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from yarl import URL

from watchword.audit.actions import record
from watchword.core.clock import now
from watchword.core.encryption import keyring
from watchword.core.errors import WatchwordError
from watchword.registrants.addresses import normalise_push, split_push
from watchword.registrants.models import Partner, PartnerSecret

SECRET_CONTEXT = "partner.secret"  # noqa: S105 - the context of its encryption
URL_CONTEXT = "partner.url"
LONGEST_ROTATION_HOURS = 24 * 14

_SECRET_BYTES = 32
_LONGEST_URL = 2_000
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)


@transaction.atomic
def add_partner(name: str, url: str, *, gets_facts: bool, may_confirm: bool, by: str) -> tuple[Partner, str]:
    """A new partner, and the secret (`whsec_...`) to verify our pushes with, which is shown this once.

    WatchwordError where the name is taken or the address cannot be used.
    """
    if not _NAME.fullmatch(name):
        raise WatchwordError("Give the partner a short name of small letters, digits and hyphens.")
    if Partner.objects.filter(name=name).exists():
        raise WatchwordError(f"There is a partner called {name} already.")
    partner = Partner.objects.create(
        name=name,
        url=keyring().encrypt(normalise_endpoint(url), URL_CONTEXT),
        gets_facts=gets_facts,
        may_confirm=may_confirm,
    )
    record(by, "partner.add", f"partner:{partner.pk}", gets_facts=gets_facts, may_confirm=may_confirm)
    return partner, _new_secret(partner)


@transaction.atomic
def change_partner(
    name: str,
    *,
    url: str | None = None,
    gets_facts: bool | None = None,
    may_confirm: bool | None = None,
    by: str,
) -> None:
    """Change where pushes go, and what the partner gets and may do; what is None stays as it is."""
    partner = partner_called(name)
    if url is not None:
        partner.url = keyring().encrypt(normalise_endpoint(url), URL_CONTEXT)
    if gets_facts is not None:
        partner.gets_facts = gets_facts
    if may_confirm is not None:
        partner.may_confirm = may_confirm
    partner.save(update_fields=["url", "gets_facts", "may_confirm"])
    record(
        by,
        "partner.change",
        f"partner:{partner.pk}",
        moved=url is not None,
        gets_facts=partner.gets_facts,
        may_confirm=partner.may_confirm,
    )


@transaction.atomic
def rotate_secret(name: str, *, hours: float, by: str) -> str:
    """A new secret, shown this once. Pushes are signed with the old one too for so many hours; 0: no longer."""
    if not 0 <= hours <= LONGEST_ROTATION_HOURS:
        raise WatchwordError(f"Give 0 to {LONGEST_ROTATION_HOURS} hours.")
    partner = partner_called(name)
    until = now() + timedelta(hours=hours)
    in_force = partner.secrets.filter(Q(expires_at=None) | Q(expires_at__gt=until))
    in_force.update(expires_at=until)
    partner.secrets.filter(expires_at__lte=now()).delete()
    record(by, "partner.rotate", f"partner:{partner.pk}", old_ends_at=until.isoformat())
    return _new_secret(partner)


def partner_called(name: str) -> Partner:
    """The partner of this name; WatchwordError where there is none."""
    partner = Partner.objects.filter(name=name).first()
    if partner is None:
        raise WatchwordError(
            f"There is no partner called {name!r}. `watchword partner list` shows those there are."
        )
    return partner


def partner_at(push: str) -> Partner:
    """The partner in whose system this place is. WatchwordError where there is none, or it takes no pushes now."""
    partner = partner_called(split_push(normalise_push(push))[0])
    if partner.stopped_at is not None:
        raise WatchwordError(
            f"Pushes to {partner.name} are stopped. `watchword partner resume` lets them go on."
        )
    return partner


def list_partners() -> list[dict[str, Any]]:
    """Every partner as plain values: of its address the machine alone, and no secret."""
    found = Partner.objects.annotate(contacts=Count("contactpoint")).order_by("name")
    return [
        {
            "name": partner.name,
            "host": URL(endpoint_of(partner)).host,
            "gets_facts": partner.gets_facts,
            "may_confirm": partner.may_confirm,
            "contacts": partner.contacts,
            "stopped_at": partner.stopped_at,
        }
        for partner in found
    ]


def endpoint_of(partner: Partner) -> str:
    """Where its system takes pushes. Never log it: an address can be a secret."""
    return keyring().decrypt(partner.url, URL_CONTEXT)


def signing_keys(partner: Partner, at: datetime) -> tuple[bytes, ...]:
    """What a push is signed with at this moment, the newest first."""
    ordered = sorted(partner.secrets.all(), key=lambda secret: -secret.pk)
    return tuple(
        keyring().decrypt_bytes(secret.secret, SECRET_CONTEXT)
        for secret in ordered
        if secret.expires_at is None or secret.expires_at > at
    )


def normalise_endpoint(given: str) -> str:
    """An address that pushes may go to: https, or http on this very machine for trying, with neither a password in it
    nor a fragment. What its name leads to is looked at whenever a connection is made.
    """
    unusable = WatchwordError(
        "Give an https:// address without a password, such as https://cases.example.org/watchword. "
        "http:// will do on this machine alone, for trying: http://127.0.0.1:8000/."
    )
    try:
        url = URL(given.strip())
        host = url.host
    except ValueError:
        raise unusable from None
    if (
        not host
        or url.user is not None
        or url.password is not None
        or url.fragment
        or len(given) > _LONGEST_URL
    ):
        raise unusable
    if url.scheme != "https" and not (url.scheme == "http" and _is_loopback(host)):
        raise unusable
    return str(url)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _new_secret(partner: Partner) -> str:
    key = secrets.token_bytes(_SECRET_BYTES)
    PartnerSecret.objects.create(partner=partner, secret=keyring().encrypt(key, SECRET_CONTEXT))
    return f"whsec_{b64encode(key).decode()}"
