"""A private PostgreSQL that belongs to one WATCHWORD_HOME.

The server has no network address, only a unix socket in a folder closed to other users, and knows who
connects by their account (peer). It runs while anybody uses it: every process that does holds a shared lock on the
data folder, and the last to leave stops it. Starting and stopping are one at a time, under a lock on the folder
above. Both are the kernel's locks, so nothing of a killed process needs clearing up: a server that lost its last user
that way runs on until the next one leaves.
"""

import atexit
import fcntl
import hashlib
import os
import shlex
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from stat import S_ISDIR

from psycopg import pq
from psycopg.conninfo import make_conninfo

from watchword.config.accounts import account_for
from watchword.config.postgres_programs import (
    STATE_OF_THE_MACHINE,
    make_machine_folder,
    make_reachable,
    programs_for,
)
from watchword.core.errors import WatchwordError

_PORT = "5432"  # names the socket's file; nothing listens on a network
_LONGEST_SOCKET_PATH = 103  # bytes: the least that an operating system allows (macOS); Linux allows 107
_SECONDS_TO_START = 120  # recovery after a crash replays what was written since the last checkpoint

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A statement in the log would carry the values that it was about, and an error's detail quotes them.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
    "temp_buffers": "64MB",  # of each connection, once it needs them: tens of thousands of changed rows
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",  # after each, the first change of a page writes all of it
}
_BUFFERS_SHARE, _LEAST_BUFFERS, _MOST_BUFFERS = 4, 128, 4096
"""One part in so many of the machine's memory for PostgreSQL's pages, in MiB at least and at most: a quarter is where
PostgreSQL's manual begins (https://www.postgresql.org/docs/current/runtime-config-resource.html).
"""


@lru_cache
def private_postgres(home: Path) -> "PrivatePostgres":
    """The server of this home, one object a process: its use is counted by process."""
    return PrivatePostgres(home)


def _buffers() -> int:
    """MiB of the machine's memory that PostgreSQL keeps pages in."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
    return min(max(memory // _BUFFERS_SHARE, _LEAST_BUFFERS), _MOST_BUFFERS)


def _holds_data(folder: Path) -> bool:
    try:
        return (folder / "data").exists()
    except PermissionError:
        raise WatchwordError(
            f"The private PostgreSQL in {folder} belongs to another account. Run as that account, or choose another "
            "WATCHWORD_HOME."
        ) from None


class PrivatePostgres:
    """The private server of one home. Making the object does nothing; `join` starts the server if need be.

    `programs` is a folder of another PostgreSQL's programs, for trying this system on it.
    """

    def __init__(self, home: Path, programs: Path | None = None) -> None:
        home = home.resolve()
        digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
        beside, elsewhere = home / "postgres", STATE_OF_THE_MACHINE / digest
        existing = [folder for folder in (beside, elsewhere) if _holds_data(folder)]
        self.account = account_for(*existing, home)
        self.folder = existing[0] if existing else beside if self.account.can_reach(home) else elsewhere
        """Holds the data, the socket and the server's log."""
        self.data = self.folder / "data"
        self.log = self.folder / "server.log"
        self.programs = programs or programs_for(self.account)
        self._given_programs = programs is not None
        self._users_lock: int | None = None
        socket = self.folder / "socket"
        fits = len(os.fsencode(socket / f".s.PGSQL.{_PORT}")) <= _LONGEST_SOCKET_PATH
        plain = not {",", '"'} & set(str(socket))  # the server and libpq take these for a list's
        self.socket_folder = socket if fits and plain else Path(f"/tmp/watchword-{self.account.uid}-{digest}")  # noqa: S108 - checked to be ours before use

    @property
    def connection_options(self) -> dict[str, str]:
        """libpq's options. `requirepeer` refuses a socket that another account has put in the server's place."""
        return {
            "dbname": "watchword",
            "user": "watchword",
            "host": str(self.socket_folder),
            "port": _PORT,
            "requirepeer": self.account.name,
        }

    def answers(self) -> bool:
        """Whether the server runs; one that is just starting or recovering is waited for."""
        conninfo = make_conninfo(**self.connection_options, connect_timeout=5).encode()
        deadline = time.monotonic() + _SECONDS_TO_START
        while (ping := pq.PGconn.ping(conninfo)) == pq.Ping.REJECT and time.monotonic() < deadline:
            time.sleep(0.05)
        return ping == pq.Ping.OK

    def join(self) -> bool:
        """Use the server until `leave` (or the end of this process); True where this call started it."""
        if self._users_lock is not None:
            return False
        self._make_folders()
        with self._one_at_a_time():
            if not self._given_programs:
                make_reachable(self.account)
            if not self.data.exists():
                self._initialise()
            users_lock = os.open(self.data, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.flock(users_lock, fcntl.LOCK_SH)
                running = self.answers()
                if not running:
                    self._start()
            except BaseException:
                os.close(users_lock)
                raise
        self._users_lock = users_lock
        atexit.register(self._leave_at_exit, os.getpid())
        return not running

    def leave(self) -> bool:
        """Use the server no more; True where nobody else does either, so that it is stopped."""
        if self._users_lock is None or not self.folder.exists():  # removed meanwhile: the server notices too
            return False
        with self._one_at_a_time():
            lock, self._users_lock = self._users_lock, None
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            else:
                if self.answers():  # it may have been killed meanwhile
                    self._run("pg_ctl", "stop", "-D", "data", "-m", "fast", "-w")
                return True
            finally:
                os.close(lock)

    def _leave_at_exit(self, process: int) -> None:
        if process == os.getpid():  # a forked child inherits this call, but not the use
            self.leave()

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        gate = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(gate, fcntl.LOCK_EX)
            yield
        finally:
            os.close(gate)

    def _make_folders(self) -> None:
        if self.folder.parent == STATE_OF_THE_MACHINE:
            make_machine_folder()
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        for folder in (self.folder, self.socket_folder):
            with suppress(FileExistsError):
                folder.mkdir(mode=0o700)
            if folder.lstat().st_uid == os.geteuid() != self.account.uid:
                os.chown(folder, self.account.uid, self.account.gid, follow_symlinks=False)
            status = folder.lstat()
            if not S_ISDIR(status.st_mode) or status.st_uid != self.account.uid or status.st_mode & 0o077:
                raise WatchwordError(
                    f"{folder} must be a folder of {self.account.name}'s that is closed to others."
                )

    def _initialise(self) -> None:
        """Make the data under another name first: a crash half-way leaves nothing that looks complete."""
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if self._major_version() < 17:  # which has no locale of its own
            locale = ["--locale=C.UTF-8"]
        subprocess.run(["rm", "-rf", "data.new"], cwd=self.folder, check=True, **self.account.process_options)
        self._run("initdb", "-D", "data.new", "-U", "postgres", "--encoding=UTF8", "--auth=peer", *locale)
        self._run(
            "postgres", "--single", "-D", "data.new", "-c", "exit_on_error=on", "postgres",
            typed="CREATE ROLE watchword LOGIN CREATEDB;\nCREATE DATABASE watchword OWNER watchword;\n",
        )  # fmt: skip
        (self.folder / "data.new").rename(self.data)

    def _start(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        if made_by != str(self._major_version()):
            raise WatchwordError(
                f"The data in {self.data} was made by PostgreSQL {made_by}, and this version of Watchword carries "
                f"{self._major_version()}. Start the version that made it, write a dump with pg_dump, and load it here."
            )
        self._write("pg_hba.conf", "local all all peer map=watchword\n")
        people = ("root", self.account.name)
        self._write(
            "pg_ident.conf",
            "".join(
                f'watchword "{person}" {role}\n' for person in people for role in ("watchword", "postgres")
            ),
        )
        self._forget_dead_server()
        settings = _SETTINGS | {
            "unix_socket_directories": f'"{self.socket_folder}"',
            "port": _PORT,
            "shared_buffers": f"{_buffers()}MB",
        }
        options = shlex.join(f"--{name}={value}" for name, value in settings.items())
        self._run(
            "pg_ctl", "start", "-D", "data", "-l", self.log.name, "-w", "-t", str(_SECONDS_TO_START), "-o", options
        )  # fmt: skip

    def _forget_dead_server(self) -> None:
        """Remove the notes of a server that was killed, where its process number tells nothing any more.

        PostgreSQL would take whatever has that number for the server and refuse to start. It is another program in a
        restarted container, and a process that nobody has collected where process 1 does not do so. PostgreSQL's own
        check that nothing still works on the data does not need the notes.
        """
        for note in (self.data / "postmaster.pid", self.socket_folder / f".s.PGSQL.{_PORT}.lock"):
            try:
                process = Path("/proc", note.read_text().split()[0], "stat")
                _, program, state, _ = process.read_text().split(maxsplit=3)  # proc_pid_stat(5)
            except (FileNotFoundError, ProcessLookupError, IndexError):
                continue
            if program != "(postgres)" or state == "Z":
                note.unlink(missing_ok=True)

    def _major_version(self) -> int:
        return int(self._run("postgres", "--version").split()[2].split(".")[0])

    def _write(self, name: str, text: str) -> None:
        """Written by the account itself: root does not write where another account could lay a link."""
        subprocess.run(
            ["sh", "-c", 'cat > "$1"', "sh", name],
            input=text,
            text=True,
            check=True,
            cwd=self.data,
            **self.account.process_options,
        )

    def _run(self, program: str, *arguments: str, typed: str | None = None) -> str:
        """What the program prints, run by the account in the server's folder."""
        done: subprocess.CompletedProcess[str] = subprocess.run(
            [str(self.programs / program), *arguments],
            cwd=self.folder,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
            input=typed,
            stdin=subprocess.DEVNULL if typed is None else None,
            capture_output=True,
            text=True,
            check=False,
            **self.account.process_options,
        )
        if done.returncode != 0:
            raise WatchwordError(
                f"The private PostgreSQL in {self.folder} failed ({program}): {self._reason(done.stderr)} "
                f"Its log is {self.log}."
            )
        return done.stdout

    def _reason(self, said: str) -> str:
        log = self.log.read_text(errors="replace") if self.log.exists() else ""
        fatal = [line for line in log.splitlines()[-20:] if "FATAL" in line]
        return " ".join([*said.strip().splitlines()[-3:], *fatal[-1:]])
