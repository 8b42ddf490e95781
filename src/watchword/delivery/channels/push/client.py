"""The client: one HTTP session for every partner's endpoint. It sees a status code and reads nothing else."""

import ssl
import time
from collections.abc import Sequence

import aiohttp
from yarl import URL

from watchword.core.clock import now
from watchword.delivery.channels.push.errors import meaning
from watchword.delivery.channels.push.networks import ForbiddenAddressError, Network, guarded_socket
from watchword.delivery.channels.push.signing import signed_headers
from watchword.delivery.records import Answer, MaySendAgain, Outbound, Refused, Result, Sought, Unknown

_REST_SECONDS = 10.0  # an endpoint that kept us waiting in vain is left alone so long: others want the slots


class PushProvider:
    """Posts to the endpoint that each message names, and signs with the keys that come with it."""

    name = "push"
    channels = ("push",)

    def __init__(self, *, slots: int, timeout_seconds: float, networks: Sequence[Network]) -> None:
        """`networks` may be connected to besides public addresses."""
        self.slots = slots
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds, sock_connect=timeout_seconds / 2)
        self._networks = networks
        self._resting: dict[URL, float] = {}  # until when, by origin
        self._session: aiohttp.ClientSession

    async def open(self) -> None:
        """Make ready; connections are made when first needed and kept."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=self.slots,
                ssl=ssl.create_default_context(),
                socket_factory=guarded_socket(self._networks),
            ),
            headers={"Content-Type": "application/json", "User-Agent": "Watchword"},
            timeout=self._timeout,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            requote_redirect_url=False,
        )

    async def close(self) -> None:
        """Let go of all connections."""
        await self._session.close()

    async def send(self, outbound: Outbound) -> Result:
        """Post it. No redirect is followed, and what the endpoint has to say besides its status is not waited for."""
        url, body = URL(outbound.url), outbound.body.encode()
        origin = url.origin()
        if self._resting.get(origin, 0.0) > time.monotonic():
            return _refused("resting")
        headers = signed_headers(outbound.message_id, now(), body, outbound.signing_keys)
        try:
            async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as response:
                self._resting.pop(origin, None)
                return meaning(response.status, response.headers.get("Retry-After"))
        except aiohttp.ClientConnectorCertificateError:
            return _refused("wrong_certificate")
        except aiohttp.ClientConnectorError as error:
            return _refused(
                "forbidden_address" if isinstance(error.os_error, ForbiddenAddressError) else "unreachable"
            )
        except aiohttp.ConnectionTimeoutError:
            self._resting[origin] = time.monotonic() + _REST_SECONDS
            return _refused("unreachable")
        except (aiohttp.ClientError, TimeoutError) as error:
            if isinstance(error, TimeoutError):
                self._resting[origin] = time.monotonic() + _REST_SECONDS
            return Unknown(code=type(error).__name__, of_address=True)

    async def find(self, sought: Sought) -> Answer:
        """Nothing need be asked: the receiver knows a repeat by its id."""
        return MaySendAgain()


def _refused(code: str) -> Refused:
    return Refused(code=code, permanent=False, of_address=True)
