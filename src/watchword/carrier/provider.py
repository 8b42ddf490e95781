"""What the providers' APIs have in common: who may ask, forms, times, lists in pages, and faults."""

import asyncio
import hmac
import json
import re
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit

from aiohttp import web

from watchword.carrier.errors import ApiError, Refusal
from watchword.carrier.exchange import Exchange
from watchword.carrier.faults import Api, Fault
from watchword.carrier.records import KEPT_PER_PLACE, Call, Kept, Phone, Text

EXCHANGE = web.AppKey("exchange", Exchange)

Handler = Callable[[Exchange, web.Request], Awaitable[web.Response]]
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_PAGE_SIZE, _LARGEST_PAGE = 50, 1000
Item = TypeVar("Item", Text, Call)


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """Which provider's API it is: whom it lets in, and how it refuses."""

    is_owner: Callable[[Exchange, web.Request], bool]
    stranger: Refusal
    broken: Refusal
    too_many: Refusal
    come_back: Callable[[float], dict[str, str]]
    """The header that says in how many seconds."""


def endpoint(
    api: Api, handler: Handler, house: House | None = None
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """`handler` as the provider serves it: to the account's owner only, after the set latency, with the set faults.

    `house` unset: the provider of texts and calls.
    """
    house = house or _TEXTS_AND_CALLS

    async def serve(request: web.Request) -> web.StreamResponse:
        exchange = request.app[EXCHANGE]
        if not house.is_owner(exchange, request):
            return house.stranger.response()
        fault = exchange.faults.take(api)
        if fault is not None and not fault.accepts:
            return await _refuse(fault, request, house)
        if fault is not None and fault.kind == "held":
            await request.read()
            _cut(request)
            await asyncio.sleep(fault.seconds)
        try:
            response = await handler(exchange, request)
        except Refusal as error:
            response = error.response()
        await exchange.late()
        return response if fault is None else await _spoil(fault, request, response, house)

    return serve


@lru_cache(maxsize=8)
def _basic_auth(user: str, password: str) -> bytes:
    return b"Basic " + b64encode(f"{user}:{password}".encode())


def gives(request: web.Request, user: str, password: str) -> bool:
    """Whether the request names this user and password."""
    given = request.headers.get("Authorization", "").encode()
    return hmac.compare_digest(given, _basic_auth(user, password))


def _is_owner(exchange: Exchange, request: web.Request) -> bool:
    right = gives(request, exchange.account, exchange.token)
    return right and request.match_info["account"] == exchange.account


_TEXTS_AND_CALLS = House(
    is_owner=_is_owner,
    stranger=ApiError(20003),
    broken=ApiError(20500),
    too_many=ApiError(20429),
    come_back=lambda seconds: {"Retry-After": f"{seconds:g}"},
)


async def _refuse(fault: Fault, request: web.Request, house: House) -> web.Response:
    match fault.kind:
        case "server_error":
            return house.broken.response()
        case "too_many":
            return _busy(fault, house)
        case "hang":
            await asyncio.sleep(fault.seconds)
            return _cut(request)
        case _:
            raise AssertionError(f"{fault.kind} does not refuse a request")


def _busy(fault: Fault, house: House) -> web.Response:
    response = house.too_many.response()
    response.headers.update(house.come_back(fault.seconds))
    return response


async def _spoil(fault: Fault, request: web.Request, response: web.Response, house: House) -> web.Response:
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
        return response
    if fault.kind == "denied":
        return _busy(fault, house)
    if fault.kind in ("cut", "held"):
        return _cut(request)
    return web.Response(text="<html>\x00\ufffd{{{ 0x1F", content_type="text/html", status=200)


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def form(request: web.Request) -> dict[str, list[str]]:
    """The fields of a form POST, each with its values."""
    return parse_qs((await request.read()).decode(errors="replace"), keep_blank_values=True)


def first(fields: Mapping[str, list[str]], name: str, default: str = "") -> str:
    """The first value of a field."""
    values = fields.get(name)
    return values[0] if values else default


def is_web_address(url: str) -> bool:
    """Whether a webhook could be at this URL."""
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def json_response(value: Any, status: int = 200) -> web.Response:
    """A JSON answer."""
    return web.Response(text=json.dumps(value), status=status, content_type="application/json")


def written_time(at: datetime | None) -> str | None:
    """A time as this API writes it: RFC 2822, whole seconds."""
    return None if at is None else _written(int(at.timestamp()))


@lru_cache(maxsize=256)
def _written(second: int) -> str:
    return format_datetime(datetime.fromtimestamp(second, UTC))


def time_filter(query: Mapping[str, str], name: str) -> Callable[[datetime], bool]:
    """The test that `Name`, `Name>` and `Name<` (each at or after, at or before) ask for; days or ISO times, in UTC."""
    earliest, latest = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    for operator in ("", ">", "<"):
        value = query.get(name + operator)
        if not value:
            continue
        try:
            start = datetime.fromisoformat(value)
        except ValueError:
            raise ApiError(20001, detail=f"{name}{operator} must be a date or an ISO 8601 time.") from None
        start = start.replace(tzinfo=UTC) if start.tzinfo is None else start
        end = start + (timedelta(days=1) if _DATE.fullmatch(value) else timedelta(seconds=1))
        if operator != "<":
            earliest = max(earliest, start)
        if operator != ">":
            latest = min(latest, end - timedelta(microseconds=1))
    return lambda at: earliest <= at <= latest


def page_of(
    request: web.Request, name: str, items: Iterator[Item], write: Callable[[Item], dict[str, Any]]
) -> web.Response:
    """One page of a list, newest first, with the addresses of the next; a page's token is the last id before it."""
    query = dict(request.query)
    try:
        size = min(max(int(query.get("PageSize", _PAGE_SIZE)), 1), _LARGEST_PAGE)
        number = max(int(query.get("Page", 0)), 0)
    except ValueError:
        raise ApiError(20001, detail="Page and PageSize must be numbers.") from None
    token = query.get("PageToken")
    if token:
        items = _after(items, token.removeprefix("PA"))
    page = list(islice(items, size + 1))
    more, page = len(page) > size, page[:size]
    kept = {key: value for key, value in query.items() if key not in ("Page", "PageToken", "PageSize")}

    def address(**place: str) -> str:
        return f"{request.path}?{urlencode(kept | {'PageSize': str(size)} | place)}"

    body = {
        "first_page_uri": address(Page="0"),
        "end": number * size + max(len(page) - 1, 0),
        "previous_page_uri": None,
        name: [write(item) for item in page],
        "uri": request.path_qs,
        "page_size": size,
        "start": number * size,
        "next_page_uri": address(Page=str(number + 1), PageToken=f"PA{page[-1].sid}") if more else None,
        "page": number,
    }
    return json_response(body)


def newest_first(
    exchange: Exchange, kept: Kept[Item], of_phone: Callable[[Phone], list[Item]], *numbers: str | None
) -> Iterator[Item]:
    """Texts or calls, the newest first; of one phone, where one is named and still has all that it ever had. None at
    all, where a number is named that nobody ever had to do with: going through all of them would keep others waiting.
    """
    for number in filter(None, numbers):
        phone = exchange.phones.get(number)
        if phone is not None and len(of_phone(phone)) < KEPT_PER_PLACE:
            return reversed(of_phone(phone))
        if phone is None and exchange.lines.get(number) is None:
            return iter(())
    return kept.newest_first()


def _after(items: Iterator[Item], sid: str) -> Iterator[Item]:
    for item in items:
        if item.sid == sid:
            break
    return items
