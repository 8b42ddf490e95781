"""Another office's system: a web server of its own that takes pushes, and misbehaves as it is told."""

import asyncio
import json
import ssl
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web
from standardwebhooks import Webhook

Behaviour = int | Literal["hang", "cut", "endless"]
"""A status to answer with; or no answer, a connection lost once the push was taken, or an answer without an end."""

HEADERS = {301: {"Location": "/elsewhere"}, 429: {"Retry-After": "120"}}


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A push as it came."""

    path: str
    headers: dict[str, str]
    body: str

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def verified(self, secret: str) -> Any:
        """The payload, as the published library reads it; it raises where the signature does not fit."""
        return Webhook(secret).verify(self.body, self.headers)

    def data(self) -> Any:
        """What it says, whoever signed it."""
        return json.loads(self.body)["data"]


@dataclass(kw_only=True)
class Receiver:
    """Where it listens, what it took, and how it will answer: 200 when nothing is left."""

    url: str = ""
    taken: list[Taken] = field(default_factory=list)
    behaviours: deque[Behaviour] = field(default_factory=deque)

    def will(self, *behaviours: Behaviour) -> None:
        self.behaviours.extend(behaviours)


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver in a thread of its own, on a free port of this machine."""
    receiver = Receiver()
    loop = asyncio.new_event_loop()
    over = asyncio.Event()

    async def take(request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        receiver.taken.append(Taken(path=request.path, headers=headers, body=await request.text()))
        behaviour = receiver.behaviours.popleft() if receiver.behaviours else 200
        match behaviour:
            case int():
                return web.Response(status=behaviour, headers=HEADERS.get(behaviour))
            case "hang":
                await over.wait()
            case "cut":
                assert request.transport is not None
                request.transport.abort()
            case "endless":
                answer = web.StreamResponse()
                await answer.prepare(request)
                while not over.is_set():
                    await answer.write(b"x" * 65_536)
        return web.Response()

    async def serve() -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", take)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
        await site.start()
        port = runner.addresses[0][1]
        receiver.url = f"http{'s' if tls else ''}://127.0.0.1:{port}/pushes"
        ready.set()
        await over.wait()
        await runner.cleanup()

    ready = threading.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(10)
    try:
        yield receiver
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()
