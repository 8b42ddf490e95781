"""The client: one request a pigeon. The loft keeps our own reference, so it can be asked by it."""

import json

import aiohttp

from tests.contracts.providers.pigeon.errors import refusal
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


class PigeonProvider:
    """Texts by pigeon."""

    name = "pigeon"
    channels = ("text",)

    def __init__(self, *, url: str, token: str, slots: int, timeout_seconds: float) -> None:
        self._url, self._token, self.slots = url.rstrip("/"), token, slots
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds)
        self._session: aiohttp.ClientSession

    async def open(self) -> None:
        """Make ready."""
        self._session = aiohttp.ClientSession(
            timeout=self._timeout, headers={"Authorization": f"Bearer {self._token}"}
        )

    async def close(self) -> None:
        """Let go of all connections."""
        await self._session.close()

    async def send(self, outbound: Outbound) -> Result:
        """Let one fly."""
        note = {"to": outbound.to, "words": outbound.body, "reference": str(outbound.reference)}
        try:
            async with self._session.post(f"{self._url}/pigeons", json=note) as response:
                return _result(response.status, await response.read())
        except aiohttp.ClientConnectorError:
            return Refused(code="unreachable", permanent=False)
        except (aiohttp.ClientError, TimeoutError) as error:
            return Unknown(code=type(error).__name__)

    async def find(self, sought: Sought) -> Answer:
        """Ask the loft by our reference."""
        if sought.is_reference_lost:
            return CannotAsk()
        try:
            async with self._session.get(f"{self._url}/pigeons/{sought.reference}") as response:
                if response.status == 404:
                    return NotFound()
                return Found(provider_ids=(json.loads(await response.read())["ring"],))
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError):
            return NoAnswer()


def _result(status: int, body: bytes) -> Result:
    if status != 201:
        return refusal(status)
    try:
        return Accepted(provider_id=json.loads(body)["ring"])
    except (ValueError, KeyError, TypeError):
        return Unknown(code="unreadable_answer")
