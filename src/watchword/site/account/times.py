"""When somebody is left in peace: hours, days."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from watchword.account.actions import REGISTRANT
from watchword.core.errors import WatchwordError
from watchword.registrants.coming_back.models import Session
from watchword.registrants.models import SilentTime
from watchword.registrants.preferences import black_out, keep_quiet
from watchword.site.account.forms import QuietDays, QuietHours
from watchword.site.account.pages import ask, done, show
from watchword.site.account.signed_in import signed_in


@require_safe
@signed_in
def quiet(request: HttpRequest, session: Session) -> HttpResponse:
    """Those there are."""
    times = SilentTime.objects.filter(registrant=session.registrant_id, contact_point=None)
    return show(request, session, "quiet", times=times.order_by("id"))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def hours(request: HttpRequest, session: Session) -> HttpResponse:
    """Hours of some weekdays."""
    form = QuietHours(request.POST or None)
    if request.method == "POST" and form.is_valid():
        keeps_back = SilentTime.KeepsBack(form.cleaned_data["keeps_back"])
        try:
            keep_quiet(session.registrant, **form.kept(), keeps_back=keeps_back, by=REGISTRANT)
        except WatchwordError:
            form.add_error(None, gettext("Then we could never reach you. Leave us an hour of the week."))
        else:
            return done("my-quiet", "changed")
    return ask(
        request,
        session,
        form,
        gettext("Quiet hours"),
        lead=gettext("In these hours, what is not urgent waits."),
        button=gettext("Keep this"),
        back=reverse("my-quiet"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def days(request: HttpRequest, session: Session) -> HttpResponse:
    """Whole days."""
    form = QuietDays(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        black_out(
            session.registrant,
            first_day=said["first_day"],
            last_day=said["last_day"],
            keeps_back=SilentTime.KeepsBack(said["keeps_back"]),
            by=REGISTRANT,
        )
        return done("my-quiet", "changed")
    return ask(
        request,
        session,
        form,
        gettext("Days without messages"),
        lead=gettext("On these days, what is not urgent waits."),
        button=gettext("Keep this"),
        back=reverse("my-quiet"),
    )
