"""A file on an SFTP server, fetched when it has changed, and read on where the connection broke.

The server's key must be the one that the mapping names, before anything of ours is shown to it.
"""

import base64
import hashlib
import hmac
import socket
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from fnmatch import fnmatchcase
from typing import Any

import paramiko

from watchword.feeds.ways.arrivals import Arrival, BrokenOffError, Readable, Resuming, WayError
from watchword.feeds.ways.described import Sftp
from watchword.feeds.ways.secrets import Credential

_TIMEOUT_SECONDS = 30

Mark = dict[str, Any]


def fetch(way: Sftp, credential: Credential, mark: Mark) -> Iterator[Arrival]:
    """The file, if it is another than the mark's; WayError where the server does not give it."""
    with ExitStack() as connections:
        client = connections.enter_context(_connected(way, credential))
        name, status = _newest(way, client)
        new = {"host": way.host, "name": name, "size": status.st_size, "time": status.st_mtime}
        if new == mark:
            return

        @contextmanager
        def opened() -> Iterator[Readable]:
            unused = [client]  # the first reading's; each later one needs a connection of its own

            def at(place: int) -> Readable:
                mine = unused.pop() if unused else connections.enter_context(_connected(way, credential))
                return _open(mine, f"{way.folder}/{name}", place, new)

            yield Resuming(at)

        yield Arrival(open=opened, mark=new)


@contextmanager
def _connected(way: Sftp, credential: Credential) -> Iterator[paramiko.SFTPClient]:
    try:
        with socket.create_connection((way.host, way.port), timeout=_TIMEOUT_SECONDS) as connection:
            transport = paramiko.Transport(connection)
            try:
                transport.start_client(timeout=_TIMEOUT_SECONDS)
                _check_host(way, transport)
                _sign_in(transport, credential)
                client = paramiko.SFTPClient.from_transport(transport)
                if client is None:
                    raise WayError("The server offers no SFTP.")
                channel = client.get_channel()
                if channel is not None:
                    channel.settimeout(_TIMEOUT_SECONDS)
                yield client
            finally:
                transport.close()
    except paramiko.AuthenticationException:
        raise WayError("The server does not let us in: check WATCHWORD_FEED_CREDENTIALS.") from None
    except (OSError, EOFError, paramiko.SSHException) as error:
        raise WayError(f"The server cannot be reached ({type(error).__name__}).") from None


def _check_host(way: Sftp, transport: paramiko.Transport) -> None:
    digest = hashlib.sha256(transport.get_remote_server_key().asbytes()).digest()
    is_key = "SHA256:" + base64.b64encode(digest).decode().rstrip("=")
    if not hmac.compare_digest(is_key, way.host_key):
        raise WayError(
            f"The server shows another key ({is_key}) than the mapping's host_key. Ask its office before you change "
            "it: somebody may stand between."
        )


def _sign_in(transport: paramiko.Transport, credential: Credential) -> None:
    if credential.private_key_file is not None:
        try:
            password = credential.password.get_secret_value() or None
            key = paramiko.PKey.from_path(credential.private_key_file, password)
        except (OSError, ValueError, TypeError, paramiko.SSHException):
            raise WayError("The private key file cannot be read.") from None
        transport.auth_publickey(credential.user, key)
    else:
        transport.auth_password(credential.user, credential.password.get_secret_value())


def _newest(way: Sftp, client: paramiko.SFTPClient) -> tuple[str, paramiko.SFTPAttributes]:
    """The newest file of the way's name, and how it is."""
    try:
        there = [
            entry
            for entry in client.listdir_attr(way.folder)
            if fnmatchcase(entry.filename, way.pattern) and stat.S_ISREG(entry.st_mode or 0)
        ]
    except FileNotFoundError:
        raise WayError(f"The server has no folder {way.folder}.") from None
    if not there:
        raise WayError(f"The server has no file {way.path}.")
    newest = max(there, key=lambda entry: (entry.st_mtime or 0, entry.filename))
    return newest.filename, newest


def _open(client: paramiko.SFTPClient, path: str, place: int, expected: Mark) -> Readable:
    try:
        file = client.open(path, "rb")
        status = file.stat()
        if (status.st_size, status.st_mtime) != (expected["size"], expected["time"]):
            raise WayError("The file changed while it was fetched. It is fetched again at the next visit.")
        file.seek(place)
        if place == 0:
            file.prefetch(status.st_size, max_concurrent_requests=64)
    except (OSError, EOFError, paramiko.SSHException) as error:
        raise BrokenOffError(type(error).__name__) from None
    return _File(file, place, expected["size"])


class _File:
    """An open file; what ends before its size is broken off."""

    def __init__(self, file: paramiko.SFTPFile, place: int, size: int) -> None:
        self._file, self._place, self._size = file, place, size

    def read(self, size: int, /) -> bytes:
        try:
            chunk = self._file.read(size)
        except (OSError, EOFError, paramiko.SSHException) as error:
            raise BrokenOffError(type(error).__name__) from None
        self._place += len(chunk)
        if not chunk and self._place < self._size:
            raise BrokenOffError("it ended too early")
        return chunk
