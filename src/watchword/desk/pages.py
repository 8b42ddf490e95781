"""What every page of the desk has in common: who is there, what they may, and headers that keep it private.

Pages of the desk are in English (docs/decisions/0011-the-desk-speaks-english.md).
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from watchword.desk.staff.models import Staff
from watchword.site.languages import WRITTEN_IN
from watchword.site.pages import kept_private

_More = ParamSpec("_More")
_View = Callable[Concatenate[HttpRequest, _More], HttpResponse]
StaffView = Callable[Concatenate[HttpRequest, Staff, _More], HttpResponse]

_LOOKING = ("GET", "HEAD")


def desk_page(view: _View[_More]) -> _View[_More]:
    """A page of the desk, for anybody: the door."""

    @wraps(view)
    def wrapper(request: HttpRequest, /, *args: _More.args, **kwargs: _More.kwargs) -> HttpResponse:
        with translation.override(WRITTEN_IN):
            response = view(request, *args, **kwargs)
            if hasattr(response, "render"):
                response.render()  # while the language is still ours
        response["Content-Language"] = WRITTEN_IN
        response["Referrer-Policy"] = "same-origin"  # without one, the check of a form's origin fails
        return kept_private(response)

    return wrapper


def for_staff(view: StaffView[_More]) -> _View[_More]:
    """A page for whoever is signed in with both factors; its form is for officers. Anybody else is led to the door."""

    @wraps(view)
    def wrapper(request: HttpRequest, /, *args: _More.args, **kwargs: _More.kwargs) -> HttpResponse:
        staff = staff_of(request)
        if staff is None:
            return HttpResponseRedirect(reverse(_door(request)))
        if request.method not in _LOOKING and not staff.decides:
            return render(request, "desk/may_not.html", {"staff": staff}, status=403)
        return view(request, staff, *args, **kwargs)

    return desk_page(wrapper)


def staff_of(request: HttpRequest) -> Staff | None:
    """Who is signed in with a password and a code, not longer ago than a working day; None for anybody else."""
    user = request.user
    if not isinstance(user, Staff):
        return None
    records: list[dict[str, Any]] = get_authentication_records(request, user)
    came_in = [each["at"] for each in records if each.get("method") == "mfa"]
    if not came_in:
        return None
    if time.time() - came_in[0] > settings.WATCHWORD.desk_hours * 3600:
        logout(request)
        return None
    return user


def _door(request: HttpRequest) -> str:
    """Whoever came with a password alone, and has no authenticator app, sets one up first."""
    user = request.user
    if user.is_authenticated and not Authenticator.objects.filter(user=user.pk).exists():
        return "mfa_activate_totp"
    logout(request)  # what was begun before an app was set up elsewhere
    return "account_login"
