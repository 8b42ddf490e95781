"""The control API, `/exchange/...`, for tests and scripts: see and set everything, as JSON. No part of a real carrier.

Described for its users in docs/reference/carrier.md.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import islice
from typing import TypeVar

from aiohttp import web
from pydantic import ValidationError

from watchword.carrier import requests, views
from watchword.carrier.calling import CallFlow, call_from_phone
from watchword.carrier.errors import ApiError
from watchword.carrier.exchange import Exchange, NotPossible, is_phone_number
from watchword.carrier.listeners import Person, Script
from watchword.carrier.provider import EXCHANGE, json_response
from watchword.carrier.records import Call
from watchword.carrier.texting import text_from_phone

Handler = Callable[[Exchange, web.Request], Awaitable[web.StreamResponse]]
Asked = TypeVar("Asked", bound=requests.Asked)
_MOST_ENTRIES = 10_000
_HEARTBEAT_SECONDS = 15.0


class Refused(Exception):  # noqa: N818 (a refusal that its message explains)
    """A control request that cannot be carried out: HTTP status and a sentence."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        super().__init__(message)


def routes() -> list[web.RouteDef]:
    """The paths that this module serves."""
    return [
        web.get("/exchange", _serve(_overview)),
        web.get("/exchange/log", _serve(_log)),
        web.get("/exchange/events", _serve(_events)),
        web.post("/exchange/reset", _serve(_reset)),
        web.post("/exchange/settle", _serve(_settle)),
        web.put("/exchange/latency", _serve(_set_latency)),
        web.get("/exchange/faults", _serve(_faults)),
        web.post("/exchange/faults", _serve(_add_fault)),
        web.delete("/exchange/faults", _serve(_clear_faults)),
        web.get("/exchange/phones", _serve(_phones)),
        web.get("/exchange/phones/{number}", _serve(_phone)),
        web.put("/exchange/phones/{number}", _serve(_set_phone)),
        web.get("/exchange/phones/{number}/texts", _serve(_texts)),
        web.post("/exchange/phones/{number}/texts", _serve(_send_text)),
        web.get("/exchange/phones/{number}/calls", _serve(_calls)),
        web.post("/exchange/phones/{number}/calls", _serve(_start_call)),
        web.get("/exchange/calls/{sid}", _serve(_call)),
        web.post("/exchange/calls/{sid}/pick-up", _serve(_pick_up)),
        web.post("/exchange/calls/{sid}/keys", _serve(_press)),
        web.post("/exchange/calls/{sid}/hang-up", _serve(_hang_up)),
        web.get("/exchange/mailboxes", _serve(_mailboxes)),
        web.get("/exchange/mailboxes/{address}", _serve(_mailbox)),
        web.put("/exchange/mailboxes/{address}", _serve(_set_mailbox)),
        web.get("/exchange/mailboxes/{address}/mails", _serve(_mails)),
        web.put("/exchange/lines/{number}", _serve(_set_line)),
    ]


def is_from_elsewhere(request: web.Request) -> bool:
    """Whether another web site has a browser on this machine send this request."""
    origin = request.headers.get("Origin")
    return origin is not None and origin.partition("://")[2] != request.host


def _serve(handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def serve(request: web.Request) -> web.StreamResponse:
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

    return serve


async def _asked(request: web.Request, kind: type[Asked]) -> Asked:
    try:
        return kind.model_validate_json(await request.read() or b"{}")
    except ValidationError as error:
        reasons = "; ".join(
            f"{'.'.join(map(str, problem['loc'])) or 'body'}: {problem['msg']}" for problem in error.errors()
        )
        raise Refused(400, reasons) from None


def _number(request: web.Request) -> str:
    number = request.match_info["number"]
    if not is_phone_number(number):
        raise Refused(400, f"{number} is not an E.164 number such as +12025550123.")
    return number


def _limit(request: web.Request) -> int:
    try:
        return min(max(int(request.query.get("limit", 1_000)), 1), _MOST_ENTRIES)
    except ValueError:
        raise Refused(400, "limit must be a number.") from None


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
    return json_response({"log": [views.log_entry(entry) for entry in islice(entries, _limit(request))]})


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
    exchange.latency_ms = (await _asked(request, requests.Latency)).latency_ms
    return json_response(views.overview(exchange))


async def _faults(exchange: Exchange, request: web.Request) -> web.Response:
    return json_response({"faults": [views.fault(fault) for fault in exchange.faults.in_force()]})


async def _add_fault(exchange: Exchange, request: web.Request) -> web.Response:
    asked = await _asked(request, requests.NewFault)
    try:
        exchange.misbehave(asked.fault())
    except ValueError as error:
        raise Refused(400, str(error)) from None
    return json_response({"faults": [views.fault(fault) for fault in exchange.faults.in_force()]}, 201)


async def _clear_faults(exchange: Exchange, request: web.Request) -> web.Response:
    exchange.faults.clear()
    return json_response({"faults": []})


async def _set_line(exchange: Exchange, request: web.Request) -> web.Response:
    asked = await _asked(request, requests.LineSetting)
    line = exchange.line(_number(request))
    line.message_url = asked.message_url or line.message_url
    line.voice_url = asked.voice_url or line.voice_url
    return json_response(views.line(line))


# Phones


async def _phones(exchange: Exchange, request: web.Request) -> web.Response:
    newest = islice(exchange.phones.newest_first(), _limit(request))
    return json_response({"phones": [views.phone(phone) for phone in newest]})


async def _phone(exchange: Exchange, request: web.Request) -> web.Response:
    phone = exchange.phones.get(_number(request))
    if phone is None:
        raise Refused(404, "Nothing is known of this phone: nobody has texted, called or set it.")
    return json_response(views.phone(phone))


async def _set_phone(exchange: Exchange, request: web.Request) -> web.Response:
    asked = await _asked(request, requests.PhoneSetting)
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
    asked = await _asked(request, requests.NewText)
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
    asked = await _asked(request, requests.NewCall)
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
    flow.pick_up(Person((await _asked(request, requests.PickUp)).pace))
    return json_response(views.call(flow.call))


async def _press(exchange: Exchange, request: web.Request) -> web.Response:
    flow = _flow(exchange, request)
    asked = await _asked(request, requests.PressedKeys)
    heard = await flow.press(asked.digits, asked.wait_ms / 1000)
    return json_response({"heard": heard, "call": views.call(flow.call)})


async def _hang_up(exchange: Exchange, request: web.Request) -> web.Response:
    flow = _flow(exchange, request)
    flow.hang_up()
    await flow.ended()
    return json_response(views.call(flow.call))


# Mailboxes


async def _mailboxes(exchange: Exchange, request: web.Request) -> web.Response:
    newest = islice(exchange.mailboxes.newest_first(), _limit(request))
    return json_response({"mailboxes": [views.mailbox(mailbox) for mailbox in newest]})


async def _mailbox(exchange: Exchange, request: web.Request) -> web.Response:
    mailbox = exchange.mailboxes.get(request.match_info["address"].lower())
    if mailbox is None:
        raise Refused(404, "Nothing is known of this mailbox: nobody has written to it or set it.")
    return json_response(views.mailbox(mailbox))


async def _set_mailbox(exchange: Exchange, request: web.Request) -> web.Response:
    asked = await _asked(request, requests.MailboxSetting)
    mailbox = exchange.mailbox(request.match_info["address"])
    mailbox.label = mailbox.label if asked.label is None else asked.label
    mailbox.behaviour = asked.mail or mailbox.behaviour
    exchange.happenings.add("mail", mailbox.address)
    return json_response(views.mailbox(mailbox))


async def _mails(exchange: Exchange, request: web.Request) -> web.Response:
    mailbox = exchange.mailboxes.get(request.match_info["address"].lower())
    return json_response({"mails": [views.mail(mail) for mail in mailbox.mails] if mailbox else []})
