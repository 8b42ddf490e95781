"""A customer of the carrier: its webhooks on one socket, its requests on another. And the carrier, in a thread."""

import asyncio
import json
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from time import monotonic, sleep
from typing import Any
from urllib.parse import quote, urlencode

from aiohttp import web

from watchword.carrier.server import Carrier, running
from watchword.carrier.signatures import HEADER, signature

ACCOUNT, TOKEN = "AC" + "0" * 32, "a-token-of-the-tests"
OUR_NUMBER = "+12025550100"
PHONE = "+12025550141"

Answer = str | bytes | int | Callable[[dict[str, str]], str]


@dataclass(frozen=True)
class Reply:
    """What the carrier answered."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True)
class Heard:
    """One request to a webhook."""

    method: str
    path: str
    fields: dict[str, str]
    signed_rightly: bool
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass
class Customer:
    """Asks the carrier for things and answers its webhooks; `answers` says what by path: TwiML or a status."""

    carrier: Carrier
    base: str
    answers: dict[str, Answer] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)

    def request(
        self,
        method: str,
        path: str,
        *,
        form: Mapping[str, str] | None = None,
        body: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        connection = HTTPConnection("127.0.0.1", self.carrier.http_port, timeout=10)
        if form is not None:
            content = urlencode(form).encode()
        kind = "application/x-www-form-urlencoded" if form is not None else "application/json"
        if body is not None:
            content = json.dumps(body).encode()
        basic = b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        sent = {"Authorization": f"Basic {basic}", "Content-Type": kind, **(headers or {})}
        try:
            connection.request(method, path, content, sent)
            response = connection.getresponse()
            return Reply(response.status, dict(response.headers.items()), response.read().decode())
        finally:
            connection.close()

    # The provider's API

    def api(self, path: str, account: str = ACCOUNT) -> str:
        return f"/2010-04-01/Accounts/{account}/{path}"

    def text(self, to: str = PHONE, body: str = "You have a message", **more: str) -> Reply:
        return self.request(
            "POST", self.api("Messages.json"), form={"To": to, "From": OUR_NUMBER, "Body": body, **more}
        )

    def call(self, to: str = PHONE, path: str = "/voice", **more: str) -> Reply:
        form = {"To": to, "From": OUR_NUMBER, "Url": self.base + path, **more}
        return self.request("POST", self.api("Calls.json"), form=form)

    # The control API

    def see(self, path: str) -> Any:
        reply = self.request("GET", f"/exchange{path}")
        assert reply.status == 200, reply.text
        return reply.json

    def do(self, method: str, path: str, body: Any = None) -> Any:
        reply = self.request(method, f"/exchange{path}", body=body)
        assert reply.status in (200, 201), reply.text
        return reply.json

    def set_phone(self, number: str = PHONE, **settings: Any) -> None:
        self.do("PUT", f"/phones/{quote(number)}", settings)

    def settle(self) -> None:
        self.do("POST", "/settle")

    def texts(self, number: str = PHONE) -> list[str]:
        return [text["body"] for text in self.see(f"/phones/{number}/texts")["texts"]]

    def until(self, what: Callable[[], Any]) -> Any:
        """What `what` returns once that is something; no test passes by its being slow."""
        deadline = monotonic() + 20
        while not (found := what()):
            assert monotonic() < deadline, "it never came to be"
            sleep(0.005)
        return found

    def state(self, sid: str) -> str:
        return str(self.see(f"/calls/{sid}")["state"])

    def told(self, path: str) -> list[Heard]:
        return [heard for heard in self.heard if heard.path == path]

    async def serve(self, request: web.Request) -> web.Response:
        fields = {name: str(value) for name, value in (await request.post()).items()}
        given = request.headers.get(HEADER, "")
        right = signature(TOKEN, self.base + request.path_qs, fields)
        body = await request.read()
        self.heard.append(
            Heard(request.method, request.path_qs, fields, given == right, request.headers, body)
        )
        answer = self.answers.get(request.path, 204)
        if isinstance(answer, int):
            return web.Response(status=answer)
        if isinstance(answer, bytes):
            return web.Response(body=answer, content_type="audio/wav")
        words = answer if isinstance(answer, str) else answer(fields)
        return web.Response(text=f"<Response>{words}</Response>", content_type="text/xml")


@contextmanager
def customer_with_carrier() -> Iterator[Customer]:
    """Both, listening on free ports while the block lasts."""
    ready: list[Customer] = []
    started, stop = threading.Event(), asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def both() -> None:
        async def serve(request: web.Request) -> web.Response:
            return await ready[0].serve(request)

        app = web.Application()
        runner = web.AppRunner(app, access_log=None)
        app.router.add_route("*", "/{path:.*}", serve)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with running(account=ACCOUNT, token=TOKEN, webhook_base=base) as carrier:
            ready.append(Customer(carrier, base))
            loops.append(asyncio.get_running_loop())
            started.set()
            await stop.wait()
        await runner.cleanup()

    thread = threading.Thread(target=lambda: asyncio.run(both()))
    thread.start()
    try:
        assert started.wait(20)
        yield ready[0]
    finally:
        for loop in loops:
            loop.call_soon_threadsafe(stop.set)
        thread.join()
