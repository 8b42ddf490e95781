"""Giving a code later, from the link in the message that brought it: for whoever somebody else asked for, and for the
colleague who takes over a client. They were not there when the code was asked for, and choose their PIN with it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from watchword.core.signing import unsign
from watchword.delivery.codes import send_code
from watchword.delivery.links import GIVE_CODE
from watchword.pipeline import give_code
from watchword.registrants.models import ContactPoint
from watchword.registrants.numbers import number_of
from watchword.registrants.queries import has_pin, is_verified
from watchword.site.account.forms import Code
from watchword.site.forms import NOT_THE_CODE, ChosenPin
from watchword.site.pages import page


class Given(Code):
    """With a PIN, where they have none yet."""

    pin = ChosenPin(
        label=_("Choose a PIN"),
        help_text=_(
            "6 to 12 digits, not in a row such as 123456. You need it to read messages and to come back."
        ),
    )

    def __init__(self, point: ContactPoint, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_pin(point.pk):
            del self.fields["pin"]


@csrf_exempt
@sensitive_post_parameters("code", "pin")
@require_http_methods(["GET", "HEAD", "POST"])
@page
def give(request: HttpRequest, token: str) -> HttpResponse:
    """The code, and a PIN; then the number to come back with."""
    point = ContactPoint.objects.filter(pk=unsign(GIVE_CODE, token) or 0, backup=False).first()
    if point is None or point.stopped_at is not None:
        raise Http404
    if request.POST.get("go") == "again":
        send_code(point.pk)
        return _ask(request, Given(point), sent_again=True)
    form = Given(point, request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        if give_code(point.pk, said["code"], pin=said.get("pin")):
            return _given(request, number_of(point.registrant_id))
        if is_verified(point.pk):  # a page sent twice; who only has the link is shown no number
            return _given(request, "")
        form.add_error("code", NOT_THE_CODE)
    return _ask(request, form)


def _ask(request: HttpRequest, form: Given, *, sent_again: bool = False) -> HttpResponse:
    return render(request, "site/sign_up/later.html", {"form": form, "sent_again": sent_again})


def _given(request: HttpRequest, number: str) -> HttpResponse:
    return render(request, "site/sign_up/later_done.html", {"number": number})
