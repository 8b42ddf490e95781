"""From where somebody asks: what limits on one address of the internet go by."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The address of whoever asks, as far as our own proxies say it; what stands before that anybody could have
    written."""
    connected: str = request.META["REMOTE_ADDR"]
    proxies: int = settings.WATCHWORD.http_proxies
    passed = [each.strip() for each in request.headers.get("X-Forwarded-For", "").split(",")]
    said = passed[-proxies] if 0 < proxies <= len(passed) else connected
    try:
        return str(ip_address(said))
    except ValueError:
        return connected
