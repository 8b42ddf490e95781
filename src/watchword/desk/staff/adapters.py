"""How django-allauth is kept to our rules: no sign-up, no email, nothing said of accounts, secrets encrypted."""

from base64 import b64decode, b64encode
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from watchword.core.encryption import keyring
from watchword.desk.staff.models import Staff
from watchword.site.asker import address_of

_CONTEXT = "staff.authenticator"


class AccountAdapter(DefaultAccountAdapter):
    """The way in."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "That name and password do not open the desk. Check both.",
        "too_many_login_attempts": "Too many wrong tries. Wait a quarter of an hour.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: accounts are made on the command line."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Staff | None:
        """Who this is; a disabled account is like one that there is not."""
        found = super().authenticate(request, **credentials)
        return found if isinstance(found, Staff) and found.is_active else None

    def get_client_ip(self, request: HttpRequest) -> str:
        """As far as our own proxies say it."""
        return address_of(request)


class MFAAdapter(DefaultMFAAdapter):
    """The second factor."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That is not the code. It changes every half minute; wait for the next one.",
    }

    def build_totp_svg(self, url: str) -> str:
        """The square code as a drawing within the page: an image of data is one that our pages do not load."""
        drawing: str = segno.make(url, error="m").svg_inline(
            scale=5, border=4, light="#fff", title="Square code"
        )
        return drawing

    def encrypt(self, text: str) -> str:
        """An authenticator's secret must not be readable in a stolen database."""
        return b64encode(keyring().encrypt(text, _CONTEXT)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again."""
        return keyring().decrypt(b64decode(encrypted_text), _CONTEXT)
