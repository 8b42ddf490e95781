"""What was received is kept: whole, encrypted, once, and read back only if it is what came."""

import io
import os
import signal
import subprocess
import sys
import textwrap
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import pytest

from watchword.core import encryption
from watchword.core.encryption import KeyRing
from watchword.feeds import raw
from watchword.feeds.raw import RawFileError

pytestmark = pytest.mark.usefixtures("home")

DATA = b"id,name\n1,Reyes\n2,Okafor\n"
LARGE = b"".join(b"%09d,Okafor\n" % number for number in range(150_000))  # over two chunks

OLD, NEW, INDEX = (b64encode(letter * 32).decode() for letter in (b"o", b"n", b"i"))


def keep(data: bytes) -> raw.Kept:
    return raw.keep(1, io.BytesIO(data))


def read(sha256: bytes) -> bytes:
    return b"".join(raw.chunks(1, sha256))


@pytest.mark.parametrize(
    "data", [b"", b"x", DATA, b"a" * (1 << 20), LARGE], ids=["empty", "byte", "small", "chunk", "large"]
)
def test_the_same_bytes_come_back(data: bytes) -> None:
    kept = keep(data)
    assert kept.size == len(data)
    assert read(kept.sha256) == data


def test_no_cell_can_be_read_on_the_disk() -> None:
    kept = keep(DATA)
    on_disk = raw.path_of(1, kept.sha256).read_bytes()
    assert not any(word in on_disk for word in (b"Reyes", b"Okafor", b"name"))


def test_only_the_owner_may_read_it() -> None:
    kept = keep(DATA)
    path = raw.path_of(1, kept.sha256)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_the_same_bytes_are_kept_once() -> None:
    assert keep(DATA) == keep(DATA)
    assert len(list(raw.folder_of(1).iterdir())) == 1


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Change the process's keys."""

    def change(keys: str) -> None:
        ring = KeyRing(keys, INDEX)
        monkeypatch.setattr(raw, "keyring", lambda: ring)

    return change


def test_a_file_under_an_older_key_is_read_after_a_rotation(rings: Callable[[str], None]) -> None:
    rings(f"old:{OLD}")
    kept = keep(DATA)
    rings(f"new:{NEW},old:{OLD}")
    assert read(kept.sha256) == DATA
    assert keep(DATA) == kept
    rings(f"new:{NEW}")
    assert read(kept.sha256) == DATA  # kept again, it is under the new key


def test_a_file_whose_key_is_gone_is_told_so(rings: Callable[[str], None]) -> None:
    rings(f"old:{OLD}")
    kept = keep(DATA)
    rings(f"new:{NEW}")
    with pytest.raises(RawFileError, match="its key is no longer in WATCHWORD_FIELD_KEYS"):
        read(kept.sha256)


def test_a_key_with_the_longest_name_is_no_trouble(rings: Callable[[str], None]) -> None:
    rings(f"{'k' * 255}:{NEW}")
    assert read(keep(DATA).sha256) == DATA


def parts(file: bytes) -> tuple[bytes, list[bytes]]:
    """The beginning of a kept file and its chunks, each with its length."""
    beginning, rest, chunks = file[:23], file[23:], []
    while rest:
        size = 4 + int.from_bytes(rest[:4], "big")
        chunks.append(rest[:size])
        rest = rest[size:]
    return beginning, chunks


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "emptied": lambda _: b"",
    "cut in its beginning": lambda file: file[:10],
    "cut in a length": lambda file: file[:25],
    "cut in a chunk": lambda file: file[:1000],
    "cut after a chunk": lambda file: parts(file)[0] + parts(file)[1][0],
    "cut before its end": lambda file: parts(file)[0] + b"".join(parts(file)[1][:-1]),
    "shuffled": lambda file: b"".join([parts(file)[0], *(parts(file)[1][at] for at in (1, 0, 2, 3))]),
    "with a chunk twice": lambda file: b"".join(
        [parts(file)[0], *(parts(file)[1][at] for at in (0, 0, 1, 2, 3))]
    ),
    "with a chunk left out": lambda file: b"".join(
        [parts(file)[0], *(parts(file)[1][at] for at in (0, 2, 3))]
    ),
    "altered in one bit": lambda file: file[:5000] + bytes([file[5000] ^ 1]) + file[5001:],
    "of another form": lambda file: b"PK" + file[2:],
    "with an endless chunk": lambda file: file[:23] + b"\xff\xff\xff\xff" + file[27:],
    "with more after its end": lambda file: file + b"\x00\x00\x00\x05hello",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_file_is_not_read_as_if_whole_when_it_was(damage: str) -> None:
    kept = keep(LARGE)
    path = raw.path_of(1, kept.sha256)
    assert len(parts(path.read_bytes())[1]) == 4
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    with pytest.raises(RawFileError, match="from the backup"):
        read(kept.sha256)


def test_a_file_exchanged_for_another_is_noticed() -> None:
    one, other = keep(DATA), keep(DATA + b"3,Lund\n")
    raw.path_of(1, one.sha256).write_bytes(raw.path_of(1, other.sha256).read_bytes())
    with pytest.raises(RawFileError):
        read(one.sha256)


def test_a_missing_file_is_told_so() -> None:
    with pytest.raises(RawFileError, match="missing"):
        read(b"\x01" * 32)


def test_nothing_is_left_behind_when_the_disk_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        keep(DATA)
    assert list(raw.folder_of(1).iterdir()) == []


def test_nothing_is_left_behind_when_the_stream_breaks() -> None:
    stream = mock.Mock(read=mock.Mock(side_effect=[DATA, ConnectionResetError]))
    with pytest.raises(ConnectionResetError):
        raw.keep(1, stream)
    assert list(raw.folder_of(1).iterdir()) == []


WRITE = """
    import sys, time
    import django
    django.setup()
    from watchword.feeds import raw

    class Slow:
        chunks = 0
        def read(self, size):
            self.chunks += 1
            if self.chunks > 3:
                print("writing", flush=True)
                time.sleep(60)
            return b"x" * size

    raw.keep(1, Slow())
"""


@pytest.fixture
def writer(home: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process in the middle of keeping a roster in this home."""
    environ = os.environ | {
        "WATCHWORD_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "watchword.config.settings",
    }
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WRITE)], env=environ, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        yield process
        process.kill()


def test_what_a_killed_process_was_writing_is_no_roster(writer: subprocess.Popen[str]) -> None:
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    left = list(raw.folder_of(1).iterdir())
    assert [path.name[0] for path in left] == ["."]  # the next purge takes it: test_retention
    assert b"xxxx" not in left[0].read_bytes()


def test_the_ring_of_the_process_is_the_one_used() -> None:
    kept = keep(DATA)
    sealed = parts(raw.path_of(1, kept.sha256).read_bytes())[1][0][4:]
    assert sealed[2 : 2 + sealed[1]] == encryption.keyring().encrypt(b"", "")[2 : 2 + sealed[1]]
