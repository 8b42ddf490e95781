"""Every error of the API is a problem as RFC 9457 writes it, whoever found it: we, ninja or Django.

A problem never repeats what was sent: it may be somebody's address.
"""

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

from watchword.api.keys import TooManyRequestsError
from watchword.core.errors import WatchwordError
from watchword.registrants.asking.status_wording import StatusError

CONTENT_TYPE = "application/problem+json"
_UNDER = "/api/"
_SENTENCE_ENDS = re.compile(r"(?<=[.?!])\s+")
_COMMAND = re.compile(r"`watchword |(?<!\S)--[a-z]")
_STATUS_TYPE = "urn:watchword:immigration-status"


class Mistake(Schema):
    """One thing that is wrong with what was sent."""

    at: str = Field(description="Where: names and places in lists, with dots between them.")
    says: str


class Problem(Schema):
    """An error (RFC 9457)."""

    type: str = Field(
        "about:blank",
        description=f"`{_STATUS_TYPE}`: a text said somebody's immigration status, and nothing was saved.",
    )
    title: str
    status: int
    detail: str = Field("", description="A sentence for whoever made the request.")
    errors: list[Mistake] = []


REFUSALS: dict[Any, Any] = {frozenset({400, 401, 403, 404, 413, 422, 429}): Problem}
"""How any address may refuse; part of what each describes."""


class ProblemError(Exception):
    """Ends a request with this problem."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers or {}


def nothing_here() -> ProblemError:
    """The one answer for what there is not, and for what is another partner's."""
    return ProblemError(404, "There is nothing here that this key may see.")


def problem(
    status: int, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any
) -> HttpResponse:
    """An answer that is a problem."""
    said = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **more,
    }
    return JsonResponse(said, status=status, content_type=CONTENT_TYPE, headers=headers)


def without_commands(said: str) -> str:
    """What is wrong, without the sentences that name a command or an option of ours: a partner has no command line."""
    sentences = _SENTENCE_ENDS.split(said)
    kept = [sentence for sentence in sentences if not _COMMAND.search(sentence)]
    return " ".join(kept) or "This cannot be done here. The office can say why."


def speak_of_problems(api: NinjaAPI) -> None:
    """Have this API answer with a problem whatever is raised in it and can be explained."""

    @api.exception_handler(ProblemError)
    def _known(request: HttpRequest, error: ProblemError) -> HttpResponse:
        return problem(error.status, error.detail, headers=error.headers)

    @api.exception_handler(AuthenticationError)
    def _no_key(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return problem(
            401,
            "Show a key that is good here: Authorization: Bearer wwpk_... (a partner's) or wwsk_... (a source's).",
            headers={"WWW-Authenticate": "Bearer"},
        )

    @api.exception_handler(TooManyRequestsError)
    def _too_many(request: HttpRequest, error: TooManyRequestsError) -> HttpResponse:
        return problem(429, str(error), headers={"Retry-After": str(error.seconds)})

    @api.exception_handler(ValidationError)
    def _mistaken(request: HttpRequest, error: ValidationError) -> HttpResponse:
        mistakes = [
            {"at": ".".join(str(step) for step in each["loc"]), "says": each["msg"]} for each in error.errors
        ]
        return problem(422, "What was sent is not what is described here.", errors=mistakes)

    @api.exception_handler(HttpError)
    def _refused(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, "The body is not JSON." if error.status_code == 400 else str(error))

    @api.exception_handler(WatchwordError)
    def _explained(request: HttpRequest, error: WatchwordError) -> HttpResponse:
        kind = _STATUS_TYPE if isinstance(error, StatusError) else "about:blank"
        return problem(422, without_commands(str(error)), type=kind)


class ProblemsMiddleware:
    """What Django answers by itself under /api/ (no such address, another method, its own faults) as a problem."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        is_said = response.status_code < 400 or response.headers.get("Content-Type") == CONTENT_TYPE
        if is_said or not request.path_info.startswith(_UNDER):
            return response
        headers = {name: response.headers[name] for name in ("Allow",) if name in response.headers}
        return problem(response.status_code, HTTPStatus(response.status_code).description, headers=headers)
