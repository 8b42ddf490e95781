"""Who is signed in: a key in a cookie that no script reads, that no other site's page sends, and that ends with the
browser; what it opens is kept on our side."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation

from watchword.account.actions import NotTheirsError
from watchword.registrants.coming_back import sessions
from watchword.registrants.coming_back.models import Session
from watchword.site.pages import page

_COOKIE = "my"
_SALT = "watchword.my"
_PATH = "/my"

_More = ParamSpec("_More")
_View = Callable[Concatenate[HttpRequest, _More], HttpResponse]
_SignedInView = Callable[Concatenate[HttpRequest, Session, _More], HttpResponse]


def own(view: _View[_More]) -> _View[_More]:
    """A page of ours with a form that only a page of ours may send: so our own site, and no other, is told where a
    reader comes from. (With no referrer at all a browser hides the form's origin too, which the check needs.)"""

    @wraps(view)
    def wrapper(request: HttpRequest, /, *args: _More.args, **kwargs: _More.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "same-origin"
        return response

    return page(wrapper)


def signed_in(view: _SignedInView[_More]) -> _View[_More]:
    """A page for whoever is signed in, in the language of their session; anybody else is led to the door."""

    @wraps(view)
    def wrapper(request: HttpRequest, /, *args: _More.args, **kwargs: _More.kwargs) -> HttpResponse:
        session = sessions.current(key_of(request))
        if session is None:
            return HttpResponseRedirect(reverse("my-in"))
        if request.GET.get("lang") in dict(settings.LANGUAGES):
            sessions.speak(session, request.GET["lang"])
        else:
            translation.activate(session.language)  # `page` puts the former one back
        try:
            return view(request, session, *args, **kwargs)
        except NotTheirsError:
            raise Http404 from None

    return own(wrapper)


def sure(view: _SignedInView[_More]) -> _View[_More]:
    """A page for whoever has shown both the PIN and a contact a short while ago; others are asked first."""

    @wraps(view)
    def wrapper(
        request: HttpRequest, session: Session, /, *args: _More.args, **kwargs: _More.kwargs
    ) -> HttpResponse:
        if not sessions.is_sure(session):
            return HttpResponseRedirect(f"{reverse('my-sure')}?{urlencode({'next': request.path})}")
        return view(request, session, *args, **kwargs)

    return signed_in(wrapper)


def key_of(request: HttpRequest) -> str:
    """The key that the browser holds; '' where it holds none that we made."""
    return str(request.get_signed_cookie(_COOKIE, default="", salt=_SALT))


def let_in(key: str) -> HttpResponse:
    """To the first page, with the key."""
    response = HttpResponseRedirect(reverse("my"))
    response.set_signed_cookie(
        _COOKIE,
        key,
        salt=_SALT,
        path=_PATH,
        secure=settings.CSRF_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


def let_out(request: HttpRequest, where: str) -> HttpResponse:
    """Signed out, and gone to this address."""
    sessions.end(key_of(request))
    response = HttpResponseRedirect(where)
    response.delete_cookie(_COOKIE, path=_PATH, samesite="Strict")
    return response
