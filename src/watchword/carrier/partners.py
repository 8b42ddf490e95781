"""Other offices' systems: what is pushed to /pushes/<name> is taken, and kept to be looked at.

A real one verifies the signature (docs/howto/push-to-another-office.md). These know no secret, and ask only that there
is one.
"""

import json
from collections.abc import Mapping

from aiohttp import web

from watchword.carrier.errors import PushError
from watchword.carrier.exchange import Exchange
from watchword.carrier.provider import House, endpoint
from watchword.carrier.records import Push
from watchword.core import clock

_REFUSED_WITH: Mapping[str, int] = {"refuse": 404, "gone": 410}

_SYSTEMS = House(
    is_owner=lambda exchange, request: "webhook-signature" in request.headers,
    stranger=PushError(401),
    broken=PushError(500),
    too_many=PushError(429),
    come_back=lambda seconds: {"Retry-After": f"{seconds:g}"},
)


def routes() -> list[web.RouteDef]:
    """The paths that this module serves."""
    return [web.post("/pushes/{address}", endpoint("pushes", _take, _SYSTEMS))]


def read_push(push: Push) -> dict[str, str]:
    """What it says, by name; all of it as one, where it is not written as it should be."""
    try:
        data = json.loads(push.body)["data"].items()
    except (ValueError, KeyError, TypeError, AttributeError):
        return {"unreadable": push.body}
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in data
    }


async def _take(exchange: Exchange, request: web.Request) -> web.Response:
    partner = exchange.partner(request.match_info["address"])
    status = _REFUSED_WITH.get(partner.behaviour.kind)
    if status is not None:
        raise PushError(status)
    body = (await request.read()).decode(errors="replace")
    exchange.accept_push(
        Push(id=request.headers.get("webhook-id", ""), at=clock.now(), to=partner.address, body=body)
    )
    return web.Response(status=204)
