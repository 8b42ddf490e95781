"""The page: every phone, mailbox, letterbox and partner to look at and to use, in a browser with or without JavaScript.

With it, `static/carrier.js` sends the same forms in the background and fetches one handset anew when something happens.
"""

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar, get_args
from urllib.parse import quote

from aiohttp import web
from jinja2 import Environment, PackageLoader
from pydantic import ValidationError

from watchword.carrier import faults
from watchword.carrier.behaviours import (
    CallBehaviour,
    LetterBehaviour,
    MailBehaviour,
    PartnerBehaviour,
    TextBehaviour,
)
from watchword.carrier.calling import CallFlow, call_from_phone
from watchword.carrier.exchange import Exchange, NotPossible, is_phone_number
from watchword.carrier.listeners import Person
from watchword.carrier.partners import read_push
from watchword.carrier.postoffice import read_mail
from watchword.carrier.provider import EXCHANGE, first, form
from watchword.carrier.records import Behaviour, Box, Item, Letterbox, Mailbox, Partner, Phone, lines_of
from watchword.carrier.requests import Latency, NewFault
from watchword.carrier.serving import is_from_elsewhere
from watchword.carrier.texting import LONGEST, text_from_phone

Fields = dict[str, list[str]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Action = Callable[[Exchange, web.Request, Fields], Awaitable[None]]
Place = TypeVar("Place", Phone, Mailbox, Letterbox, Partner)

_NATURAL_PACE = 1.0
_KEYS_WAIT_SECONDS = 2.0
_MOST_PHONES, _MOST_MAILBOXES, _MOST_LETTERBOXES, _MOST_PARTNERS = 24, 12, 12, 12
_SHOWN_TEXTS, _SHOWN_CALLS, _SHOWN_MAILS, _SHOWN_LETTERS, _SHOWN_PUSHES = 40, 8, 20, 20, 20
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; media-src http: https:; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def routes() -> list[web.AbstractRouteDef]:
    """The paths that this module serves."""
    return [
        web.get("/", _index),
        web.get("/favicon.ico", _icon),
        web.get("/phones/{number}", _show_phone),
        web.get("/mailboxes/{address}", _show_box("mailbox", Exchange.mailbox)),
        web.get("/letterboxes/{address}", _show_box("letterbox", Exchange.letterbox)),
        web.get("/partners/{address}", _show_box("partner", Exchange.partner)),
        web.post("/phones/{number}/text", _act(_text)),
        web.post("/phones/{number}/call", _act(_call)),
        web.post("/phones/{number}/settings", _act(_set_phone)),
        web.post("/mailboxes/{address}/settings", _act(_set_box("mail", Exchange.mailbox))),
        web.post("/letterboxes/{address}/settings", _act(_set_box("letter", Exchange.letterbox))),
        web.post("/partners/{address}/settings", _act(_set_box("push", Exchange.partner))),
        web.post("/calls/{sid}/pick-up", _act(_pick_up)),
        web.post("/calls/{sid}/keys", _act(_press)),
        web.post("/calls/{sid}/hang-up", _act(_hang_up)),
        web.post("/faults", _act(_add_fault)),
        web.post("/faults/clear", _act(_clear_faults)),
        web.post("/latency", _act(_set_latency)),
        web.static("/assets", Path(__file__).parent / "static"),
    ]


def spoken_number(number: str) -> str:
    """A number as people write it: +1 202-555-0123; others as they are."""
    if number.startswith("+1") and len(number) == 12:
        return f"+1 {number[2:5]}-{number[5:8]}-{number[8:]}"
    return number


def _kinds(
    behaviour: type[CallBehaviour | TextBehaviour | MailBehaviour | LetterBehaviour | PartnerBehaviour],
) -> tuple[str, ...]:
    return get_args(behaviour.model_fields["kind"].annotation)


def _environment() -> Environment:
    environment = Environment(loader=PackageLoader("watchword.carrier"), autoescape=True, trim_blocks=True)
    environment.filters["number"] = spoken_number
    environment.filters["read"] = read_mail
    environment.filters["said"] = read_push
    environment.filters["lines"] = lines_of
    environment.globals |= {
        "call_kinds": _kinds(CallBehaviour),
        "text_kinds": _kinds(TextBehaviour),
        "mail_kinds": _kinds(MailBehaviour),
        "letter_kinds": _kinds(LetterBehaviour),
        "partner_kinds": _kinds(PartnerBehaviour),
        "fault_kinds": faults.KINDS,
        "shown": {
            "texts": _SHOWN_TEXTS,
            "calls": _SHOWN_CALLS,
            "mails": _SHOWN_MAILS,
            "letters": _SHOWN_LETTERS,
            "pushes": _SHOWN_PUSHES,
        },
        "longest_text": LONGEST,
    }
    return environment


_TEMPLATES = _environment()


def _html(template: str, exchange: Exchange, status: int = 200, **values: Any) -> web.Response:
    text = _TEMPLATES.get_template(template).render(exchange=exchange, **values)
    return web.Response(text=text, status=status, content_type="text/html", headers=_HEADERS)


# To look at


async def _icon(request: web.Request) -> web.Response:
    """A browser that has not read the page's head yet asks for its icon here."""
    raise web.HTTPMovedPermanently("/assets/icon.svg")


async def _index(request: web.Request) -> web.Response:
    exchange = request.app[EXCHANGE]
    sought = request.query.get("find", "").strip()
    phones = _found(exchange.phones.newest_first(), sought, _MOST_PHONES, lambda phone: phone.number)
    mailboxes = _found(exchange.mailboxes.newest_first(), sought, _MOST_MAILBOXES, lambda box: box.address)
    letterboxes = _found(
        exchange.letterboxes.newest_first(), sought, _MOST_LETTERBOXES, lambda box: box.address
    )
    partners = _found(exchange.partners.newest_first(), sought, _MOST_PARTNERS, lambda box: box.address)
    return _html(
        "index.html",
        exchange,
        phones=phones,
        mailboxes=mailboxes,
        letterboxes=letterboxes,
        partners=partners,
        sought=sought,
        back="/",
    )


def _found(places: Iterator[Place], sought: str, most: int, name: Callable[[Place], str]) -> list[Place]:
    """The places whose name or label contains what is sought; those with a label first, as they came."""
    words = sought.lower().replace(" ", "")
    fitting = (place for place in places if words in f"{name(place)} {place.label}".lower().replace(" ", ""))
    newest = sorted(fitting, key=lambda place: not place.label)
    labelled = [place for place in newest if place.label]
    return (labelled[::-1] + newest[len(labelled) :])[:most]


async def _show_phone(request: web.Request) -> web.Response:
    exchange, number = request.app[EXCHANGE], request.match_info["number"]
    if not is_phone_number(number):
        return _html("refused.html", exchange, 404, why="This is not a phone number.", back="/")
    template = "phone.html" if "part" in request.query else "one.html"
    return _html(template, exchange, phone=exchange.phone(number), back=f"/phones/{quote(number)}")


def _show_box(name: str, at: Callable[[Exchange, str], Box[Behaviour, Item]]) -> Handler:
    """The page of a mailbox, a letterbox or a partner."""

    async def show(request: web.Request) -> web.StreamResponse:
        exchange = request.app[EXCHANGE]
        shown = {name: at(exchange, request.match_info["address"]), "back": request.rel_url.raw_path}
        template = f"{name}.html" if "part" in request.query else "one.html"
        return _html(template, exchange, 200, **shown)

    return show


# To use


def _act(action: Action) -> Handler:
    """A form: do it, then show the page from which it came; say why, where it cannot be done."""

    async def serve(request: web.Request) -> web.StreamResponse:
        exchange = request.app[EXCHANGE]
        fields = await form(request)
        back = first(fields, "back", "/")
        if not back.startswith("/") or back.startswith(("//", "/\\")):
            back = "/"
        if is_from_elsewhere(request):
            return _html(
                "refused.html", exchange, 403, why="Forms on other web sites are refused.", back=back
            )
        try:
            await action(exchange, request, fields)
        except NotPossible as refused:
            return _html("refused.html", exchange, 409, why=str(refused), back=back)
        except ValidationError as error:
            why = " ".join(f"{problem['loc'][-1]}: {problem['msg']}." for problem in error.errors())
            return _html("refused.html", exchange, 400, why=why, back=back)
        except ValueError as error:
            return _html("refused.html", exchange, 400, why=str(error), back=back)
        return web.Response(status=303, headers={"Location": back})

    return serve


async def _text(exchange: Exchange, request: web.Request, fields: Fields) -> None:
    body = first(fields, "body").strip()
    if not body:
        raise ValueError("Write something first.")
    await text_from_phone(exchange, request.match_info["number"], body[:LONGEST])


async def _call(exchange: Exchange, request: web.Request, fields: Fields) -> None:
    call_from_phone(exchange, request.match_info["number"], "", Person(_NATURAL_PACE))


async def _set_phone(exchange: Exchange, request: web.Request, fields: Fields) -> None:
    phone = exchange.phone(request.match_info["number"])
    calling = phone.calling.model_dump() | {
        "kind": first(fields, "calls", phone.calling.kind),
        "keys": first(fields, "keys").split(),
        "extension": first(fields, "extension", phone.calling.extension).strip(),
    }
    texting = phone.texting.model_dump() | {
        "kind": first(fields, "texts", phone.texting.kind),
        "reply": first(fields, "reply"),
    }
    phone.calling = CallBehaviour.model_validate(calling)
    phone.texting = TextBehaviour.model_validate(texting)
    phone.label = first(fields, "label", phone.label)[:60]
    exchange.happenings.add("phone", phone.number)


def _set_box(happening: str, at: Callable[[Exchange, str], Box[Behaviour, Item]]) -> Action:
    """The settings of a mailbox, a letterbox or a partner."""

    async def set_box(exchange: Exchange, request: web.Request, fields: Fields) -> None:
        box = at(exchange, request.match_info["address"])
        kind = first(fields, "kind", box.behaviour.kind)
        box.behaviour = type(box.behaviour).model_validate({"kind": kind})
        box.label = first(fields, "label", box.label)[:60]
        exchange.happenings.add(happening, box.address)

    return set_box


def _flow(exchange: Exchange, request: web.Request) -> CallFlow:
    flow = exchange.flows.get(request.match_info["sid"])
    if flow is None:
        raise NotPossible("This call is over.")
    return flow


async def _pick_up(exchange: Exchange, request: web.Request, fields: Fields) -> None:
    _flow(exchange, request).pick_up(Person(_NATURAL_PACE))


async def _press(exchange: Exchange, request: web.Request, fields: Fields) -> None:
    digits = "".join(first(fields, "digits").split())
    if not digits or set(digits) - set("0123456789*#"):
        raise ValueError("A phone has the keys 0 to 9, * and #.")
    await _flow(exchange, request).press(digits, _KEYS_WAIT_SECONDS)


async def _hang_up(exchange: Exchange, request: web.Request, fields: Fields) -> None:
    flow = _flow(exchange, request)
    flow.hang_up()
    await flow.ended()


async def _add_fault(exchange: Exchange, request: web.Request, fields: Fields) -> None:
    api, _, kind = first(fields, "fault").partition(" ")
    asked = NewFault.model_validate(
        {
            "api": api,
            "kind": kind,
            "count": first(fields, "count", "1"),
            "seconds": first(fields, "seconds", "1"),
        }
    )
    exchange.misbehave(asked.fault())


async def _clear_faults(exchange: Exchange, request: web.Request, fields: Fields) -> None:
    exchange.faults.clear()


async def _set_latency(exchange: Exchange, request: web.Request, fields: Fields) -> None:
    exchange.latency_ms = Latency.model_validate({"latency_ms": first(fields, "latency_ms")}).latency_ms
