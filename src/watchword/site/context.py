"""What every page may say of the office."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from watchword.site.languages import page_languages


def office(request: HttpRequest) -> dict[str, Any]:
    """The office's name, telephone number and languages, where "leave this page" goes, and the demo's phones."""
    return {
        "office_name": settings.WATCHWORD.office_name,
        "office_phone": settings.WATCHWORD.office_phone,
        "page_languages": page_languages(),
        "leave_url": settings.WATCHWORD.leave_url,
        "carrier_url": settings.WATCHWORD.carrier_url,
    }
