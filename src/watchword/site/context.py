"""What every page may say of the office."""

from django.conf import settings
from django.http import HttpRequest


def office(request: HttpRequest) -> dict[str, str]:
    """The office's name and telephone number, where "leave this page" goes, and the demo's page of phones."""
    return {
        "office_name": settings.WATCHWORD.office_name,
        "office_phone": settings.WATCHWORD.office_phone,
        "leave_url": settings.WATCHWORD.leave_url,
        "carrier_url": settings.WATCHWORD.carrier_url,
    }
