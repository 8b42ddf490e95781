"""The control API's mailboxes and letterboxes, and the letters themselves."""

from itertools import islice

from aiohttp import web

from watchword.carrier import requests, views
from watchword.carrier.exchange import Exchange
from watchword.carrier.provider import json_response
from watchword.carrier.serving import Refused, asked_for, limit_of, serve


def routes() -> list[web.RouteDef]:
    """The paths that this module serves."""
    return [
        web.get("/exchange/mailboxes", serve(_mailboxes)),
        web.get("/exchange/mailboxes/{address}", serve(_mailbox)),
        web.put("/exchange/mailboxes/{address}", serve(_set_mailbox)),
        web.get("/exchange/mailboxes/{address}/mails", serve(_mails)),
        web.get("/exchange/letterboxes", serve(_letterboxes)),
        web.get("/exchange/letterboxes/{address}", serve(_letterbox)),
        web.put("/exchange/letterboxes/{address}", serve(_set_letterbox)),
        web.get("/exchange/letterboxes/{address}/letters", serve(_letters)),
        web.get("/exchange/letters/{id}.pdf", serve(_pdf)),
    ]


# Mailboxes


async def _mailboxes(exchange: Exchange, request: web.Request) -> web.Response:
    newest = islice(exchange.mailboxes.newest_first(), limit_of(request))
    return json_response({"mailboxes": [views.mailbox(mailbox) for mailbox in newest]})


async def _mailbox(exchange: Exchange, request: web.Request) -> web.Response:
    mailbox = exchange.mailboxes.get(request.match_info["address"].lower())
    if mailbox is None:
        raise Refused(404, "Nothing is known of this mailbox: nobody has written to it or set it.")
    return json_response(views.mailbox(mailbox))


async def _set_mailbox(exchange: Exchange, request: web.Request) -> web.Response:
    asked = await asked_for(request, requests.MailboxSetting)
    mailbox = exchange.mailbox(request.match_info["address"])
    mailbox.label = mailbox.label if asked.label is None else asked.label
    mailbox.behaviour = asked.mail or mailbox.behaviour
    exchange.happenings.add("mail", mailbox.address)
    return json_response(views.mailbox(mailbox))


async def _mails(exchange: Exchange, request: web.Request) -> web.Response:
    mailbox = exchange.mailboxes.get(request.match_info["address"].lower())
    return json_response({"mails": [views.mail(mail) for mail in mailbox.mails] if mailbox else []})


# Letterboxes


async def _letterboxes(exchange: Exchange, request: web.Request) -> web.Response:
    newest = islice(exchange.letterboxes.newest_first(), limit_of(request))
    return json_response({"letterboxes": [views.letterbox(letterbox) for letterbox in newest]})


async def _letterbox(exchange: Exchange, request: web.Request) -> web.Response:
    letterbox = exchange.letterboxes.get(request.match_info["address"].upper())
    if letterbox is None:
        raise Refused(404, "Nothing is known of this letterbox: nobody has written to it or set it.")
    return json_response(views.letterbox(letterbox))


async def _set_letterbox(exchange: Exchange, request: web.Request) -> web.Response:
    asked = await asked_for(request, requests.LetterboxSetting)
    letterbox = exchange.letterbox(request.match_info["address"])
    letterbox.label = letterbox.label if asked.label is None else asked.label
    letterbox.behaviour = asked.letters or letterbox.behaviour
    exchange.happenings.add("letter", letterbox.address)
    return json_response(views.letterbox(letterbox))


async def _letters(exchange: Exchange, request: web.Request) -> web.Response:
    letterbox = exchange.letterboxes.get(request.match_info["address"].upper())
    return json_response(
        {"letters": [views.letter(letter) for letter in letterbox.letters] if letterbox else []}
    )


async def _pdf(exchange: Exchange, request: web.Request) -> web.Response:
    letter = exchange.letters.get(request.match_info["id"])
    if letter is None:
        raise Refused(404, "There is no such letter.")
    return web.Response(body=letter.pdf, content_type="application/pdf")
