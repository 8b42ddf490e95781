"""The client: a few connections, one a thread, each used for one mail after another.

The standard library's client in threads: an asynchronous one was measured and gained nothing.
"""

import asyncio
import ipaddress
import re
import smtplib
import ssl
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from urllib.parse import unquote, urlsplit

from watchword.core.errors import WatchwordError
from watchword.delivery.channels.mail import ascii_domain, return_path
from watchword.delivery.channels.smtp.errors import refusal
from watchword.delivery.channels.smtp.message import mail
from watchword.delivery.records import Accepted, Answer, CannotAsk, Outbound, Refused, Result, Sought, Unknown

_PORTS = {"smtp": 587, "smtps": 465}
_GO_ON = 354  # the server's answer to DATA
_CLOSING = 421  # the server says that it ends the connection (RFC 5321, 3.8)
_RECIPIENT = 1  # its place among the commands that announce a mail
_PLAIN = re.compile(r"""[^\s<>"(),:;\\\[\]]+""")  # an address without quotes, comments or a name beside it
_LOST = (OSError, smtplib.SMTPException)


class SmtpProvider:
    """Email through one server. TLS is required unless the server is on this machine."""

    name = "smtp"
    channels = ("email",)

    def __init__(
        self, *, url: str, sender: str, slots: int, timeout_seconds: float, bounce_address: str = ""
    ) -> None:
        """`bounce_address` is where bounces go, with a token of the attempt put after a plus; empty: to the sender."""
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise WatchwordError("WATCHWORD_SMTP_URL must look like smtp://[user:password@]host:port.")
        self._is_tls_from_start = parts.scheme == "smtps"
        self._host, self._port = parts.hostname, parts.port or _PORTS[parts.scheme]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender, self._bounce_address, self._timeout = sender, bounce_address, timeout_seconds
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
        except _LOST as error:
            return Refused(code=_word(error), permanent=False)
        return self._hand_over(connection, outbound) or Refused(code="disconnected", permanent=False)

    def _hand_over(self, connection: smtplib.SMTP, outbound: Outbound) -> Result | None:
        """One mail over this connection; None where it was lost before anything was submitted."""
        submitted = False
        try:
            refused = self._announce(connection, outbound)
            if refused is not None:
                return refused
            content = _escape_dots(mail(outbound, self._sender))
            submitted = True
            connection.send(content)
            reply, text = connection.getreply()
        except _LOST as error:
            self._drop(connection)
            return Unknown(code=_word(error)) if submitted else None
        if reply == _CLOSING:
            self._drop(connection)
        if reply >= 400:
            return refusal(reply, text, of_recipient=False)
        return Accepted(provider_id=None) if 200 <= reply < 300 else Unknown(code="unreadable_answer")

    def _announce(self, connection: smtplib.SMTP, outbound: Outbound) -> Refused | None:
        """Sender, recipient and the word that the content follows; the server's refusal of any of them."""
        recipient, options = ascii_domain(outbound.to), []
        if not recipient.isascii():
            if not connection.has_extn("smtputf8"):
                # Our own server cannot carry this address (RFC 6531).
                return Refused(code="5.6.7", permanent=True)
            connection.command_encoding = "utf-8"
            options.append("SMTPUTF8")
        if connection.has_extn("dsn"):
            options.append("RET=HDRS")  # a bounce need not bring the words back (RFC 3461)
        sender = return_path(self._sender, self._bounce_address, outbound)
        answers = _answers(
            connection,
            [
                f"MAIL FROM:{_in_brackets(sender)} {' '.join(options)}".rstrip(),
                f"RCPT TO:{_in_brackets(recipient)}",
                "DATA",
            ],
        )
        place, (reply, text) = next(
            ((place, answer) for place, answer in enumerate(answers) if answer[0] >= 400),
            (len(answers) - 1, answers[-1]),
        )
        if reply == _GO_ON:
            return None
        if reply == _CLOSING:
            self._drop(connection)
        else:
            with suppress(*_LOST):  # where the connection is lost, the next mail finds out
                if answers[-1][0] == _GO_ON:  # it waits for the content all the same: there is none
                    connection.docmd(".")
                connection.rset()
        return refusal(reply, text, of_recipient=place == _RECIPIENT)

    def _connect(self) -> smtplib.SMTP:
        if self._is_tls_from_start:
            context = ssl.create_default_context()
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=self._timeout, context=context
            )
        else:
            connection = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        try:
            connection.ehlo_or_helo_if_needed()
            if not (self._is_tls_from_start or is_loopback(self._host)):
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


def _answers(connection: smtplib.SMTP, commands: Sequence[str]) -> list[tuple[int, bytes]]:
    """The server's answers to these, up to the first refusal; where it takes them all at once (RFC 2920), to all, for
    one wait instead of three.
    """
    answers: list[tuple[int, bytes]] = []
    is_at_once = connection.has_extn("pipelining")
    if is_at_once:
        if any("\r" in command or "\n" in command for command in commands):
            raise ValueError("Commands are one line each.")
        connection.send("".join(f"{command}\r\n" for command in commands))
    for command in commands:
        answers.append(connection.getreply() if is_at_once else connection.docmd(command))
        if answers[-1][0] == _CLOSING or (answers[-1][0] >= 400 and not is_at_once):
            break
    return answers


def is_loopback(host: str) -> bool:
    """Whether this is a name or address of this machine alone: what goes there does not leave it."""
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _in_brackets(address: str) -> str:
    """The address as a command takes it. smtplib parses each in pure Python, which takes as long as all else does."""
    return f"<{address}>" if _PLAIN.fullmatch(address) else smtplib.quoteaddr(address)


def _escape_dots(content: bytes) -> bytes:
    """The content as DATA wants it: a dot that begins a line doubled, and a dot alone at the end (RFC 5321, 4.5.2)."""
    escaped = content.replace(b"\r\n.", b"\r\n..")
    return (escaped if escaped.endswith(b"\r\n") else escaped + b"\r\n") + b".\r\n"


def _word(error: Exception) -> str:
    timed_out = isinstance(error, TimeoutError) or isinstance(
        error.__context__, TimeoutError
    )  # smtplib wraps it
    return "time_out" if timed_out else type(error).__name__
