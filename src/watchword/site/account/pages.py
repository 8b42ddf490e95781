"""What every page here is drawn with: a form, and a word of what was just done."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from watchword.registrants.coming_back.models import Session
from watchword.site.forms import PlainForm

_DONE: dict[str, str | Promise] = {
    "added": _("A code is on its way. Type it below. We use the contact once you have."),
    "again": _("If a code can be sent there now, it is on its way."),
    "called": _("If the phone can be called now, it rings in a moment. Pick up, and enter your PIN."),
    "code": _("Thank you. We can use this contact now."),
    "removed": _("We do not use that contact any more."),
    "changed": _("Your wish is kept."),
    "quiet-ended": _("That time is over."),
    "test": _("A test is on its way. It says that it is a test, and nothing else."),
    "no-test": _(
        "No test can be sent there now. It may be an hour that is not safe, or you have had a few just now."
    ),
    "paused": _(
        "Paused. We send nothing until you turn it on again. Then you get one message on what happened."
    ),
    "resumed": _("On again. A message on how things stand is on its way."),
    "mail-on": _("On again. Emails about this go there from now on."),
    "ended": _("It has ended. We send nothing more about this person."),
    "handed": _(
        "Your colleague gets a code. When they have typed it, they take over. Until then, we tell you."
    ),
    "read": _("Thank you. We know now that you have this message."),
    "pin": _("Your new PIN is good from now on."),
    "sure": _("Thank you. For ten minutes, you can change things."),
}


def done(name: str, what: str, *args: int) -> HttpResponse:
    """To this page, which says that it is done."""
    return HttpResponseRedirect(f"{reverse(name, args=args)}?done={what}")


def show(request: HttpRequest, session: Session, template: str, **shown: Any) -> HttpResponse:
    """A page of the one who is signed in."""
    said = {"session": session, "done": _DONE.get(request.GET.get("done", ""), "")}
    return render(request, f"site/account/{template}.html", said | shown)


def ask(
    request: HttpRequest,
    session: Session,
    form: PlainForm,
    title: str,
    *,
    lead: str = "",
    button: str = "",
    back: str = "",
) -> HttpResponse:
    """A page with one form; `lead` stands before it, `back` is where its way back leads."""
    return show(
        request,
        session,
        "ask",
        form=form,
        title=title,
        lead=lead,
        button=button,
        back=back or reverse("my"),
    )
