"""The control API's mailboxes, letterboxes and partners, and the letters themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Generic

from aiohttp import web

from watchword.carrier import requests, views
from watchword.carrier.exchange import Exchange
from watchword.carrier.provider import json_response
from watchword.carrier.records import Behaviour, Box, Item, Kept
from watchword.carrier.serving import Refused, asked_for, limit_of, serve


def routes() -> list[web.RouteDef]:
    """The paths that this module serves."""
    return [
        *_MAILBOXES.routes(),
        *_LETTERBOXES.routes(),
        *_PARTNERS.routes(),
        web.get("/exchange/letters/{id}.pdf", serve(_pdf)),
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Boxes(Generic[Behaviour, Item]):
    """All mailboxes, all letterboxes or all partners: what may be asked of them."""

    name: str  # in paths, and of the list
    contents: str  # the name of what comes to one
    happening: str
    kept: Callable[[Exchange], Kept[Box[Behaviour, Item]]]
    key: Callable[[str], str]  # that one is kept by, of its address
    at: Callable[[Exchange, str], Box[Behaviour, Item]]  # the one of this address, which comes to be
    setting: type[requests.BoxSetting[Behaviour]]
    view: Callable[[Box[Behaviour, Item]], views.Json]
    view_item: Callable[[Item], views.Json]

    def routes(self) -> list[web.RouteDef]:
        one = f"/exchange/{self.name}/{{address}}"
        return [
            web.get(f"/exchange/{self.name}", serve(self._list)),
            web.get(one, serve(self._show)),
            web.put(one, serve(self._set)),
            web.get(f"{one}/{self.contents}", serve(self._list_contents)),
        ]

    async def _list(self, exchange: Exchange, request: web.Request) -> web.Response:
        newest = islice(self.kept(exchange).newest_first(), limit_of(request))
        return json_response({self.name: [self.view(box) for box in newest]})

    async def _show(self, exchange: Exchange, request: web.Request) -> web.Response:
        box = self._known(exchange, request)
        if box is None:
            raise Refused(404, "Nothing is known of this address: nobody has written to it or set it.")
        return json_response(self.view(box))

    async def _set(self, exchange: Exchange, request: web.Request) -> web.Response:
        asked = await asked_for(request, self.setting)
        box = self.at(exchange, request.match_info["address"])
        box.label = box.label if asked.label is None else asked.label
        box.behaviour = asked.behaviour or box.behaviour
        exchange.happenings.add(self.happening, box.address)
        return json_response(self.view(box))

    async def _list_contents(self, exchange: Exchange, request: web.Request) -> web.Response:
        box = self._known(exchange, request)
        return json_response({self.contents: [self.view_item(item) for item in box.contents] if box else []})

    def _known(self, exchange: Exchange, request: web.Request) -> Box[Behaviour, Item] | None:
        return self.kept(exchange).get(self.key(request.match_info["address"]))


_MAILBOXES = _Boxes(
    name="mailboxes",
    contents="mails",
    happening="mail",
    kept=lambda exchange: exchange.mailboxes,
    key=str.lower,
    at=Exchange.mailbox,
    setting=requests.MailboxSetting,
    view=views.mailbox,
    view_item=views.mail,
)
_LETTERBOXES = _Boxes(
    name="letterboxes",
    contents="letters",
    happening="letter",
    kept=lambda exchange: exchange.letterboxes,
    key=str.upper,
    at=Exchange.letterbox,
    setting=requests.LetterboxSetting,
    view=views.letterbox,
    view_item=views.letter,
)
_PARTNERS = _Boxes(
    name="partners",
    contents="pushes",
    happening="push",
    kept=lambda exchange: exchange.partners,
    key=str.lower,
    at=Exchange.partner,
    setting=requests.PartnerSetting,
    view=views.partner,
    view_item=views.push,
)


async def _pdf(exchange: Exchange, request: web.Request) -> web.Response:
    letter = exchange.letters.get(request.match_info["id"])
    if letter is None:
        raise Refused(404, "There is no such letter.")
    return web.Response(body=letter.pdf, content_type="application/pdf")
