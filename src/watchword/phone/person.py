"""After the office's own person: who was not reached is told the number."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from watchword.delivery.channels.twilio.webhook import signed_by_carrier
from watchword.phone.menu import Menu
from watchword.phone.twiml import Document


@signed_by_carrier
def ended(request: HttpRequest) -> HttpResponse:
    """They have talked, or nobody answered."""
    if request.POST.get("DialCallStatus") == "completed":
        return Document().hang_up().response()
    return Menu(request, settings.LANGUAGE_CODE).end("voice_nobody")
