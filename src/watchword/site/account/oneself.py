"""Oneself: language, PIN, being sure, one's data."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from watchword.account import actions
from watchword.account.erasing import erase as erase_all
from watchword.account.exporting import export as export_all
from watchword.delivery.codes import send_code
from watchword.registrants.addresses import masked
from watchword.registrants.coming_back import sessions
from watchword.registrants.coming_back.models import Session
from watchword.registrants.contact_codes import CODE_MINUTES
from watchword.registrants.preferences import set_language, set_time_zone
from watchword.registrants.queries import address_of
from watchword.site.account.forms import Code, Language, NewPin, Nothing, Pin, WhichContact
from watchword.site.account.pages import ask, done, show
from watchword.site.account.signed_in import let_out, signed_in, sure
from watchword.site.forms import NOT_THE_CODE, PlainForm


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def language(request: HttpRequest, session: Session) -> HttpResponse:
    """The language of what is sent, which the pages follow."""
    registrant = session.registrant
    form = Language(
        registrant.time_zone,
        request.POST or None,
        initial={"language": registrant.language, "time_zone": registrant.time_zone},
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        set_language(registrant.pk, said["language"], by=actions.REGISTRANT)
        set_time_zone(registrant.pk, said["time_zone"], by=actions.REGISTRANT)
        sessions.speak(session, said["language"])
        return done("my", "changed")
    return ask(request, session, form, gettext("Language and clock"), button=gettext("Keep this"))


@sensitive_post_parameters("pin")
@require_http_methods(["GET", "HEAD", "POST"])
@sure
def pin(request: HttpRequest, session: Session) -> HttpResponse:
    """Another PIN."""
    form = NewPin(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.set_pin(session, form.cleaned_data["pin"])
        return done("my", "pin")
    return ask(request, session, form, gettext("A new PIN"), button=gettext("Keep this"))


@sensitive_post_parameters("pin", "code")
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def make_sure(request: HttpRequest, session: Session) -> HttpResponse:
    """What was not shown yet: a contact, by a code; or, after a link, the PIN."""
    points = {str(point.pk): point for point in sessions.may_send_code_to(session)}
    choices = [(number, masked(address_of(point))) for number, point in points.items()]
    chosen = points.get(request.POST.get("contact", ""))
    forms: dict[str, PlainForm | None] = {"which": WhichContact(choices), "code": None, "pin": None}
    if session.contact_point is not None:
        forms["pin"] = Pin()
    match request.POST.get("go"):
        case "pin":
            form: PlainForm = Pin(request.POST)
            if form.is_valid() and sessions.prove_by_pin(session, form.cleaned_data["pin"].strip()):
                return _on(request)
            if not form.errors:
                form.add_error("pin", gettext("That is not your PIN. After several tries, wait an hour."))
            forms["pin"] = form
        case "code" if chosen is not None:
            form = Code(request.POST)
            if form.is_valid() and sessions.prove_by_code(session, chosen.pk, form.cleaned_data["code"]):
                return _on(request)
            if not form.errors:
                form.add_error("code", NOT_THE_CODE)
            forms["code"] = form
        case "send" if chosen is not None:
            send_code(chosen.pk)
            forms["code"] = Code()
        case "send":
            forms["which"] = WhichContact(choices, request.POST)
    return show(
        request,
        session,
        "sure",
        chosen=chosen,
        address=masked(address_of(chosen)) if chosen is not None else "",
        can_send=bool(points),
        next=_next(request),
        minutes=CODE_MINUTES,
        form=next((form for form in forms.values() if form is not None and form.errors), None),
        **forms,
    )


@require_safe
@signed_in
def data(request: HttpRequest, session: Session) -> HttpResponse:
    """What we hold, and what can be done about it."""
    return show(request, session, "data")


@require_http_methods(["GET", "HEAD", "POST"])
@sure
def export(request: HttpRequest, session: Session) -> HttpResponse:
    """All of it, as a file."""
    if request.method == "POST":
        response = HttpResponse(export_all(session), content_type="application/json; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="data.json"'
        return response
    return ask(
        request,
        session,
        Nothing(),
        gettext("Get a copy of my data"),
        lead=gettext(
            "It is a file that stays on this phone or computer until you delete it. It holds your contacts and every "
            "message. Get it only where nobody else looks."
        ),
        button=gettext("Get the file"),
        back=reverse("my-data"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sure
def erase(request: HttpRequest, session: Session) -> HttpResponse:
    """Nothing is known of them any more."""
    if request.method == "POST":
        erase_all(session)
        return let_out(request, reverse("my-erased"))
    return show(request, session, "erase", form=Nothing())


def _next(request: HttpRequest) -> str:
    """The page that it was asked for; only one of these pages."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return (
        wanted if wanted.startswith(f"{reverse('my')}/") and "//" not in wanted and "\\" not in wanted else ""
    )


def _on(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(_next(request) or f"{reverse('my')}?{urlencode({'done': 'sure'})}")
