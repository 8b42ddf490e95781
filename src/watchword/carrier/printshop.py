"""The print shop: Lob's Letters API, `/v1/letters`, and what becomes of a letter once it is mailed."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import islice
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from watchword.carrier.errors import LobError
from watchword.carrier.exchange import Exchange, new_sid
from watchword.carrier.provider import House, endpoint, gives, json_response
from watchword.carrier.receipts import Event
from watchword.carrier.records import Letter, Letterbox
from watchword.core import clock

LARGEST_LETTER = 5_000_000
"""Bytes of one PDF with its form."""

_DAYS_TO_DELIVER = timedelta(days=5)
_NEEDED = ("name", "address_line1")
_PAGE, _LARGEST_PAGE = 10, 100
_FATES: Mapping[str, tuple[str, ...]] = {
    "deliver": ("mailed", "in_transit", "in_local_area", "processed_for_delivery", "delivered"),
    "return": ("mailed", "in_transit", "returned_to_sender"),
    "lose": (),
}

_LETTERS = House(
    is_owner=lambda exchange, request: gives(request, exchange.token, ""),
    stranger=LobError("unauthorized"),
    broken=LobError("internal_server_error"),
    too_many=LobError("rate_limit_exceeded"),
    come_back=lambda seconds: {
        "ratelimit-remaining": "0",
        "ratelimit-reset": str(int(clock.now().timestamp() + seconds)),
    },
)


def routes() -> list[web.RouteDef]:
    """The paths that this module serves."""
    return [
        web.post("/v1/letters", endpoint("letters", _create, _LETTERS)),
        web.get("/v1/letters", endpoint("reads", _list, _LETTERS)),
        web.get("/v1/letters/{id}", endpoint("reads", _fetch, _LETTERS)),
    ]


async def _create(exchange: Exchange, request: web.Request) -> web.Response:
    key = request.headers.get("Idempotency-Key", "")
    printed = next((letter for letter in exchange.letters.newest_first() if key and letter.key == key), None)
    if printed is None:
        printed = _printed(exchange, await request.post(), key)
        exchange.spawn(_carry(exchange, printed, exchange.accept_letter(printed)))
    return json_response(_written(printed))


def _printed(exchange: Exchange, form: Mapping[str, Any], key: str) -> Letter:
    to, sender, metadata = (_part(form, name) for name in ("to", "from", "metadata"))
    for place, fields in (("to", to), ("from", sender)):
        missing = [name for name in _NEEDED if not fields.get(name)]
        if missing:
            raise LobError("invalid", detail=f"{place}.{missing[0]} is required")
    file = form.get("file")
    pdf = file.file.read() if isinstance(file, FileField) else b""
    if not pdf.startswith(b"%PDF-"):
        raise LobError("invalid", detail="file must be a PDF")
    for name in ("color", "use_type"):
        if name not in form:
            raise LobError("invalid", detail=f"{name} is required")
    at = clock.now()
    letter = Letter(
        id=new_sid("ltr_"), at=at, updated_at=at, to=to, sender=sender, metadata=metadata, pdf=pdf, key=key
    )
    if exchange.letterbox(letter.address).behaviour.kind == "refuse":
        raise LobError("failed_deliverability_strictness")
    return letter


def _part(form: Mapping[str, Any], name: str) -> dict[str, str]:
    """The fields `name[...]` of a form or query."""
    return {
        field.removeprefix(f"{name}[").removesuffix("]"): value
        for field, value in form.items()
        if field.startswith(f"{name}[") and isinstance(value, str)
    }


async def _list(exchange: Exchange, request: web.Request) -> web.Response:
    wanted = _part(request.query, "metadata")
    try:
        limit = min(max(int(request.query.get("limit", _PAGE)), 1), _LARGEST_PAGE)
    except ValueError:
        raise LobError("invalid", detail="limit must be a number") from None
    fitting = (
        letter for letter in exchange.letters.newest_first() if wanted.items() <= letter.metadata.items()
    )
    data = [_written(letter) for letter in islice(fitting, limit)]
    return json_response(
        {"data": data, "object": "list", "next_url": None, "previous_url": None, "count": len(data)}
    )


async def _fetch(exchange: Exchange, request: web.Request) -> web.Response:
    letter = exchange.letters.get(request.match_info["id"])
    if letter is None:
        raise LobError("not_found")
    return json_response(_written(letter))


async def _carry(exchange: Exchange, letter: Letter, letterbox: Letterbox) -> None:
    """Tell the customer how the letter fares. What takes days takes no time here."""
    _tell(exchange, letter)
    for state in _FATES[letterbox.behaviour.kind]:
        letter.state, letter.updated_at = state, clock.now()
        _tell(exchange, letter)
    exchange.happenings.add("letter", letterbox.address)


def _tell(exchange: Exchange, letter: Letter) -> None:
    event = {
        "id": new_sid("evt_"),
        "body": _written(letter),
        "reference_id": letter.id,
        "event_type": {
            "id": f"letter.{letter.state}",
            "enabled_for_test": letter.state == "created",
            "resource": "letters",
            "object": "event_type",
        },
        "date_created": letter.updated_at.isoformat(),
        "object": "event",
    }
    exchange.receipts.send(letter.id, Event(f"{exchange.webhook_base}/webhooks/lob/letter-status", event))


def _written(letter: Letter) -> dict[str, Any]:
    """The letter as this API writes it."""
    return {
        "id": letter.id,
        "description": None,
        "metadata": dict(letter.metadata),
        "to": {**letter.to, "object": "address"},
        "from": {**letter.sender, "object": "address"},
        "color": False,
        "double_sided": False,
        "address_placement": "insert_blank_page",
        "mail_type": "usps_first_class",
        "use_type": "operational",
        "carrier": "USPS",
        "tracking_number": None,
        "tracking_events": [],
        "expected_delivery_date": (letter.at + _DAYS_TO_DELIVER).date().isoformat(),
        "date_created": letter.at.isoformat(),
        "date_modified": letter.updated_at.isoformat(),
        "send_date": letter.at.isoformat(),
        "object": "letter",
    }
