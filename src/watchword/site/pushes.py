"""The page of pushes: what went to partners' systems, and a button to send it once more.

It is for people who need no account at the desk: behind a signed link that `watchword partner replay-link` prints for
one person, for an hour (docs/decisions/0007-a-push-is-a-delivery.md): being on this machine is no proof behind a
proxy, where everybody seems to be.
"""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from watchword.delivery.links import who_replays
from watchword.delivery.queries import newest_pushes
from watchword.delivery.replays import replay_one
from watchword.registrants.partners import list_partners
from watchword.site.pages import page


@require_safe
@page
def pushes(request: HttpRequest, token: str) -> HttpResponse:
    """The newest pushes, of all partners or of one; older ones further on."""
    by = _whose(token)
    partner, before = request.GET.get("partner", ""), request.GET.get("before", "")
    shown = newest_pushes(partner or None, int(before) if before.isdecimal() and len(before) < 19 else None)
    return render(
        request,
        "site/pushes.html",
        {
            "token": token,
            "by": by,
            "partner": partner,
            "partners": [each["name"] for each in list_partners()],
            "pushes": shown.pushes,
            "older": urlencode({"partner": partner, "before": shown.older}) if shown.older else "",
            "asked": request.GET.get("asked", ""),
        },
    )


# No cookie and no session stand behind this form: its address is all the authority there is.
@csrf_exempt
@require_POST
@page
def replay(request: HttpRequest, token: str, delivery: int) -> HttpResponse:
    """Send one push again, then show the page that the button was on."""
    asked = replay_one(delivery, by=_whose(token))
    query = {"partner": request.POST.get("partner", ""), "asked": "yes" if asked else "no"}
    return HttpResponseRedirect(f"{reverse('pushes', args=[token])}?{urlencode(query)}")


def _whose(token: str) -> str:
    """For whom the link was made; for any other token there is no such page."""
    by = who_replays(token)
    if by is None:
        raise Http404
    return by
