"""A file on a web server, fetched when it has changed (ETag, Last-Modified), and read on where the connection broke."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError
from urllib3.util import Retry

from watchword.feeds.ways.arrivals import Arrival, BrokenOffError, Readable, Resuming, WayError
from watchword.feeds.ways.described import Http
from watchword.feeds.ways.secrets import Credential

_TIMEOUT_SECONDS = (10, 60)  # to connect; between two bytes
_AGAIN = (429, 500, 502, 503, 504)
_VALIDATORS = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}

Mark = dict[str, Any]


class _Bearer(AuthBase):
    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def fetch(way: Http, credential: Credential, mark: Mark) -> Iterator[Arrival]:
    """The file, if it is another than the mark's; WayError where the server does not give it."""
    with _session(credential) as session:
        known = mark if mark.get("url") == way.url else {}
        asked = {header: known[name] for name, header in _VALIDATORS.items() if name in known}
        response = _get(session, way.url, asked)
        if response.status_code == HTTPStatus.NOT_MODIFIED:
            return
        _check(response, HTTPStatus.OK)
        new = {"url": way.url} | {
            name: response.headers[name] for name in _VALIDATORS if name in response.headers
        }

        @contextmanager
        def opened() -> Iterator[Readable]:
            yield Resuming(lambda place: _at(session, way.url, response, place))

        yield Arrival(open=opened, mark=new)


@contextmanager
def _session(credential: Credential) -> Iterator[requests.Session]:
    retry = Retry(
        total=4,
        backoff_factor=0.5,
        backoff_jitter=0.5,
        status_forcelist=_AGAIN,
        raise_on_status=False,
        respect_retry_after_header=False,  # the next visit comes anyway
    )
    with requests.Session() as session:
        session.mount("https://", HTTPAdapter(max_retries=retry))
        session.mount("http://", HTTPAdapter(max_retries=retry))
        session.trust_env = False  # no password out of a .netrc of this machine
        if credential.token:
            session.auth = _Bearer(credential.token.get_secret_value())
        elif credential.user:
            session.auth = (credential.user, credential.password.get_secret_value())
        session.headers["Accept-Encoding"] = "identity"  # so that bytes can be counted, and nothing blows up
        yield session


def _get(session: requests.Session, url: str, headers: dict[str, str]) -> requests.Response:
    try:
        return session.get(url, headers=headers, stream=True, timeout=_TIMEOUT_SECONDS, allow_redirects=False)
    except requests.exceptions.SSLError:
        raise WayError("The server's certificate is not one that this machine trusts.") from None
    except requests.exceptions.RequestException as error:
        raise WayError(f"The server cannot be reached ({type(error).__name__}).") from None


def _check(response: requests.Response, wanted: int) -> None:
    status = response.status_code
    if response.is_redirect:
        raise WayError(
            f"The server sends us elsewhere ({status}): write the address it now has in the mapping."
        )
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise WayError(f"The server does not let us in ({status}): check WATCHWORD_FEED_CREDENTIALS.")
    if status != wanted:
        raise WayError(f"The server answered {status} {response.reason}.")
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise WayError("The server sends the file packed, though we ask for it unpacked.")


def _at(session: requests.Session, url: str, first: requests.Response, place: int) -> Readable:
    """The answer's body from this byte on: the first answer's, or what a new one gives of the very same file."""
    if place == 0:
        return _Body(first if first.raw.tell() == 0 else _get_whole(session, url))
    validator = first.headers.get("ETag") or first.headers.get("Last-Modified")
    if not validator or validator.startswith("W/") or first.headers.get("Accept-Ranges") != "bytes":
        raise WayError("The connection broke, and the server does not offer the rest alone.")
    response = _get(session, url, {"Range": f"bytes={place}-", "If-Range": validator})
    if response.status_code == HTTPStatus.OK:
        raise WayError("The file changed while it was fetched.")
    _check(response, HTTPStatus.PARTIAL_CONTENT)
    if not response.headers.get("Content-Range", "").startswith(f"bytes {place}-"):
        raise WayError("The server gave another part of the file than the one asked for.")
    return _Body(response)


def _get_whole(session: requests.Session, url: str) -> requests.Response:
    response = _get(session, url, {})
    _check(response, HTTPStatus.OK)
    return response


class _Body:
    """An answer's body; what ends before its Content-Length is broken off."""

    def __init__(self, response: requests.Response) -> None:
        self._response = response

    def read(self, size: int, /) -> bytes:
        try:
            chunk: bytes = self._response.raw.read(size)
        except (HTTPError, OSError) as error:
            raise BrokenOffError(type(error).__name__) from None
        return chunk
