"""The client: a few connections, one a thread, each used for one mail after another.

The standard library's client in threads: an asynchronous one was measured and gained nothing.
"""

import asyncio
import ipaddress
import smtplib
import socket
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote, urlsplit

from watchword.core.errors import WatchwordError
from watchword.delivery.channels.smtp.errors import refusal
from watchword.delivery.channels.smtp.message import mail
from watchword.delivery.records import Accepted, Answer, CannotAsk, Outbound, Refused, Result, Sought, Unknown


class SmtpProvider:
    """Email through one server. STARTTLS is required unless the server is on this machine."""

    name = "smtp"
    channels = ("email",)

    def __init__(self, *, url: str, sender: str, slots: int, timeout_seconds: float) -> None:
        parts = urlsplit(url)
        if parts.scheme != "smtp" or not parts.hostname:
            raise WatchwordError("WATCHWORD_SMTP_URL must look like smtp://[user:password@]host:port.")
        self._host, self._port = parts.hostname, parts.port or 587
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender, self._timeout = sender, timeout_seconds
        self.slots = slots
        self._own = threading.local()
        self._connections: set[smtplib.SMTP] = set()
        self._threads: ThreadPoolExecutor

    async def open(self) -> None:
        """Make ready; connections are made when first needed and kept."""
        self._threads = ThreadPoolExecutor(self.slots, thread_name_prefix="smtp")

    async def close(self) -> None:
        """Let go of all connections."""
        await asyncio.to_thread(self._threads.shutdown)
        for connection in self._connections:
            connection.close()
        self._connections.clear()

    async def send(self, outbound: Outbound) -> Result:
        """Hand over a mail."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._send, outbound)

    async def find(self, sought: Sought) -> Answer:
        """A mail server keeps no list to look in."""
        return CannotAsk()

    def _send(self, outbound: Outbound) -> Result:
        kept = getattr(self._own, "connection", None)
        if kept is not None:
            result = self._hand_over(kept, outbound)
            if result is not None:
                return result
        # No connection, or the server has closed it since its last use: a new one, once.
        try:
            self._own.connection = connection = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            return Refused(code=_word(error), permanent=False)
        return self._hand_over(connection, outbound) or Refused(code="disconnected", permanent=False)

    def _hand_over(self, connection: smtplib.SMTP, outbound: Outbound) -> Result | None:
        """One mail over this connection; None where it was lost before anything was submitted."""
        submitted = False
        try:
            for reply, text in (connection.mail(self._sender), connection.rcpt(outbound.to)):
                if reply >= 400:
                    connection.rset()
                    return refusal(reply, text)
            reply, text = connection.docmd("DATA")
            if reply != 354:
                connection.rset()
                return refusal(reply, text)
            content = _escape_dots(mail(outbound, self._sender))
            submitted = True
            connection.send(content)
            reply, text = connection.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._drop(connection)
            return Unknown(code=_word(error)) if submitted else None
        if reply >= 400:
            return refusal(reply, text)
        return Accepted(provider_id=None) if 200 <= reply < 300 else Unknown(code="unreadable_answer")

    def _connect(self) -> smtplib.SMTP:
        connection = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        try:
            connection.ehlo_or_helo_if_needed()
            if not _is_loopback(self._host):
                connection.starttls(context=ssl.create_default_context())
                connection.ehlo()
            if self._user:
                connection.login(self._user, self._password)
        except BaseException:
            connection.close()
            raise
        self._connections.add(connection)
        return connection

    def _drop(self, connection: smtplib.SMTP) -> None:
        self._own.connection = None
        self._connections.discard(connection)
        connection.close()


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _escape_dots(content: bytes) -> bytes:
    """The content as DATA wants it: a dot that begins a line doubled, and a dot alone at the end (RFC 5321, 4.5.2)."""
    escaped = content.replace(b"\r\n.", b"\r\n..")
    return (escaped if escaped.endswith(b"\r\n") else escaped + b"\r\n") + b".\r\n"


def _word(error: Exception) -> str:
    return "time_out" if isinstance(error, socket.timeout) else type(error).__name__
