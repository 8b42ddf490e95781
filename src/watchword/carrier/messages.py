"""The Messages API: `/2010-04-01/Accounts/{Sid}/Messages`."""

from typing import Any

from aiohttp import web

from watchword.carrier.errors import ApiError
from watchword.carrier.exchange import Exchange
from watchword.carrier.provider import (
    endpoint,
    first,
    form,
    is_web_address,
    json_response,
    newest_first,
    page_of,
    time_filter,
    written_time,
)
from watchword.carrier.records import Text
from watchword.carrier.texting import send_text

_BASE = "/2010-04-01/Accounts/{account}"


def routes() -> list[web.RouteDef]:
    """The paths that this module serves."""
    return [
        web.post(_BASE + "/Messages.json", endpoint("messages", _create)),
        web.get(_BASE + "/Messages.json", endpoint("reads", _list)),
        web.get(_BASE + "/Messages/{sid}.json", endpoint("reads", _fetch)),
    ]


async def _create(exchange: Exchange, request: web.Request) -> web.Response:
    fields = await form(request)
    to, from_, body, callback = (first(fields, name) for name in ("To", "From", "Body", "StatusCallback"))
    if not to:
        raise ApiError(21604)
    if not from_:
        raise ApiError(21603)
    if not body:
        raise ApiError(21602)
    if callback and not is_web_address(callback):
        raise ApiError(21609, url=callback)
    text = send_text(exchange, from_=from_, to=to, body=body, callback=callback)
    return json_response(_written(exchange, text) | {"status": "queued", "date_sent": None}, 201)


async def _list(exchange: Exchange, request: web.Request) -> web.Response:
    to, from_ = request.query.get("To"), request.query.get("From")
    in_time = time_filter(request.query, "DateSent")
    texts = (
        text
        for text in newest_first(exchange, exchange.texts, lambda phone: phone.texts, to, from_)
        if (not to or text.to == to) and (not from_ or text.from_ == from_) and in_time(text.at)
    )
    return page_of(request, "messages", texts, lambda text: _written(exchange, text))


async def _fetch(exchange: Exchange, request: web.Request) -> web.Response:
    text = exchange.texts.get(request.match_info["sid"])
    if text is None:
        raise ApiError(20404, path=request.path)
    return json_response(_written(exchange, text))


def _written(exchange: Exchange, text: Text) -> dict[str, Any]:
    """The message as this API writes it."""
    uri = f"/2010-04-01/Accounts/{exchange.account}/Messages/{text.sid}"
    return {
        "sid": text.sid,
        "account_sid": exchange.account,
        "api_version": "2010-04-01",
        "body": text.body,
        "date_created": written_time(text.at),
        "date_sent": written_time(text.at),
        "date_updated": written_time(text.updated_at),
        "direction": text.direction,
        "error_code": text.error_code,
        "error_message": None if text.error_code is None else f"Error {text.error_code}",
        "from": text.from_,
        "messaging_service_sid": None,
        "num_media": "0",
        "num_segments": str(text.segments),
        "price": None,
        "price_unit": "USD",
        "status": text.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": text.to,
        "uri": f"{uri}.json",
    }
