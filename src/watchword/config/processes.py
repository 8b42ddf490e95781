"""Running the parts of an installation as one: started together, watched, ended together."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import FrameType, TracebackType

import structlog

from watchword.core.errors import WatchwordError

_SECONDS_TO_END = 20
_PR_SET_PDEATHSIG = 1  # linux/prctl.h

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Part:
    """One process of an installation."""

    name: str
    command: Sequence[str]
    is_vital: bool = False
    """Without this part the whole ends; any other is started again."""
    seconds_before_start: float = 0.0
    """What nobody waits for leaves the processor to the others first."""
    seconds_before_restart: float = 2.0
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables besides those of this process."""


@contextmanager
def told_to_end() -> Iterator[threading.Event]:
    """An event that is set when this process is told to end: by Ctrl-C, SIGTERM, or its terminal closing."""
    told = threading.Event()

    def tell(_number: int, _frame: FrameType | None) -> None:
        told.set()

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, tell) for number in numbers}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Processes:
    """The parts while they run: `with Processes(parts) as processes: processes.watch(told)`."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = {part.name: part for part in parts}
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._start_at: dict[str, float] = {}  # of those that do not run

    def __enter__(self) -> "Processes":
        now = time.monotonic()
        self._start_at = {name: now + part.seconds_before_start for name, part in self._parts.items()}
        self.look()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._running.values():
            process.terminate()
        deadline = time.monotonic() + _SECONDS_TO_END
        for name, process in self._running.items():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
            if process.poll() is None:
                log.warning("a part did not end when told and was killed", part=name)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # and whatever it started itself and left behind
            process.wait()

    def watch(self, told: threading.Event) -> None:
        """Look after the parts until told to end. WatchwordError where a vital part ended by itself."""
        while not told.wait(0.1):
            self.look()

    def look(self) -> None:
        """Start again what has died. WatchwordError where that was a vital part."""
        for name, process in list(self._running.items()):
            if process.poll() is None:
                continue
            part = self._parts[name]
            if part.is_vital:
                raise WatchwordError(
                    f"The {name} ended by itself (exit status {process.returncode}); its last words are above."
                )
            log.warning(
                "a part ended by itself and is started again", part=name, exit_status=process.returncode
            )
            del self._running[name]
            self._start_at[name] = time.monotonic() + part.seconds_before_restart
        for name, due in list(self._start_at.items()):
            if time.monotonic() >= due:
                del self._start_at[name]
                self._start(name)

    def _start(self, name: str) -> None:
        part = self._parts[name]
        self._running[name] = subprocess.Popen(
            part.command,
            env=os.environ | part.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches us alone, and we end the parts in order
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - one thread starts parts
        )


def _end_with_parent() -> None:
    """In the new process: end when the process that started it is killed, so that no part is left behind."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
