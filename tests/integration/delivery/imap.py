"""A small IMAP server on a real socket: as much of RFC 9051 as reading a mailbox takes."""

import re
import socketserver
import threading
from types import TracebackType

_FETCH = re.compile(r"UID FETCH (\d+) \(BODY\.PEEK\[\]\)")
_STORE = re.compile(r"UID STORE (\d+) \+FLAGS\.SILENT \((\\\w+)\)")


class ImapServer:
    """One mailbox with these mails, for one account: `with ImapServer(mails) as server`."""

    def __init__(self, mails: list[bytes]) -> None:
        self._mails: dict[int, tuple[bytes, set[str]]] = {n: (raw, set()) for n, raw in enumerate(mails, 1)}
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"imap://office:pass%2Fword@127.0.0.1:{self._server.server_address[1]}"

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
            return [b"* CAPABILITY IMAP4rev1"], "OK done"
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
                self.wfile.write(b"* OK ready\r\n")
                for line in self.rfile:
                    tag, _, command = line.decode().strip().partition(" ")
                    before, last = office.answer(command)
                    for each in before:
                        self.wfile.write(each + b"\r\n")
                    self.wfile.write(f"{tag} {last}\r\n".encode())

        return Handler
