"""Calling the customer's webhooks: signed, patient, and again when nobody answers."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp
from yarl import URL

from watchword.carrier.signatures import HEADER, event_signature, signature

_TIMEOUT = aiohttp.ClientTimeout(total=15)
_RETRY_AFTER_SECONDS = (0.5, 2.0)
_FORM = "application/x-www-form-urlencoded; charset=UTF-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a webhook answered; status 0 means that nobody did."""

    status: int
    text: str = ""

    @property
    def ok(self) -> bool:
        """Whether it answered 2xx."""
        return 200 <= self.status < 300


async def insist(once: Callable[[], Awaitable[Answer]]) -> Answer:
    """What the customer says at last: tried again, twice, when there is no answer or a 5xx."""
    answer = await once()
    for seconds in _RETRY_AFTER_SECONDS:
        if 0 < answer.status < 500:
            break
        await asyncio.sleep(seconds)
        answer = await once()
    return answer


class Webhooks:
    """A signed HTTP client. Made inside the running loop; `close` it."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._session = aiohttp.ClientSession(
            timeout=_TIMEOUT,
            connector=aiohttp.TCPConnector(limit=200),
            headers={"User-Agent": "TwilioProxy/1.1"},
        )

    async def close(self) -> None:
        """Let go of all connections."""
        await self._session.close()

    async def ask(self, url: str, params: Mapping[str, str], method: str = "POST") -> Answer:
        """Call a webhook of texts and calls, and return what it says. Tried again, twice, when there is no answer or a
        5xx."""
        body: bytes | None = urlencode(params).encode()
        if method == "GET":
            url += ("&" if "?" in url else "?") + urlencode(params)
            params, body = {}, None
        headers = {HEADER: signature(self._token, url, params)}
        if body is not None:
            headers["Content-Type"] = _FORM
        return await self._insist(method, url, body, headers)

    async def tell(self, url: str, event: Mapping[str, Any]) -> Answer:
        """Tell a webhook of letters what happened, as patiently."""
        body = json.dumps(event).encode()
        headers = {"Content-Type": "application/json", **event_signature(self._token, body)}
        return await self._insist("POST", url, body, headers)

    async def sound(self, url: str) -> bytes:
        """The file that a call plays; b'' where there is none."""
        try:
            async with self._session.get(url, allow_redirects=False) as response:
                return await response.read() if response.status == 200 else b""
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return b""

    async def _insist(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        return await insist(lambda: self._once(method, url, body, headers))

    async def _once(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        try:
            # The URL goes out exactly as it was signed.
            async with self._session.request(
                method, URL(url, encoded=True), data=body, headers=headers, allow_redirects=False
            ) as response:
                return Answer(response.status, await response.text(errors="replace"))
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return Answer(0)
