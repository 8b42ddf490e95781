"""Starting the carrier: one process, one loop, a web server, a post office and a message centre."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import uvloop
from aiohttp import web

from watchword.carrier import calls, control, control_post, messages, partners, printshop
from watchword.carrier import page as web_page
from watchword.carrier.centre import message_centre
from watchword.carrier.doors import WebDoor
from watchword.carrier.exchange import Exchange
from watchword.carrier.postoffice import post_office
from watchword.carrier.printshop import LARGEST_LETTER
from watchword.carrier.provider import EXCHANGE
from watchword.core import logging
from watchword.core.errors import WatchwordError

WEBHOOK_BASE = "http://127.0.0.1:8600"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """A carrier that is running: its memory, and where it listens."""

    exchange: Exchange
    url: str
    http_port: int
    smtp_port: int
    smpp_port: int


class PortTakenError(WatchwordError):
    """The carrier could not listen: the port is in use. Choose others with --http-port, --smtp-port and --smpp-port."""


def application(exchange: Exchange) -> web.Application:
    """The carrier's web server: the providers' APIs, the control API and the page."""
    app = web.Application(client_max_size=LARGEST_LETTER)
    app[EXCHANGE] = exchange
    for module in (messages, calls, printshop, partners, control, control_post, web_page):
        app.add_routes(module.routes())
    return app


@asynccontextmanager
async def running(
    *,
    http_host: str = "127.0.0.1",
    http_port: int = 0,
    smtp_port: int = 0,
    smpp_port: int = 0,
    account: str,
    token: str,
    latency_ms: float = 0,
    webhook_base: str = WEBHOOK_BASE,
    own_number: str = "",
) -> AsyncIterator[Carrier]:
    """A carrier while the block lasts. Port 0 takes a free one; PortTakenError where one is in use."""
    exchange = Exchange(account, token, webhook_base, latency_ms, own_number)
    async with AsyncExitStack() as closing:
        closing.push_async_callback(exchange.webhooks.close)
        runner = web.AppRunner(application(exchange), access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        closing.push_async_callback(runner.cleanup)
        closing.push_async_callback(exchange.stop_tasks)
        closing.callback(exchange.happenings.close)
        page, office = WebDoor(runner, http_host, http_port), post_office(exchange, http_host, smtp_port)
        centre = message_centre(exchange, http_host, smpp_port)
        exchange.doors = {"web": page, "mail": office, "smpp": centre}
        try:
            for door in exchange.doors.values():
                await door.open()
        except OSError as error:
            raise PortTakenError(f"{PortTakenError.__doc__} ({error.strerror})") from None
        closing.callback(office.close)
        closing.push_async_callback(centre.shut)
        yield Carrier(
            exchange=exchange,
            url=f"http://{http_host}:{page.port}",
            http_port=page.port,
            smtp_port=office.port,
            smpp_port=centre.port,
        )


def run(
    http_host: str,
    http_port: int,
    smtp_port: int,
    account: str,
    token: str,
    latency_ms: float = 0,
    webhook_base: str = WEBHOOK_BASE,
    ready: Callable[[Carrier], None] = lambda carrier: None,
    *,
    smpp_port: int = 0,
    own_number: str = "",
) -> None:
    """Run the carrier in this process until it is told to stop (SIGINT, SIGTERM); `ready` is called once it listens.

    `account` and `token` are those that its customer uses; `webhook_base` is where the customer's webhooks are,
    `own_number` the number that phones call which none of its own has reached.
    """

    async def until_stopped() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        async with running(
            http_host=http_host,
            http_port=http_port,
            smtp_port=smtp_port,
            smpp_port=smpp_port,
            account=account,
            token=token,
            latency_ms=latency_ms,
            webhook_base=webhook_base,
            own_number=own_number,
        ) as carrier:
            ready(carrier)
            await stop.wait()

    logging.configure()
    uvloop.run(until_stopped())
