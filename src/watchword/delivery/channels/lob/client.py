"""The client: makes each letter's PDF, and hands it over with our own reference, by which it is found again."""

import asyncio
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import aiohttp
from yarl import URL

from watchword.core.clock import now
from watchword.delivery.channels.letters.paper import pdf, weasyprint
from watchword.delivery.channels.lob.addresses import TooLongError, fields_of, sender_of
from watchword.delivery.channels.lob.errors import refusal
from watchword.delivery.channels.lob.webhook import REFERENCE
from watchword.delivery.records import (
    Accepted,
    Answer,
    CannotAsk,
    Found,
    NoAnswer,
    NotFound,
    Outbound,
    Refused,
    Result,
    Sought,
    Unknown,
)

_LIST_LAGS = timedelta(minutes=2)  # nothing says how soon a letter is in the list; for a letter there is time
_LONGEST_WAIT_SECONDS = 600.0
_HOW = {
    "color": "false",
    "double_sided": "false",
    "address_placement": "insert_blank_page",  # the address alone shows through the window
    "mail_type": "usps_first_class",
    "use_type": "operational",
}


class LobProvider:
    """Letters by the Letters API. They are made one after the other, so that what is sent meanwhile keeps its pace."""

    name = "lob"
    channels = ("letter",)
    slots = 4

    def __init__(self, *, url: str, key: str, sender: str, timeout_seconds: float) -> None:
        """`sender` is the return address, its lines between semicolons. WatchwordError where that cannot be used, or
        letters cannot be made on this machine."""
        weasyprint()
        self._letters = URL(f"{url.rstrip('/')}/v1/letters")
        self._headers = {"Authorization": aiohttp.encode_basic_auth(key, "")}
        self._sender = sender_of(sender)
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds)
        self._session: aiohttp.ClientSession
        self._thread: ThreadPoolExecutor

    async def open(self) -> None:
        """Make ready; connections are made when first needed and kept."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="lob")
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self.slots),
            headers=self._headers,
            timeout=self._timeout,
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def close(self) -> None:
        """Let go of all connections, once the letter that is being made is."""
        await self._session.close()
        await asyncio.to_thread(self._thread.shutdown)

    async def send(self, outbound: Outbound) -> Result:
        """Have a letter printed and mailed."""
        try:
            to = fields_of(outbound.to)
        except TooLongError:
            return Refused(code="address_too_long", permanent=True)
        make = partial(pdf, outbound, has_address_page=False)
        content = await asyncio.get_running_loop().run_in_executor(self._thread, make)
        reference = str(outbound.reference)
        try:
            async with self._session.post(
                self._letters,
                data=self._form(to, reference, content),
                headers={"Idempotency-Key": reference},
            ) as response:
                return _result(response.status, response.headers, await response.read())
        except aiohttp.ClientConnectorError:
            return Refused(code="unreachable", permanent=False)  # no connection: nothing was submitted
        except (aiohttp.ClientError, TimeoutError) as error:
            return Unknown(code=type(error).__name__)

    def _form(self, to: Mapping[str, str], reference: str, content: bytes) -> aiohttp.FormData:
        form = aiohttp.FormData(_HOW)
        for place, fields in (("to", to), ("from", self._sender)):
            for name, value in fields.items():
                form.add_field(f"{place}[{name}]", value)
        form.add_field(f"metadata[{REFERENCE}]", reference)
        form.add_field("file", content, filename=f"{reference}.pdf", content_type="application/pdf")
        return form

    async def find(self, sought: Sought) -> Answer:
        """Look for the letter with our reference among its metadata."""
        if sought.is_reference_lost:
            return CannotAsk()
        reference = str(sought.reference)
        try:
            async with self._session.get(
                self._letters.with_query({f"metadata[{REFERENCE}]": reference})
            ) as response:
                if response.status != 200:
                    return NoAnswer()
                listed = json.loads(await response.read())["data"]
                # Asked of again: should the filter ever not be understood, every letter would be ours.
                found = [item["id"] for item in listed if item["metadata"].get(REFERENCE) == reference]
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError, AttributeError):
            return NoAnswer()
        if found:
            return Found(provider_ids=tuple(reversed(found)))  # the newest come first
        return NotFound() if sought.waited >= _LIST_LAGS else NoAnswer()


def _result(status: int, headers: Mapping[str, str], body: bytes) -> Result:
    """What the answer to a request to print means."""
    answer = _object(body)
    if 200 <= status < 300:
        number = answer.get("id")
        return Accepted(provider_id=number) if isinstance(number, str) else Unknown(code="unreadable_answer")
    error = answer.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    return refusal(status, code if isinstance(code, str) else "", _wait(headers))


def _object(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _wait(headers: Mapping[str, str]) -> float | None:
    """The seconds until more may be asked for, where nothing is left; `ratelimit-reset` is a moment (epoch seconds)."""
    given = headers.get("ratelimit-reset", "")
    if not (given.isascii() and given.isdigit()) or headers.get("ratelimit-remaining") not in (None, "0"):
        return None
    return min(max(int(given) - now().timestamp(), 1.0), _LONGEST_WAIT_SECONDS)
