"""The control API, `/exchange/...`, for tests and scripts: see and set everything, as JSON. No part of a real carrier.

Described for its users in docs/reference/carrier.md.
"""

import asyncio
import json
from contextlib import suppress
from itertools import islice

from aiohttp import web

from watchword.carrier import requests, views
from watchword.carrier.calling import CallFlow, call_from_phone
from watchword.carrier.exchange import Exchange, NotPossible, is_phone_number
from watchword.carrier.listeners import Person, Script
from watchword.carrier.provider import json_response
from watchword.carrier.records import Call
from watchword.carrier.serving import Refused, asked_for, limit_of, serve
from watchword.carrier.texting import text_from_phone

_HEARTBEAT_SECONDS = 15.0


def routes() -> list[web.RouteDef]:
    """The paths that this module serves."""
    return [
        web.get("/exchange", serve(_overview)),
        web.get("/exchange/log", serve(_log)),
        web.get("/exchange/events", serve(_events)),
        web.post("/exchange/reset", serve(_reset)),
        web.post("/exchange/settle", serve(_settle)),
        web.put("/exchange/latency", serve(_set_latency)),
        web.get("/exchange/faults", serve(_faults)),
        web.post("/exchange/faults", serve(_add_fault)),
        web.delete("/exchange/faults", serve(_clear_faults)),
        web.get("/exchange/phones", serve(_phones)),
        web.get("/exchange/phones/{number}", serve(_phone)),
        web.put("/exchange/phones/{number}", serve(_set_phone)),
        web.get("/exchange/phones/{number}/texts", serve(_texts)),
        web.post("/exchange/phones/{number}/texts", serve(_send_text)),
        web.get("/exchange/phones/{number}/calls", serve(_calls)),
        web.post("/exchange/phones/{number}/calls", serve(_start_call)),
        web.get("/exchange/calls/{sid}", serve(_call)),
        web.post("/exchange/calls/{sid}/pick-up", serve(_pick_up)),
        web.post("/exchange/calls/{sid}/keys", serve(_press)),
        web.post("/exchange/calls/{sid}/hang-up", serve(_hang_up)),
        web.put("/exchange/lines/{number}", serve(_set_line)),
    ]


def _number(request: web.Request) -> str:
    number = request.match_info["number"]
    if not is_phone_number(number):
        raise Refused(400, f"{number} is not an E.164 number such as +12025550123.")
    return number


# The exchange


async def _overview(exchange: Exchange, request: web.Request) -> web.Response:
    return json_response(views.overview(exchange))


def _after(request: web.Request, unset: int) -> int:
    try:
        return int(request.query.get("after", unset))
    except ValueError:
        raise Refused(400, "after must be a number.") from None


async def _log(exchange: Exchange, request: web.Request) -> web.Response:
    kind = request.query.get("kind")
    entries = (entry for entry in exchange.log_after(_after(request, 0)) if kind in (None, entry.kind))
    return json_response({"log": [views.log_entry(entry) for entry in islice(entries, limit_of(request))]})


async def _events(exchange: Exchange, request: web.Request) -> web.StreamResponse:
    seen = _after(request, exchange.happenings.last)
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    with suppress(ConnectionError):  # the page was closed
        await response.write(b": watching\n\n")
        while True:
            try:
                async with asyncio.timeout(_HEARTBEAT_SECONDS):
                    events = await exchange.happenings.after(seen)
            except TimeoutError:
                await response.write(b": still here\n\n")
                continue
            if not events:
                break
            seen = events[-1][0]
            await response.write("".join(f"data: {json.dumps(event)}\n\n" for _, event in events).encode())
    return response


async def _reset(exchange: Exchange, request: web.Request) -> web.Response:
    await exchange.reset()
    return json_response(views.overview(exchange))


async def _settle(exchange: Exchange, request: web.Request) -> web.Response:
    await exchange.settled()
    return json_response(views.overview(exchange))


async def _set_latency(exchange: Exchange, request: web.Request) -> web.Response:
    exchange.latency_ms = (await asked_for(request, requests.Latency)).latency_ms
    return json_response(views.overview(exchange))


async def _faults(exchange: Exchange, request: web.Request) -> web.Response:
    return json_response({"faults": [views.fault(fault) for fault in exchange.faults.in_force()]})


async def _add_fault(exchange: Exchange, request: web.Request) -> web.Response:
    asked = await asked_for(request, requests.NewFault)
    try:
        exchange.misbehave(asked.fault())
    except ValueError as error:
        raise Refused(400, str(error)) from None
    return json_response({"faults": [views.fault(fault) for fault in exchange.faults.in_force()]}, 201)


async def _clear_faults(exchange: Exchange, request: web.Request) -> web.Response:
    exchange.faults.clear()
    return json_response({"faults": []})


async def _set_line(exchange: Exchange, request: web.Request) -> web.Response:
    asked = await asked_for(request, requests.LineSetting)
    line = exchange.line(_number(request))
    line.message_url = asked.message_url or line.message_url
    line.voice_url = asked.voice_url or line.voice_url
    return json_response(views.line(line))


# Phones


async def _phones(exchange: Exchange, request: web.Request) -> web.Response:
    newest = islice(exchange.phones.newest_first(), limit_of(request))
    return json_response({"phones": [views.phone(phone) for phone in newest]})


async def _phone(exchange: Exchange, request: web.Request) -> web.Response:
    phone = exchange.phones.get(_number(request))
    if phone is None:
        raise Refused(404, "Nothing is known of this phone: nobody has texted, called or set it.")
    return json_response(views.phone(phone))


async def _set_phone(exchange: Exchange, request: web.Request) -> web.Response:
    asked = await asked_for(request, requests.PhoneSetting)
    phone = exchange.phone(_number(request))
    phone.label = phone.label if asked.label is None else asked.label
    phone.calling = asked.calls or phone.calling
    phone.texting = asked.texts or phone.texting
    exchange.happenings.add("phone", phone.number)
    return json_response(views.phone(phone))


async def _texts(exchange: Exchange, request: web.Request) -> web.Response:
    phone = exchange.phones.get(_number(request))
    texts = [text for text in phone.texts if text.arrived] if phone else []
    return json_response({"texts": [views.text(text) for text in texts]})


async def _send_text(exchange: Exchange, request: web.Request) -> web.Response:
    asked = await asked_for(request, requests.NewText)
    exchanged = await text_from_phone(exchange, _number(request), asked.body, asked.to)
    return json_response(
        {
            "text": views.text(exchanged.text),
            "webhook_status": exchanged.webhook_status,
            "replies": [views.text(reply) for reply in exchanged.replies],
        },
        201,
    )


# Calls


async def _calls(exchange: Exchange, request: web.Request) -> web.Response:
    phone = exchange.phones.get(_number(request))
    return json_response({"calls": [views.call(call) for call in phone.calls] if phone else []})


async def _start_call(exchange: Exchange, request: web.Request) -> web.Response:
    asked = await asked_for(request, requests.NewCall)
    listener = Person(asked.pace) if asked.keys is None else Script(asked.keys, asked.pace)
    call = call_from_phone(exchange, _number(request), asked.to, listener)
    return json_response(views.call(call), 201)


def _named(exchange: Exchange, request: web.Request) -> Call:
    call = exchange.calls.get(request.match_info["sid"])
    if call is None:
        raise Refused(404, "There is no such call.")
    return call


def _flow(exchange: Exchange, request: web.Request) -> CallFlow:
    call = _named(exchange, request)
    flow = exchange.flows.get(call.sid)
    if flow is None:
        raise NotPossible(f"This call is {call.status}.")
    return flow


async def _call(exchange: Exchange, request: web.Request) -> web.Response:
    return json_response(views.call(_named(exchange, request)))


async def _pick_up(exchange: Exchange, request: web.Request) -> web.Response:
    flow = _flow(exchange, request)
    flow.pick_up(Person((await asked_for(request, requests.PickUp)).pace))
    return json_response(views.call(flow.call))


async def _press(exchange: Exchange, request: web.Request) -> web.Response:
    flow = _flow(exchange, request)
    asked = await asked_for(request, requests.PressedKeys)
    heard = await flow.press(asked.digits, asked.wait_ms / 1000)
    return json_response({"heard": heard, "call": views.call(flow.call)})


async def _hang_up(exchange: Exchange, request: web.Request) -> web.Response:
    flow = _flow(exchange, request)
    flow.hang_up()
    await flow.ended()
    return json_response(views.call(flow.call))
