"""The page behind the link in an email or text: it says nothing until the PIN is right.

An unknown link, a wrong PIN and a contact that has had too many tries give the same page, so that nobody learns from it
whether a link, a registration or a person exists.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from watchword.delivery.confirmation import confirm_on_page
from watchword.site.pages import page


# No cookie and no session stand behind this form: the link and the PIN are all the authority there is, and another
# site that knew both could as well open the page itself. So there is nothing for a forged request to ride on.
@csrf_exempt
@sensitive_post_parameters("pin")
@require_http_methods(["GET", "HEAD", "POST"])
@page
def message(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the PIN; with the right one, confirm the notice and show its words."""
    if request.method != "POST":
        return render(request, "site/message.html")
    told = confirm_on_page(token, request.POST.get("pin", ""))
    if told is None:
        return render(request, "site/message.html", {"refused": True})
    return render(request, "site/told.html", {"told": told})
