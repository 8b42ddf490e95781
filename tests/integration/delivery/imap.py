"""A small IMAP server on a real socket: as much of RFC 9051 as reading a mailbox takes."""

import re
import socketserver
import ssl
import threading
from contextlib import suppress
from types import TracebackType
from typing import Literal

_FETCH = re.compile(r"UID FETCH (\d+) \(BODY\.PEEK\[\]\)")
_STORE = re.compile(r"UID STORE (\d+) \+FLAGS\.SILENT \((\\\w+)\)")


class ImapServer:
    """One mailbox with these mails, for one account: `with ImapServer(mails) as server`.

    With `tls` everything is under TLS, from the start or after STARTTLS; before that, nobody may sign in.
    """

    def __init__(
        self,
        mails: list[bytes],
        tls: ssl.SSLContext | None = None,
        begins: Literal["at once", "after STARTTLS"] = "at once",
    ) -> None:
        self._tls = tls
        self._starttls = tls is not None and begins == "after STARTTLS"
        self.signed_in_under: list[str | None] = []
        """The version of TLS under which somebody gave the password, each time; None in the clear."""
        self._mails: dict[int, tuple[bytes, set[str]]] = {n: (raw, set()) for n, raw in enumerate(mails, 1)}
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        scheme, host = ("imap", "127.0.0.1") if tls is None else ("imaps", "localhost")
        scheme = "imap" if self._starttls else scheme
        self.url = f"{scheme}://office:pass%2Fword@{host}:{self._server.server_address[1]}"

    def __enter__(self) -> "ImapServer":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def left(self) -> list[tuple[bytes, set[str]]]:
        """The mails still there, each with its flags."""
        return list(self._mails.values())

    def answer(self, command: str) -> tuple[list[bytes], str]:
        """The lines before the last one, and the last one without its tag."""
        if command.startswith("CAPABILITY"):
            return [b"* CAPABILITY IMAP4rev1" + b" STARTTLS" * self._starttls], "OK done"
        if command.startswith("LOGIN"):
            return [], "OK done" if 'office "pass/word"' in command else "NO wrong"
        if command.startswith("SELECT"):
            return [f"* {len(self._mails)} EXISTS".encode()], "OK [READ-WRITE]"
        if command.startswith("UID SEARCH UNDELETED UNFLAGGED"):
            found = [str(n) for n, (_, flags) in self._mails.items() if not flags]
            return [("* SEARCH " + " ".join(found)).encode()], "OK done"
        if fetch := _FETCH.match(command):
            raw = self._mails[int(fetch[1])][0]
            head = f"* {fetch[1]} FETCH (UID {fetch[1]} BODY[] {{{len(raw)}}}\r\n".encode()
            return [head + raw + b")"], "OK done"
        if store := _STORE.match(command):
            self._mails[int(store[1])][1].add(store[2])
            return [], "OK done"
        if command.startswith("CLOSE"):
            self._mails = {n: each for n, each in self._mails.items() if r"\Deleted" not in each[1]}
            return [], "OK done"
        return [b"* BYE"] if command.startswith("LOGOUT") else [], "OK done"

    def _handler(self) -> type[socketserver.StreamRequestHandler]:
        office = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                if office._tls is not None and not office._starttls:
                    self.go_under_tls(office._tls)
                self.wfile.write(b"* OK ready\r\n")
                while line := self.rfile.readline():
                    tag, _, command = line.decode().strip().partition(" ")
                    if command == "STARTTLS" and office._tls is not None:
                        self.wfile.write(f"{tag} OK begin\r\n".encode())
                        self.go_under_tls(office._tls)
                        continue
                    if command.startswith("LOGIN"):
                        is_under = isinstance(self.request, ssl.SSLSocket)
                        office.signed_in_under.append(self.request.version() if is_under else None)
                    before, last = office.answer(command)
                    for each in before:
                        self.wfile.write(each + b"\r\n")
                    self.wfile.write(f"{tag} {last}\r\n".encode())

            def go_under_tls(self, tls: ssl.SSLContext) -> None:
                with suppress(ssl.SSLError, ConnectionError):  # the client does not trust us, and goes
                    self.request = tls.wrap_socket(self.request, server_side=True)
                self.rfile = self.request.makefile("rb")
                self.wfile = self.request.makefile("wb", 0)

        return Handler
