"""The mailbox that bounces come to, over IMAP (RFC 9051). TLS is required unless the server is on this machine."""

import imaplib
import ssl
from collections.abc import Iterator
from types import TracebackType
from typing import Any
from urllib.parse import unquote, urlsplit

from watchword.core.errors import WatchwordError
from watchword.delivery.channels.smtp.client import is_loopback

_PORTS = {"imap": 143, "imaps": 993}
_MOST_AT_ONCE = 1_000


class MailboxError(WatchwordError):
    """The bounce mailbox cannot be read. Check WATCHWORD_BOUNCE_IMAP_URL, and that the server answers."""


FAILURES = (MailboxError, OSError, imaplib.IMAP4.error)
"""Whatever a mailbox may raise while it is open, or being opened."""


class Mailbox:
    """One folder of one account, while it is open: `with Mailbox(url, 20) as mailbox`."""

    def __init__(self, url: str, timeout_seconds: float) -> None:
        """`url` is imaps://user:password@host[:port][/folder], or imap:// with STARTTLS; the folder is INBOX else."""
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise MailboxError(MailboxError.__doc__)
        self._is_tls_from_start = parts.scheme == "imaps"
        self._host, self._port = parts.hostname, parts.port or _PORTS[parts.scheme]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._folder = unquote(parts.path.strip("/")) or "INBOX"
        self._timeout = timeout_seconds
        self._connection: imaplib.IMAP4

    def __enter__(self) -> "Mailbox":
        try:
            self._connection = self._connect()
            self._connection.login(self._user, self._password)
            self._done(self._connection.select(f'"{self._folder}"'))
        except (OSError, imaplib.IMAP4.error) as error:
            raise MailboxError(MailboxError.__doc__) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._connection.close()  # which removes what was deleted
            self._connection.logout()
        except (OSError, imaplib.IMAP4.error):
            self._connection.shutdown()

    def waiting(self) -> Iterator[tuple[str, bytes]]:
        """The mails that nobody has dealt with: each with its number and its content, as it came.

        Whether somebody has opened one does not matter, so that looking into the mailbox loses nothing.
        """
        (found,) = self._done(self._connection.uid("SEARCH", "UNDELETED", "UNFLAGGED"))
        for number in (found or b"").decode().split()[:_MOST_AT_ONCE]:
            answer = self._done(self._connection.uid("FETCH", number, "(BODY.PEEK[])"))
            content = next((part[1] for part in answer if isinstance(part, tuple)), None)
            if content is not None:
                yield number, content

    def delete(self, number: str) -> None:
        """Take it out of the mailbox, for good once the mailbox is closed."""
        self._done(self._connection.uid("STORE", number, "+FLAGS.SILENT", r"(\Deleted)"))

    def flag(self, number: str) -> None:
        """Leave it for a person: mail programs show it with a star or a flag."""
        self._done(self._connection.uid("STORE", number, "+FLAGS.SILENT", r"(\Flagged)"))

    def _connect(self) -> imaplib.IMAP4:
        context = ssl.create_default_context()
        if self._is_tls_from_start:
            return imaplib.IMAP4_SSL(self._host, self._port, ssl_context=context, timeout=self._timeout)
        connection = imaplib.IMAP4(self._host, self._port, timeout=self._timeout)
        if not is_loopback(self._host):
            connection.starttls(context)
        return connection

    @staticmethod
    def _done(answer: tuple[str, list[Any]]) -> list[Any]:
        word, data = answer
        if word != "OK":
            raise MailboxError(MailboxError.__doc__)
        return data
