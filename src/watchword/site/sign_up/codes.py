"""After the request: the code of each contact, or a call, one page each, and the number to come back with."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from watchword.core.errors import WatchwordError
from watchword.delivery.codes import call_back, send_code
from watchword.delivery.testing import request_tests
from watchword.pipeline import give_code
from watchword.registrants.contact_codes import CODE_MINUTES
from watchword.registrants.queries import has_pin, is_verified
from watchword.site.forms import NOT_THE_CODE, ChosenPin, Digits, PlainForm
from watchword.site.sign_up.draft import Draft, Kept, Point


class Code(PlainForm):
    asked = "code"
    code = forms.CharField(
        label=_("Type the code"),
        error_messages={"required": _("Type the six digits of the code.")},
        widget=Digits(),
    )


class Called(PlainForm):
    """No code: they enter the PIN in the call."""


class OthersCode(PlainForm):
    """Of the one they ask for, who sets a PIN of their own with it."""

    code = forms.CharField(
        label=_("Their code"),
        error_messages={"required": _("Type the six digits of the code.")},
        widget=Digits(),
    )
    pin = ChosenPin(
        label=_("A PIN that they choose"),
        help_text=_("6 to 12 digits, not in a row such as 123456. Look away while they type it."),
    )


def show(
    request: HttpRequest,
    draft: Draft,
    kept: Kept,
    *,
    form: PlainForm | None = None,
    sent_again: bool = False,
) -> HttpResponse:
    """The page of the next contact's code; after the last, the number to come back with."""
    shown: dict[str, Any] = {"draft": draft.sealed(), "kept": kept}
    if kept.at >= len(kept.points):
        return render(
            request, "site/sign_up/done.html", shown | {"shown": [p for p in kept.points if p.is_shown]}
        )
    point = kept.points[kept.at]
    form = form or _form(point)()
    if "code" in form.fields:
        form.fields["code"].help_text = _where(point)
    shown |= {"point": point, "form": form, "sent_again": sent_again}
    return render(request, f"site/sign_up/{'call' if point.is_called else 'code'}.html", shown)


def answer(request: HttpRequest, draft: Draft, kept: Kept) -> HttpResponse:
    """Take what came from one of these pages, and show the next."""
    go = request.POST.get("go")
    if kept.at >= len(kept.points):
        if go == "test":
            _test(kept)
        return show(request, draft, kept)
    point = kept.points[kept.at]
    match go:
        case "stay":
            return show(request, draft, kept)
        case "again":
            (call_back if point.is_called else send_code)(point.id)
            return show(request, draft, kept, sent_again=True)
        case "later":
            return show(request, draft, _after(kept))
    form = _form(point)(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        # A page sent twice finds its code used: the contact is then verified, and that is what was asked.
        is_right = not point.is_called and give_code(point.id, said["code"], pin=said.get("pin"))
        if is_right or is_verified(point.id):
            point.is_shown = True
            return show(request, draft, _after(kept))
        if point.is_called:
            form.add_error(None, gettext("We do not see your PIN yet. Let us call again, or wait a moment."))
        else:
            form.add_error("code", NOT_THE_CODE)
    return show(request, draft, kept, form=form)


def _where(point: Point) -> str:
    """Where the code went, and what it looks like."""
    said = {"contact": point.end, "minutes": CODE_MINUTES}
    if point.channel == "email":
        said["contact"] = point.masked
        return (
            gettext(
                "We sent an email to %(contact)s. The code in it has 6 digits and is good for %(minutes)s minutes."
            )
            % said
        )
    return (
        gettext(
            "We sent a text to the phone that ends in %(contact)s. The code in it has 6 digits and is good for "
            "%(minutes)s minutes."
        )
        % said
    )


def _form(point: Point) -> type[PlainForm]:
    if point.is_called:
        return Called
    return Code if point.is_mine or has_pin(point.id) else OthersCode


def _after(kept: Kept) -> Kept:
    kept.at += 1
    return kept


def _test(kept: Kept) -> None:
    """A message to each contact that may have one, once."""
    if kept.was_tested:
        return
    kept.was_tested = True
    try:
        request_tests(kept.registrant, by="registrant")
    except WatchwordError:
        kept.was_tested = False
