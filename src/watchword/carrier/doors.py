"""Where the carrier listens. A door can be shut for a while: who knocks is refused, who was inside is cut off."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol, cast

from aiohttp import web


class Door(Protocol):
    """A listening socket; port 0 takes a free one, and keeps it."""

    port: int

    async def open(self) -> None:
        """Listen. OSError where the port is in use."""

    async def shut(self) -> None:
        """Listen no more, and cut every connection."""


class WebDoor:
    """The web server's."""

    def __init__(self, runner: web.AppRunner, host: str, port: int) -> None:
        self.port = port
        self._runner, self._host = runner, host
        self._site: web.TCPSite | None = None

    async def open(self) -> None:
        self._site = web.TCPSite(self._runner, self._host, self.port, backlog=1024)
        await self._site.start()
        self.port = self._runner.addresses[0][1]

    async def shut(self) -> None:
        if self._site is not None:
            await self._site.stop()
        server = self._runner.server
        cut([connection.transport for connection in server.connections] if server else [])


class ServerDoor:
    """The post office's, or the message centre's. `listen` opens a server at a port; `inside` are the transports of its
    connections."""

    def __init__(
        self,
        port: int,
        listen: Callable[[int], Awaitable[asyncio.Server]],
        inside: Callable[[], Iterable[asyncio.BaseTransport | None]],
    ) -> None:
        self.port = port
        self._listen, self._inside = listen, inside
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        self._server = await self._listen(self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def shut(self) -> None:
        self.close()
        cut(self._inside())

    def close(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()


def cut(transports: Iterable[asyncio.BaseTransport | None]) -> None:
    """End these connections at once, without a word."""
    for transport in transports:
        if transport is not None:
            cast(asyncio.Transport, transport).abort()  # uvloop's is one in all but name
