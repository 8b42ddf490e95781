"""The client: writes each letter's file once, whole, under our own reference.

```
.<reference>.part   being written; never taken for a letter
.<reference>.sent   a mark, made just before ...
<reference>.pdf     ... the file gets its name; the mail room prints it, and takes it away
```
So what a crash left behind tells how far it came, also when the mail room has taken the file since: with a part the
file never got its name; with a mark and no part it did.
"""

import asyncio
import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from watchword.core.errors import WatchwordError
from watchword.delivery.channels.letters.paper import pdf, weasyprint
from watchword.delivery.channels.outbox.errors import doubt, refusal
from watchword.delivery.records import (
    Accepted,
    Answer,
    CannotAsk,
    Found,
    NoAnswer,
    NotFound,
    Outbound,
    Result,
    Sought,
)

_MARKS_KEPT_SECONDS = 7 * 86_400  # an unknown outcome is asked about within minutes


class OutboxProvider:
    """Letters into a folder. They are made one after the other, so that what is sent meanwhile keeps its pace."""

    name = "outbox"
    channels = ("letter",)
    slots = 2  # one is kept for what is urgent

    def __init__(self, folder: Path | None) -> None:
        """WatchwordError where no folder is named, or letters cannot be made on this machine."""
        if folder is None:
            raise WatchwordError("WATCHWORD_LETTER_OUTBOX must name the folder that letters are written to.")
        weasyprint()
        self._folder = folder
        self._thread: ThreadPoolExecutor

    async def open(self) -> None:
        """Make ready, and clear old marks away."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="outbox")
        await asyncio.to_thread(self._clear)

    async def close(self) -> None:
        """End what is being written."""
        await asyncio.to_thread(self._thread.shutdown)

    async def send(self, outbound: Outbound) -> Result:
        """Write a letter."""
        content = await asyncio.get_running_loop().run_in_executor(self._thread, pdf, outbound)
        return await asyncio.to_thread(self._write, outbound.reference, content)

    async def find(self, sought: Sought) -> Answer:
        """Look for the letter's file, or for the mark of one that was taken since; both bear our reference alone."""
        if sought.is_reference_lost:
            return CannotAsk()
        try:
            return await asyncio.to_thread(self._find, sought.reference)
        except OSError:
            return NoAnswer()

    def _write(self, reference: UUID, content: bytes) -> Result:
        part, mark, letter = self._paths(reference)
        try:
            with open(part, "xb", opener=_for_us_alone) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            mark.touch(0o600)
            self._keep()  # the part and the mark, before the file may be taken
            part.rename(letter)
        except OSError as error:
            for left in (mark, part):  # in this order: a mark alone would say that the letter went out
                with suppress(OSError):
                    left.unlink(missing_ok=True)
            return refusal(error)
        try:
            self._keep()
        except OSError as error:
            return doubt(error)
        return Accepted(provider_id=None)

    def _find(self, reference: UUID) -> Answer:
        part, mark, letter = self._paths(reference)
        self._folder.stat()  # a folder that is away tells nothing
        if part.exists():
            mark.unlink(missing_ok=True)
            with suppress(FileNotFoundError):
                part.unlink()  # whoever was writing it can now never give it its name
                return NotFound()
        return Found(provider_ids=(str(reference),)) if letter.exists() or mark.exists() else NotFound()

    def _paths(self, reference: UUID) -> tuple[Path, Path, Path]:
        return (
            self._folder / f".{reference}.part",
            self._folder / f".{reference}.sent",
            self._folder / f"{reference}.pdf",
        )

    def _keep(self) -> None:
        """Have the folder's names outlast a power failure."""
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _clear(self) -> None:
        before = time.time() - _MARKS_KEPT_SECONDS
        for mark in self._folder.glob(".*.sent"):
            if mark.stat().st_mtime < before:
                mark.unlink()


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
