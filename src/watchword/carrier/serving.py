"""What the control API's modules have in common: who may ask, what is asked, and how it is refused."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiohttp import web
from pydantic import ValidationError

from watchword.carrier import requests
from watchword.carrier.errors import ApiError
from watchword.carrier.exchange import Exchange, NotPossible
from watchword.carrier.provider import EXCHANGE, json_response

Handler = Callable[[Exchange, web.Request], Awaitable[web.StreamResponse]]
Asked = TypeVar("Asked", bound=requests.Asked)
_MOST_ENTRIES = 10_000


class Refused(Exception):  # noqa: N818 (a refusal that its message explains)
    """A control request that cannot be carried out: HTTP status and a sentence."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        super().__init__(message)


def is_from_elsewhere(request: web.Request) -> bool:
    """Whether another web site has a browser on this machine send this request."""
    origin = request.headers.get("Origin")
    return origin is not None and origin.partition("://")[2] != request.host


def serve(handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """`handler` for requests of this machine's own, its refusals as JSON."""

    async def served(request: web.Request) -> web.StreamResponse:
        if is_from_elsewhere(request):
            return json_response({"error": "Requests from other web sites are refused."}, 403)
        try:
            return await handler(request.app[EXCHANGE], request)
        except Refused as refused:
            return json_response({"error": str(refused)}, refused.status)
        except NotPossible as refused:
            return json_response({"error": str(refused)}, 409)
        except ApiError as refused:
            return json_response({"error": refused.message, "code": refused.code}, 400)

    return served


async def asked_for(request: web.Request, kind: type[Asked]) -> Asked:
    """The request's JSON body. Refused says what is wrong with it."""
    try:
        return kind.model_validate_json(await request.read() or b"{}")
    except ValidationError as error:
        reasons = "; ".join(
            f"{'.'.join(map(str, problem['loc'])) or 'body'}: {problem['msg']}" for problem in error.errors()
        )
        raise Refused(400, reasons) from None


def limit_of(request: web.Request) -> int:
    """How many entries are asked for."""
    try:
        return min(max(int(request.query.get("limit", 1_000)), 1), _MOST_ENTRIES)
    except ValueError:
        raise Refused(400, "limit must be a number.") from None
