"""The carrier's control API (docs/reference/carrier.md), as far as the demo uses it, and the page behind a link."""

import json
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from watchword.core.errors import WatchwordError


def _send(url: str, method: str, path: str, body: str | None = None, kind: str = "") -> str:
    """What the server answers; OSError where there is none, WatchwordError where it refuses."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        connection.request(method, path, body, {"Content-Type": kind} if kind else {})
        response = connection.getresponse()
        said = response.read().decode()
        if response.status >= 400:
            raise WatchwordError(f"{method} {path.split('?')[0]} was answered with {response.status}.")
        return said
    finally:
        connection.close()


def answers(url: str) -> bool:
    """Whether a web server there answers at all."""
    try:
        _send(url, "HEAD", "/")
    except (OSError, HTTPException):
        return False
    return True


class Exchange:
    """The phones and mailboxes of everybody in the demo."""

    def __init__(self, url: str) -> None:
        self._url = url

    def set_phone(self, number: str, **behaviour: Any) -> None:
        """How this phone answers from now on."""
        self._ask("PUT", f"/exchange/phones/{quote(number)}", behaviour)

    def set_mailbox(self, address: str, **behaviour: Any) -> None:
        """What this mailbox is called."""
        self._ask("PUT", f"/exchange/mailboxes/{quote(address)}", behaviour)

    def texts(self, number: str) -> list[dict[str, Any]]:
        """The texts on this phone, oldest first, those it sent among them."""
        texts: list[dict[str, Any]] = self._ask("GET", f"/exchange/phones/{quote(number)}/texts")["texts"]
        return texts

    def calls(self, number: str) -> list[dict[str, Any]]:
        """The calls of this phone, oldest first, with what was said and pressed."""
        calls: list[dict[str, Any]] = self._ask("GET", f"/exchange/phones/{quote(number)}/calls")["calls"]
        return calls

    def mails(self, address: str) -> list[dict[str, Any]]:
        """The mails in this mailbox, oldest first."""
        mails: list[dict[str, Any]] = self._ask("GET", f"/exchange/mailboxes/{quote(address)}/mails")["mails"]
        return mails

    def log(self) -> list[dict[str, Any]]:
        """Everything that the carrier accepted, oldest first."""
        log: list[dict[str, Any]] = self._ask("GET", "/exchange/log?limit=10000")["log"]
        return log

    def settle(self) -> None:
        """Wait until no text, receipt or call is under way."""
        self._ask("POST", "/exchange/settle", {})

    def _ask(self, method: str, path: str, fields: dict[str, Any] | None = None) -> Any:
        body = None if fields is None else json.dumps(fields)
        return json.loads(_send(self._url, method, path, body, "application/json"))


def enter_pin_on_page(link: str, pin: str) -> str:
    """Open the link from an email as its reader would, enter the PIN, and return the page that comes."""
    parts = urlsplit(link)
    path = f"{parts.path}?{parts.query}"
    _send(link, "GET", path)
    return _send(link, "POST", path, urlencode({"pin": pin}), "application/x-www-form-urlencoded")
