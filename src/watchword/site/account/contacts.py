"""How somebody is reached: their contacts, in their order, each with its own rules."""

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from watchword import pipeline
from watchword.account import actions
from watchword.core.errors import WatchwordError
from watchword.delivery.codes import call_back, send_code
from watchword.delivery.testing import request_tests
from watchword.registrants.addresses import masked
from watchword.registrants.coming_back.models import Session
from watchword.registrants.contact_codes import CODE_MINUTES
from watchword.registrants.contacts import ContactInUseError, TooManyContactsError, disguise_email
from watchword.registrants.models import ContactPoint, SilentTime
from watchword.registrants.preferences import end_silence, never_safe, set_rung, set_voicemail
from watchword.registrants.queries import address_of
from watchword.site.account.forms import Code, Hours, NewContact, Nothing, Use
from watchword.site.account.pages import ask, done, show
from watchword.site.account.signed_in import signed_in, sure
from watchword.site.forms import NOT_THE_CODE

_TESTS_AN_HOUR = 3


@require_safe
@signed_in
def contacts(request: HttpRequest, session: Session) -> HttpResponse:
    """All of them, the first on top."""
    points = ContactPoint.objects.filter(registrant=session.registrant_id, stopped_at=None)
    shown = [(point, masked(address_of(point))) for point in points.order_by("backup", "rung", "id")]
    return show(request, session, "contacts", points=shown)


@require_safe
@signed_in
def contact(request: HttpRequest, session: Session, number: int) -> HttpResponse:
    """One of them."""
    point = _theirs(session, number)
    return _contact(request, session, point)


@sensitive_post_parameters("contact")
@require_http_methods(["GET", "HEAD", "POST"])
@sure
def add(request: HttpRequest, session: Session) -> HttpResponse:
    """One more."""
    form = NewContact(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email, phone = form.given()["email"], form.given()["phone"]
        ways = form.ways() if phone else {}
        try:
            points = actions.add_contact(session, email=email, phone=phone, **ways)
        except ContactInUseError:
            form.add_error("contact", gettext("This is one of your contacts already."))
        except TooManyContactsError:
            form.add_error(None, gettext("You have as many contacts as there can be. Remove one first."))
        else:
            is_called = all(point.channel == ContactPoint.Channel.VOICE for point in points)
            return done("my-contact", "changed" if is_called else "added", points[0].pk)
    return ask(
        request,
        session,
        form,
        gettext("Add a contact"),
        lead=gettext(
            "We send a code there, so that we know it is yours. Your other contacts hear that you added one."
        ),
        button=gettext("Send the code"),
        back=reverse("my-contacts"),
    )


@sensitive_post_parameters("code")
@require_POST
@signed_in
def give(request: HttpRequest, session: Session, number: int) -> HttpResponse:
    """The code that came, another one, or a call."""
    point = _theirs(session, number)
    if "call" in request.POST:
        call_back(point.pk)
        return done("my-contact", "called", point.pk)
    if "again" in request.POST:
        send_code(point.pk)
        return done("my-contact", "again", point.pk)
    form = Code(request.POST)
    if form.is_valid():
        if pipeline.give_code(point.pk, form.cleaned_data["code"]):
            return done("my-contact", "code", point.pk)
        form.add_error("code", NOT_THE_CODE)
    return _contact(request, session, point, form)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def use(request: HttpRequest, session: Session, number: int) -> HttpResponse:
    """When it is used, and what is said there."""
    point = _theirs(session, number)
    form = Use(point, request.POST or None)
    if request.method == "POST" and form.is_valid():
        said, by = form.cleaned_data, actions.REGISTRANT
        with transaction.atomic():
            set_rung(point.pk, said["rung"], by=by)
            if "voicemail" in said:
                set_voicemail(point.pk, says_more=said["voicemail"] == "more", by=by)
            if "disguise" in said:
                disguise_email(point.pk, ContactPoint.Disguise(said["disguise"]), by=by)
        return done("my-contact", "changed", point.pk)
    return ask(
        request,
        session,
        form,
        gettext("How we use it"),
        button=gettext("Keep this"),
        back=reverse("my-contact", args=[point.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def unsafe(request: HttpRequest, session: Session, number: int) -> HttpResponse:
    """Hours in which nothing at all goes there."""
    point = _theirs(session, number)
    form = Hours(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            never_safe(point.pk, **form.kept(), by=actions.REGISTRANT)
        except WatchwordError:
            form.add_error(
                None, gettext("Then this contact could never be used. Leave it an hour of the week.")
            )
        else:
            return done("my-contact", "changed", point.pk)
    return ask(
        request,
        session,
        form,
        gettext("Hours that are never safe"),
        lead=gettext("In these hours, nothing goes to this contact, not even news of an escape."),
        button=gettext("Keep this"),
        back=reverse("my-contact", args=[point.pk]),
    )


@require_POST
@signed_in
def end_hours(request: HttpRequest, session: Session, number: int) -> HttpResponse:
    """A time without messages is over."""
    times = SilentTime.objects.filter(registrant=session.registrant_id, pk=number)
    found = times.values_list("contact_point", flat=True)
    if not times.exists():
        raise Http404
    point = found.get()
    end_silence(number, by=actions.REGISTRANT)
    return done("my-quiet", "quiet-ended") if point is None else done("my-contact", "quiet-ended", point)


@require_POST
@signed_in
def test(request: HttpRequest, session: Session, number: int) -> HttpResponse:
    """A real message that says it is a test."""
    point = _theirs(session, number)
    try:
        request_tests(
            session.registrant_id,
            by=actions.REGISTRANT,
            contact_point=point.pk,
            most_an_hour=_TESTS_AN_HOUR,
        )
    except WatchwordError:
        return done("my-contact", "no-test", point.pk)
    return done("my-contact", "test", point.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@sure
def remove(request: HttpRequest, session: Session, number: int) -> HttpResponse:
    """Not used any more."""
    point = _theirs(session, number)
    form = Nothing(request.POST or None)
    if request.method == "POST":
        try:
            actions.remove_contact(session, point.pk)
        except actions.LastContactError:
            form.is_valid()
            form.add_error(
                None,
                gettext("This is the only contact that we can use. Add another one first, or end it all."),
            )
        else:
            return HttpResponseRedirect(f"{reverse('my-contacts')}?done=removed")
    return ask(
        request,
        session,
        form,
        gettext("Remove %(contact)s?") % {"contact": masked(address_of(point))},
        lead=gettext("We send nothing more there. Your other contacts hear that you removed one."),
        button=gettext("Remove it"),
        back=reverse("my-contact", args=[point.pk]),
    )


def _contact(
    request: HttpRequest, session: Session, point: ContactPoint, form: Code | None = None
) -> HttpResponse:
    return show(
        request,
        session,
        "contact",
        point=point,
        address=masked(address_of(point)),
        hours=SilentTime.objects.filter(contact_point=point).order_by("id"),
        form=form or Code(),
        minutes=CODE_MINUTES,
    )


def _theirs(session: Session, number: int) -> ContactPoint:
    """One of theirs that is in use; no other has a page."""
    points = ContactPoint.objects.filter(registrant=session.registrant_id, pk=number, stopped_at=None)
    point = points.first()
    if point is None:
        raise Http404
    return point
