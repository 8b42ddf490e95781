"""What every page of ours has in common: the reader's language, and headers that keep it private."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from watchword.site.languages import language_of

# Only files of our own run, style or load; nothing may frame a page, and a form goes nowhere else.
_CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": _CONTENT_POLICY,
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}

_More = ParamSpec("_More")
_View = Callable[Concatenate[HttpRequest, _More], HttpResponse]


def page(view: _View[_More]) -> _View[_More]:
    """A view of ours: in the reader's language, kept by no cache or index, and running nothing but our own files."""

    @wraps(view)
    def wrapper(request: HttpRequest, /, *args: _More.args, **kwargs: _More.kwargs) -> HttpResponse:
        with translation.override(language_of(request)):
            response = view(request, *args, **kwargs)
            response["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
        patch_vary_headers(response, ["Accept-Language"])
        return kept_private(response)

    return wrapper


def kept_private(response: HttpResponse) -> HttpResponse:
    """The response, with the headers that keep a page of ours private, where it has not said its own."""
    for name, value in _HEADERS.items():
        response.setdefault(name, value)
    return response
