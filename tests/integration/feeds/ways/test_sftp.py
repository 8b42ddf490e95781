"""A file on a real SFTP server (another implementation's): fetched when it has changed, from the right server alone."""

import asyncio
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import asyncssh
import pytest
from django.conf import LazySettings

from tests.integration.feeds.ways.conftest import MONDAY, TUESDAY, AddSource, held, outcomes, visit


@dataclass
class Jail:
    """A server with a folder, and how it behaves."""

    folder: Path
    host_key: str
    port: int = 0
    breaks: list[int] = field(default_factory=list)
    """Bytes from which on the next readings break off."""
    passwords: list[str] = field(default_factory=list)

    def put(self, name: str, data: bytes, seconds_ago: int) -> None:
        path = self.folder / "out" / name
        path.write_bytes(data)
        os.utime(path, (path.stat().st_atime, int(path.stat().st_mtime) - seconds_ago))


def _server(jail: Jail, key: asyncssh.SSHKey, user_key: asyncssh.SSHKey) -> object:
    class SignIn(asyncssh.SSHServer):
        def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
            self._connection = conn

        def begin_auth(self, username: str) -> bool:
            return True

        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            jail.passwords.append(password)
            return (username, password) == ("watchword", "open sesame")

        def public_key_auth_supported(self) -> bool:
            return True

        def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
            return key.public_data == user_key.public_data

    class Files(asyncssh.SFTPServer):
        def __init__(self, channel: asyncssh.SSHServerChannel[bytes]) -> None:
            super().__init__(channel, chroot=str(jail.folder).encode())
            self._channel = channel

        def read(self, file_obj: object, offset: int, size: int) -> bytes:
            if jail.breaks and offset + size > jail.breaks[0]:
                jail.breaks.pop(0)
                self._channel.get_connection().abort()
            return cast(bytes, super().read(file_obj, offset, size))

    return asyncssh.listen("127.0.0.1", 0, server_factory=SignIn, sftp_factory=Files, server_host_keys=[key])


@pytest.fixture
def user_key(tmp_path: Path) -> asyncssh.SSHKey:
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(str(tmp_path / "id_ed25519"))
    return key


@pytest.fixture
def jail(tmp_path: Path, user_key: asyncssh.SSHKey) -> Iterator[Jail]:
    key = asyncssh.generate_private_key("ssh-ed25519")
    jail = Jail(tmp_path / "server", key.get_fingerprint())
    (jail.folder / "out").mkdir(parents=True)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def listen() -> asyncssh.SSHAcceptor:
        acceptor: asyncssh.SSHAcceptor = await _server(jail, key, user_key)  # type: ignore[misc]
        return acceptor

    acceptor = asyncio.run_coroutine_threadsafe(listen(), loop).result(10)
    jail.port = acceptor.get_port()
    yield jail
    loop.call_soon_threadsafe(acceptor.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()


@pytest.fixture(autouse=True)
def _source(jail: Jail, reached: AddSource, settings: LazySettings) -> None:
    reached(kind="sftp", host="127.0.0.1", port=jail.port, path="/out/roster-*.csv", host_key=jail.host_key)
    sign_in(settings, password="open sesame")


def sign_in(settings: LazySettings, **given: str) -> None:
    credentials = {"harbor": {"user": "watchword"} | given}
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"feed_credentials": credentials})


def test_the_newest_file_is_fetched_once(jail: Jail) -> None:
    jail.put("roster-2.csv", MONDAY, seconds_ago=60)
    jail.put("roster-1.csv", b"older", seconds_ago=90)
    jail.put("other.csv", b"newer, and another", seconds_ago=0)
    visit()
    visit()
    assert outcomes() == ["baseline"]
    jail.put("roster-3.csv", TUESDAY, seconds_ago=30)
    visit()
    assert outcomes() == ["baseline", "news"]


def test_what_breaks_off_is_read_on_over_a_new_connection(jail: Jail) -> None:
    rows = b"".join(b"%d,Name%d,\n" % (number, number) for number in range(60_000))
    jail.put("roster-1.csv", b"id,name,charges\n" + rows, seconds_ago=5)
    jail.breaks = [200_000, 500_000]
    found = visit()
    assert found.fault == ""
    assert jail.breaks == []
    assert len(held()) == 60_000


def test_another_host_key_is_refused_before_anything_is_shown_to_it(jail: Jail, reached: AddSource) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").get_fingerprint()
    reached(kind="sftp", host="127.0.0.1", port=jail.port, path="/out/roster-1.csv", host_key=other)
    jail.put("roster-1.csv", MONDAY, seconds_ago=5)
    found = visit()
    assert f"shows another key ({jail.host_key})" in found.fault
    assert (outcomes(), jail.passwords) == ([], [])


def test_a_private_key_opens_it(jail: Jail, settings: LazySettings, tmp_path: Path) -> None:
    sign_in(settings, private_key_file=str(tmp_path / "id_ed25519"))
    jail.put("roster-1.csv", MONDAY, seconds_ago=5)
    visit()
    assert (outcomes(), jail.passwords) == (["baseline"], [])


def test_faults_are_told_in_words(jail: Jail, settings: LazySettings) -> None:
    assert visit().fault == "The server has no file /out/roster-*.csv."
    sign_in(settings, password="wrong")
    assert "does not let us in" in visit().fault
    assert visit().failures == 3
