"""What every page may say of the office."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from watchword.site.languages import WRITTEN_IN, page_languages, status_of


def office(request: HttpRequest) -> dict[str, Any]:
    """The office's name, telephone number and languages, whether nobody has reviewed the page's own, where "leave
    this page" goes, and the demo's phones."""
    return {
        "office_name": settings.WATCHWORD.office_name,
        "office_phone": settings.WATCHWORD.office_phone,
        "page_languages": page_languages(),
        "is_draft": status_of(get_language() or WRITTEN_IN) == "draft",
        "leave_url": settings.WATCHWORD.leave_url,
        "carrier_url": settings.WATCHWORD.carrier_url,
    }
