"""The Calls API: `/2010-04-01/Accounts/{Sid}/Calls`."""

from typing import Any

from aiohttp import web

from watchword.carrier.calling import place_call
from watchword.carrier.conversation import Document
from watchword.carrier.errors import ApiError
from watchword.carrier.exchange import Exchange, NotPossible, new_sid
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
from watchword.carrier.records import Call, Detection
from watchword.core import clock

_BASE = "/2010-04-01/Accounts/{account}"
_LONGEST_RING_SECONDS = 600.0


def routes() -> list[web.RouteDef]:
    """The paths that this module serves."""
    return [
        web.post(_BASE + "/Calls.json", endpoint("calls", _create)),
        web.get(_BASE + "/Calls.json", endpoint("reads", _list)),
        web.get(_BASE + "/Calls/{sid}.json", endpoint("reads", _fetch)),
        web.post(_BASE + "/Calls/{sid}.json", endpoint("calls", _update)),
    ]


async def _create(exchange: Exchange, request: web.Request) -> web.Response:
    call = _asked_for(await form(request))
    place_call(exchange, call)
    return json_response(_written(exchange, call) | {"status": "queued"}, 201)


def _asked_for(fields: dict[str, list[str]]) -> Call:
    """The call that a form describes; ApiError where it lacks something."""
    to, from_, url, twiml, callback = (
        first(fields, name) for name in ("To", "From", "Url", "Twiml", "StatusCallback")
    )
    if not to:
        raise ApiError(21201)
    if not from_:
        raise ApiError(21213)
    if not twiml and not is_web_address(url):
        raise ApiError(21205)
    if callback and not is_web_address(callback):
        raise ApiError(21609, url=callback)
    try:
        ring_seconds = min(max(float(first(fields, "Timeout", "30")), 0), _LONGEST_RING_SECONDS)
    except ValueError:
        raise ApiError(20001, detail="Timeout must be a number of seconds.") from None
    events = " ".join(fields.get("StatusCallbackEvent", ["completed"])).split()
    at = clock.now()
    return Call(
        sid=new_sid("CA"),
        at=at,
        updated_at=at,
        direction="outbound-api",
        from_=from_,
        to=to,
        url=url,
        method=_method(fields, "Method"),
        twiml=twiml,
        callback=callback,
        callback_method=_method(fields, "StatusCallbackMethod"),
        callback_events=frozenset(events),
        ring_seconds=ring_seconds,
        send_digits=first(fields, "SendDigits"),
        detection=_detection(fields),
    )


def _detection(fields: dict[str, list[str]]) -> Detection | None:
    """Whether, and how, the caller wants to know that a machine took the call."""
    kind, callback = first(fields, "MachineDetection"), first(fields, "AsyncAmdStatusCallback")
    if not kind:
        return None
    if kind not in ("Enable", "DetectMessageEnd"):
        raise ApiError(20001, detail="MachineDetection must be Enable or DetectMessageEnd.")
    if callback and not is_web_address(callback):
        raise ApiError(21609, url=callback)
    return Detection(
        waits_for_beep=kind == "DetectMessageEnd",
        holds_up_the_call=first(fields, "AsyncAmd").lower() != "true",
        callback=callback,
        callback_method=_method(fields, "AsyncAmdStatusCallbackMethod"),
    )


def _method(fields: dict[str, list[str]], name: str) -> str:
    method = first(fields, name, "POST").upper()
    if method not in ("GET", "POST"):
        raise ApiError(20001, detail=f"{name} must be GET or POST.")
    return method


async def _list(exchange: Exchange, request: web.Request) -> web.Response:
    query = request.query
    wanted = {name: query[name] for name in ("To", "From", "Status", "ParentCallSid") if query.get(name)}
    in_time = time_filter(query, "StartTime")

    def matches(call: Call) -> bool:
        facts = {"To": call.to, "From": call.from_, "Status": call.status, "ParentCallSid": call.parent_sid}
        return all(facts[name] == value for name, value in wanted.items()) and in_time(call.at)

    newest = newest_first(
        exchange, exchange.calls, lambda phone: phone.calls, query.get("To"), query.get("From")
    )
    return page_of(request, "calls", filter(matches, newest), lambda call: _written(exchange, call))


async def _fetch(exchange: Exchange, request: web.Request) -> web.Response:
    return json_response(_written(exchange, _named(exchange, request)))


async def _update(exchange: Exchange, request: web.Request) -> web.Response:
    """End a call, or send it elsewhere while it is spoken."""
    call, fields = _named(exchange, request), await form(request)
    url, twiml, status = (first(fields, name) for name in ("Url", "Twiml", "Status"))
    if twiml or is_web_address(url):
        _send_elsewhere(exchange, call, Document(url, _method(fields, "Method"), twiml))
    else:
        await _end(exchange, call, status)
    return json_response(_written(exchange, call))


def _send_elsewhere(exchange: Exchange, call: Call, document: Document) -> None:
    try:
        exchange.flows[call.sid].go_on_with(document)
    except (KeyError, NotPossible):
        raise ApiError(21220, sid=call.sid, status=call.status) from None


async def _end(exchange: Exchange, call: Call, status: str) -> None:
    """`canceled` only before it is answered, `completed` at any time."""
    if status not in ("canceled", "completed"):
        raise ApiError(
            20001, detail="Status must be canceled or completed, or Url or Twiml say where to go on."
        )
    if call.over or (status == "canceled" and call.status == "in-progress"):
        raise ApiError(21220, sid=call.sid, status=call.status)
    flow = exchange.flows[call.sid]
    flow.end()
    await flow.ended()


def _named(exchange: Exchange, request: web.Request) -> Call:
    call = exchange.calls.get(request.match_info["sid"])
    if call is None:
        raise ApiError(20404, path=request.path)
    return call


def _written(exchange: Exchange, call: Call) -> dict[str, Any]:
    """The call as this API writes it."""
    uri = f"/2010-04-01/Accounts/{exchange.account}/Calls/{call.sid}"
    return {
        "sid": call.sid,
        "account_sid": exchange.account,
        "annotation": None,
        "answered_by": call.answered_by,
        "api_version": "2010-04-01",
        "caller_name": None,
        "date_created": written_time(call.at),
        "date_updated": written_time(call.updated_at),
        "direction": call.direction,
        "duration": None if call.duration is None else str(call.duration),
        "end_time": written_time(call.ended_at),
        "forwarded_from": None,
        "from": call.from_,
        "from_formatted": call.from_,
        "group_sid": None,
        "parent_call_sid": call.parent_sid,
        "phone_number_sid": None,
        "price": None,
        "price_unit": "USD",
        "queue_time": "0",
        "start_time": written_time(call.started_at),
        "status": call.status,
        "subresource_uris": {},
        "to": call.to,
        "to_formatted": call.to,
        "trunk_sid": None,
        "uri": f"{uri}.json",
    }
