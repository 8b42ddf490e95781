"""The first page: where people stand as far as we told it, and what can be done; and every message, with its ledger."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from watchword import pipeline
from watchword.account import actions
from watchword.account.queries import own_registration, registered, unanswered
from watchword.core.errors import WatchwordError
from watchword.delivery.confirmation import confirm_signed_in
from watchword.delivery.ledger import ledger
from watchword.delivery.stopping import unmute
from watchword.delivery.told import told
from watchword.registrants import actions as registrations
from watchword.registrants.coming_back import sessions
from watchword.registrants.coming_back.models import Session
from watchword.registrants.models import Registration
from watchword.registrants.numbers import number_of
from watchword.site.account.forms import Contact, Nothing
from watchword.site.account.pages import ask, done, show
from watchword.site.account.signed_in import signed_in, sure

_MESSAGES = 5
"""On one page: each has its ledger, and an old phone has little room."""


@require_safe
@signed_in
def overview(request: HttpRequest, session: Session) -> HttpResponse:
    """Everything at a glance."""
    others = sessions.others_here(session)
    return show(
        request,
        session,
        "overview",
        registrations=registered(session.registrant_id),
        unanswered=unanswered(session.registrant_id),
        others=[(number, number_of(number)) for number in others if number != session.registrant_id],
    )


@require_POST
@signed_in
def switch(request: HttpRequest, session: Session, number: int) -> HttpResponse:
    """To another registration of theirs."""
    if not sessions.switch(session, number):
        raise Http404
    return done("my", "")


@require_safe
@signed_in
def messages(request: HttpRequest, session: Session) -> HttpResponse:
    """What they were told, newest first, each with what was done to tell it."""
    before = request.GET.get("before", "")
    theirs = Registration.objects.filter(registrant=session.registrant_id).values_list("id", flat=True)
    found = told(list(theirs), before=int(before) if before.isdecimal() else None, most=_MESSAGES + 1)
    shown = found[:_MESSAGES]
    return show(
        request,
        session,
        "messages",
        messages=[(one, ledger(one.notice)) for one in shown],
        older=shown[-1].notice if len(found) > len(shown) else None,
        may_confirm=sessions.has_shown_pin(session),
    )


@require_POST
@signed_in
def read(request: HttpRequest, session: Session, number: int) -> HttpResponse:
    """They have read a message: the PIN that they gave stands for it."""
    if not sessions.has_shown_pin(session) or not confirm_signed_in(number, session.registrant_id):
        raise Http404
    return done("my-messages", "read")


@require_POST
@signed_in
def pause(request: HttpRequest, session: Session, number: int) -> HttpResponse:
    """Quiet, from now on."""
    actions.must_be_theirs(session, number)
    registrations.pause(number)
    return done("my", "paused")


@require_POST
@signed_in
def resume(request: HttpRequest, session: Session, number: int) -> HttpResponse:
    """The quiet is over."""
    actions.must_be_theirs(session, number)
    pipeline.resume_registration(number, by=actions.REGISTRANT)
    return done("my", "resumed")


@require_POST
@signed_in
def mail_on(request: HttpRequest, session: Session, number: int, contact: int) -> HttpResponse:
    """An unsubscribe is over: mail about this goes to that contact again."""
    actions.must_be_theirs(session, number)
    unmute(number, contact, by=actions.REGISTRANT)
    return done("my", "mail-on")


@require_http_methods(["GET", "HEAD", "POST"])
@sure
def end(request: HttpRequest, session: Session, number: int) -> HttpResponse:
    """No more about this person."""
    if own_registration(session.registrant, number) is None:
        raise Http404
    if request.method == "POST":
        actions.end_registration(session, number)
        return done("my", "ended")
    return ask(
        request,
        session,
        Nothing(),
        gettext("End this?"),
        lead=gettext(
            "We will tell you nothing more about this person, not even if they get out. To be told again, you must "
            "sign up again. If you want a break, pause instead."
        ),
        button=gettext("End it"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sure
def hand_over(request: HttpRequest, session: Session, number: int) -> HttpResponse:
    """A colleague takes over."""
    found = own_registration(session.registrant, number)
    if found is None or not found.can_hand_over:
        raise Http404
    form = Contact(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.hand_registration_over(session, number, **form.given())
        except WatchwordError:
            form.add_error(None, gettext("This cannot be handed over now. Please call us."))
        else:
            return done("my", "handed")
    return ask(
        request,
        session,
        form,
        gettext("Hand over to a colleague"),
        lead=gettext(
            "How do we reach your colleague? We send them a code. When they have typed it, they take over."
        ),
        button=gettext("Send the code"),
    )


@require_safe
@signed_in
def about(request: HttpRequest, session: Session) -> HttpResponse:
    """What we do not see, and whom to ask for help now."""
    return show(request, session, "about")
