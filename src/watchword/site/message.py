"""The page behind the link in an email or text: it says nothing until the PIN is right.

An unknown link, a wrong PIN and a contact that has had too many tries give the same page, so that nobody learns from it
whether a link, a registration or a person exists.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from watchword.delivery.confirmation import confirm_on_page
from watchword.delivery.ledger import ledger
from watchword.delivery.links import delivery_of
from watchword.delivery.models import Delivery
from watchword.delivery.stopping import stop
from watchword.site.pages import page
from watchword.worklist.models import Task


# No cookie and no session stand behind this form: the link and the PIN are all the authority there is, and another
# site that knew both could as well open the page itself. So there is nothing for a forged request to ride on.
@csrf_exempt
@sensitive_post_parameters("pin")
@require_http_methods(["GET", "HEAD", "POST"])
@page
def message(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the PIN; with the right one, confirm the notice and show its words, and what was done to tell it."""
    if request.method != "POST":
        return render(request, "site/message.html", {"token": token})
    told = confirm_on_page(token, request.POST.get("pin", "").strip())
    if not told:
        return render(request, "site/message.html", {"token": token, "refused": True})
    return render(request, "site/told.html", {"told": told, "ledger": ledger(told[0].notice)})


# Whoever has the link may say that the address is not theirs, without a PIN: they have none if it is true.
@csrf_exempt
@require_POST
@page
def not_mine(request: HttpRequest, token: str) -> HttpResponse:
    """Send nothing more to where this link came to, and let the desk find out how to reach the registrant."""
    number = delivery_of(token)
    delivery = None if number is None else Delivery.objects.filter(id=number).first()
    if delivery is not None:
        stop(delivery.contact_point_id, Task.Kind.WRONG_NUMBER)
    return render(request, "site/stopped.html")
