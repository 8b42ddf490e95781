"""The one address of signing up: every page of it is the answer to the page before.

No cookie stands behind these forms: what a page carries is all there is, so there is nothing for a forged request to
ride on.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from watchword.core.errors import WatchwordError
from watchword.registrants.asking.limits import may_knock
from watchword.site.asker import address_of
from watchword.site.pages import page
from watchword.site.sign_up import codes
from watchword.site.sign_up.draft import Draft, opened
from watchword.site.sign_up.order import STEPS, before, following, place_of, step_named
from watchword.site.sign_up.person import AGAIN, Know, People
from watchword.site.sign_up.places import names_of_places
from watchword.site.sign_up.questions import Step
from watchword.site.sign_up.reaching import Language
from watchword.site.sign_up.taking import look, take, unanswered

_FIRST = STEPS[0]


@csrf_exempt
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@page
def sign_up(request: HttpRequest) -> HttpResponse:
    """Ask the first question, or take an answer and ask the next."""
    sealed = request.POST.get("draft")
    if sealed is None:
        if not names_of_places():
            return render(request, "site/sign_up/closed.html")
        return _ask(request, Draft(step=_FIRST.name), _FIRST)
    draft = opened(sealed)
    if draft is None:
        return render(request, "site/sign_up/over.html")
    if draft.kept is not None:
        return codes.answer(request, draft, draft.kept)
    step = step_named(draft.step) or _FIRST
    match request.POST.get("go"):
        case "stay":
            return _ask(request, draft, step)
        case "back":
            return _ask(request, draft, before(draft, step) or _FIRST)
    form = step(draft, place_of(draft), request.POST)
    if not form.is_valid():
        return _ask(request, draft, step, form)
    draft.answers[step.name] = form.typed(request.POST)
    if step is People and draft.said(People.name, "chosen") == AGAIN:
        return _ask(request, draft, Know)
    return _go_on(request, draft, step)


def _go_on(request: HttpRequest, draft: Draft, step: type[Step]) -> HttpResponse:
    place = place_of(draft)
    following_step = next(following(draft, step), None)
    if following_step is People and place is not None:
        if not may_knock("look", address_of(request)):
            return render(request, "site/sign_up/busy.html", status=429)
        look(draft, place)
    if following_step is not None:
        return _ask(request, draft, following_step)
    missing = unanswered(draft)
    if missing is not None or place is None:
        return _ask(request, draft, missing or _FIRST)
    if not may_knock("ask", address_of(request)):
        return render(request, "site/sign_up/busy.html", status=429)
    try:
        kept = take(draft, place)
    except WatchwordError:  # what the office asks has changed meanwhile
        return render(request, "site/sign_up/over.html")
    return codes.show(request, Draft(step="codes", kept=kept), kept)


def _ask(request: HttpRequest, draft: Draft, step: type[Step], form: Step | None = None) -> HttpResponse:
    if step is Language and form is None:
        draft = draft.model_copy(update={"sheet": Draft(step=step.name).sheet})
    shown = draft.model_copy(update={"step": step.name})
    form = form or step(shown, place_of(shown))
    return render(
        request,
        step.template,
        {
            "form": form,
            "title": form.heading(),
            "draft": shown.sealed(),
            "is_first": step is _FIRST,
            "place": form.place,
            "as_of": draft.as_of,
        },
    )
