"""In, by number and PIN or by a one-time link; and out.

What is not known, wrong or locked gets the same answer after the same work. Opening a link uses nothing up: mail
scanners open links. The button does.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from watchword.registrants.asking.limits import may_knock
from watchword.registrants.coming_back.links import LINK_MINUTES, use_link, wish_for_link
from watchword.registrants.coming_back.sessions import begin, current
from watchword.registrants.sign_in import sign_in as registrant_with
from watchword.site.account.forms import Contact, SignIn
from watchword.site.account.signed_in import key_of, let_in, let_out, own
from watchword.site.asker import address_of


@sensitive_post_parameters("number", "pin")
@require_http_methods(["GET", "HEAD", "POST"])
@own
def sign_in(request: HttpRequest) -> HttpResponse:
    """Number and PIN."""
    form = SignIn(request.POST or None)
    if request.method == "POST" and form.is_valid():
        registrant = registrant_with(form.cleaned_data["number"], form.cleaned_data["pin"].strip())
        if registrant is not None:
            return let_in(begin(registrant, get_language() or settings.LANGUAGE_CODE))
        form.add_error(
            None,
            gettext("That number and PIN do not open a page. Check both. After several tries, wait an hour."),
        )
    elif request.method != "POST" and current(key_of(request)) is not None:
        return HttpResponseRedirect(reverse("my"))
    return render(request, "site/account/sign_in.html", {"form": form, "title": gettext("Your page")})


@sensitive_post_parameters("contact")
@require_http_methods(["GET", "HEAD", "POST"])
@own
def forgot(request: HttpRequest) -> HttpResponse:
    """A link to a contact, for whoever has no number or PIN at hand."""
    form = Contact(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not may_knock("link", address_of(request)):
            return render(request, "site/sign_up/busy.html", status=429)
        wish_for_link(form.cleaned_data["contact"])
        return render(request, "site/account/link_sent.html", {"minutes": LINK_MINUTES})
    return render(
        request, "site/account/forgot.html", {"form": form, "title": gettext("Get a link to your page")}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@own
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Where a one-time link leads: a button, whatever the link."""
    if request.method != "POST":
        return render(request, "site/account/link.html")
    point = use_link(token)
    if point is None:
        return render(request, "site/account/link.html", {"is_over": True})
    return let_in(begin(point.registrant, get_language() or settings.LANGUAGE_CODE, point))


@require_safe
@own
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out, and go where nothing tells of us. No other site can send somebody here who is signed in: their cookie
    does not come along."""
    return let_out(request, settings.WATCHWORD.leave_url)


@require_safe
@own
def erased(request: HttpRequest) -> HttpResponse:
    """What stands where somebody's page was. It says the same to everybody."""
    return render(request, "site/account/erased.html")
