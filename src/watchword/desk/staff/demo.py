"""In the demo alone: the codes of an authenticator app that nobody has in their hand, shown where they are asked for.

`watchword demo` sets the switch, for invented people on this machine; everywhere else there is nothing to show.
"""

import time
from ipaddress import ip_address

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.http import HttpRequest

from watchword.desk.staff.adapters import MFAAdapter
from watchword.desk.staff.models import Staff

_SECONDS = 30


def code_shown(request: HttpRequest, secret: str) -> str:
    """What an app with this key shows now; empty outside the demo, and to any other machine."""
    if not settings.WATCHWORD.demo or not ip_address(request.META["REMOTE_ADDR"]).is_loopback:
        return ""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // _SECONDS)))


def secret_of(staff: Staff) -> str:
    """The key of somebody's app."""
    found = Authenticator.objects.get(user=staff, type=Authenticator.Type.TOTP)
    return MFAAdapter().decrypt(found.data["secret"])
