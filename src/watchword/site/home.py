"""The front page, and in the demo the way from a roster to a person, live."""

from ipaddress import ip_address

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from watchword.site.pages import page
from watchword.site.queries import way_now


@require_safe
@page
def home(request: HttpRequest) -> HttpResponse:
    """What the office does, and the doors to it."""
    return render(request, "site/home.html", {"demo": _shows_the_way(request)})


@require_safe
@page
def way(request: HttpRequest) -> HttpResponse:
    """The live way of the demo."""
    _only_in_the_demo(request)
    return render(request, "site/live.html", {"way": way_now(), "still": "still" in request.GET})


@require_safe
@page
def way_part(request: HttpRequest) -> HttpResponse:
    """The part of the live page that changes, as htmx asks for it."""
    _only_in_the_demo(request)
    return render(request, "site/_way.html", {"way": way_now()})


def _only_in_the_demo(request: HttpRequest) -> None:
    if not _shows_the_way(request):
        raise Http404


def _shows_the_way(request: HttpRequest) -> bool:
    """Only `watchword demo` sets the switch, for people who do not exist, and only this machine may look."""
    return settings.WATCHWORD.demo and ip_address(request.META["REMOTE_ADDR"]).is_loopback
