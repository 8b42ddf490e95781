"""The page behind a mail's "unsubscribe": it stops mails about that registration to that address, and tells nothing to
anybody.

Every link gives the same pages, whether it is one of ours or not. Looking at the page changes nothing, since mail
scanners look at every link; a mail program's one click is a POST (RFC 8058), and so is the button.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from watchword.core.signing import unsign
from watchword.delivery.links import UNSUBSCRIBE
from watchword.delivery.models import Delivery
from watchword.delivery.stopping import mute, unmute
from watchword.site.pages import page


# No cookie and no session stand behind these: the link is all the authority there is.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@page
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, and on a POST stop. It may be somebody else who reads this mail: the registrant's others are told of it."""
    if request.method != "POST":
        return render(request, "site/unsubscribe.html", {"token": token})
    mailed = _mailed(token)
    if mailed is not None:
        mute(*mailed, by="unsubscribe")
    return render(request, "site/unsubscribed.html", {"token": token})


@csrf_exempt
@require_POST
@page
def undo(request: HttpRequest, token: str) -> HttpResponse:
    """Send mails about it there again, if it was such a click that stopped them."""
    mailed = _mailed(token)
    if mailed is not None:
        unmute(*mailed)
    return render(request, "site/subscribed.html")


def _mailed(token: str) -> tuple[int, int] | None:
    """Registration and contact point of the mail that has this link."""
    number = unsign(UNSUBSCRIBE, token)
    if number is None:
        return None
    return Delivery.objects.filter(id=number).values_list("notice__registration", "contact_point").first()
