"""One bind at a message centre, from its making to its end.

The codec is smpp34's; its client is not used, because it acknowledges what the centre tells us before we could have
stored it (docs/decisions/0006).
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog

from watchword.delivery.channels.smpp import errors, pdu
from watchword.delivery.channels.smpp.pdu import Pdu
from watchword.delivery.channels.smpp.window import Window
from watchword.delivery.records import Refused, Result, Unknown

ENQUIRE_SECONDS = 30.0
"""After so long without a word from the centre it is asked whether it is there."""

_PAUSE_SECONDS = 1.0  # after the centre said that it was too much
_MOST_UNSTORED = 1_000  # what the centre sent and is not stored yet
_log = structlog.get_logger(__name__)

Store = Callable[[Sequence[bytes]], Awaitable[int]]
"""Keeps deliver_sm PDUs as they came; the status to answer them with."""


class BindError(Exception):
    """The centre does not let us bind; the message is its word for why."""


class _SessionOverError(Exception):
    """The connection was lost before the answer came."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """Where the centre is, and who we are there."""

    host: str
    port: int
    is_tls: bool
    user: str
    password: str


class Session:
    """A transceiver bind. What is under way in it never exceeds its window."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        window: int,
        timeout_seconds: float,
        enquire_seconds: float,
        store: Store,
        on_end: Callable[[], None],
    ) -> None:
        """`store` must not raise; `on_end` is called when the bind is over, before anybody learns of it."""
        self.window = Window(window)
        self.over = asyncio.Event()
        self._on_end = on_end
        self._reader, self._writer = reader, writer
        self._timeout, self._enquire_seconds, self._store = timeout_seconds, enquire_seconds, store
        self._sequence = 0
        self._answers: dict[int, asyncio.Future[Pdu]] = {}
        self._overdue = 0  # requests whose answers are late; their places stay taken
        self._came: asyncio.Queue[Pdu] = asyncio.Queue(_MOST_UNSTORED)
        self._heard_at = 0.0
        self._end_word = "disconnected"
        self._tasks = [asyncio.create_task(act()) for act in (self._listen, self._store_all, self._watch)]

    @classmethod
    async def bind(
        cls,
        account: Account,
        *,
        window: int,
        timeout_seconds: float,
        store: Store,
        on_end: Callable[[], None],
        enquire_seconds: float = ENQUIRE_SECONDS,
    ) -> "Session":
        """Connect and bind. BindError where the centre refuses, OSError or TimeoutError where it is not there."""
        context = ssl.create_default_context() if account.is_tls else None
        async with asyncio.timeout(timeout_seconds):
            reader, writer = await asyncio.open_connection(account.host, account.port, ssl=context)
        session = cls(
            reader,
            writer,
            window=window,
            timeout_seconds=timeout_seconds,
            enquire_seconds=enquire_seconds,
            store=store,
            on_end=on_end,
        )
        try:
            body = pdu.bind_transceiver(account.user, account.password)
            async with asyncio.timeout(timeout_seconds):
                answer = await session._ask(pdu.pdu(pdu.BIND_TRANSCEIVER, 0, body))
            if answer.command != pdu.BIND_TRANSCEIVER_RESP or answer.status:
                raise BindError(errors.word(answer.status))
        except BaseException as error:
            await session._leave()
            if isinstance(error, _SessionOverError):
                raise BindError(session._end_word) from None
            raise
        return session

    async def submit(self, message: bytes, *, urgent: bool) -> Result:
        """Hand a submit_sm over as soon as the window has a place for it.

        WindowClosedError where the bind ends first, so that nothing was submitted.
        """
        try:
            async with asyncio.timeout(self._timeout):
                await self.window.enter(urgent=urgent)
        except TimeoutError:
            return Refused(code="no_place", permanent=False)
        answer = self._ask(message)
        answer.add_done_callback(lambda _: self.window.leave(urgent=urgent))
        try:
            async with asyncio.timeout(self._timeout):
                result = errors.result(await asyncio.shield(answer))
        except TimeoutError:
            self._is_late(answer)
            return Unknown(code="time_out")
        except _SessionOverError:
            return Unknown(code=self._end_word)
        if isinstance(result, Refused) and result.code in _TOO_FAST:
            self.window.pause(_PAUSE_SECONDS)
        return result

    async def unbind(self) -> None:
        """End the bind: what was submitted is answered first, as long as the centre answers in time."""
        self.window.close()
        if not self.over.is_set():
            # Where the centre does not answer in time, or is gone, there is nothing more to wait for.
            with suppress(TimeoutError, _SessionOverError):
                async with asyncio.timeout(self._timeout):
                    if self._answers:
                        await asyncio.wait(self._answers.values())
                    await self._came.join()
                    await self._ask(pdu.pdu(pdu.UNBIND, 0))
        await self._leave()

    async def _leave(self) -> None:
        self._end()
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks)

    def _end(self, code: str = "disconnected") -> None:
        """The connection is over; whatever waits for an answer will not get one."""
        if self.over.is_set():
            return
        self._end_word = code
        self._on_end()
        self.over.set()
        self.window.close()
        self._writer.close()
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(_SessionOverError())
        self._answers.clear()

    def _ask(self, request: bytes) -> asyncio.Future[Pdu]:
        """Send a request, with the next number; its answer, or _SessionOverError."""
        answer: asyncio.Future[Pdu] = asyncio.get_running_loop().create_future()
        answer.add_done_callback(
            lambda done: done.cancelled() or done.exception()
        )  # awaited by nobody any more
        if self.over.is_set():
            answer.set_exception(_SessionOverError())
            return answer
        self._sequence = self._sequence % 0x7FFFFFFF + 1
        self._answers[self._sequence] = answer
        self._writer.write(pdu.numbered(request, self._sequence))
        return answer

    def _is_late(self, answer: asyncio.Future[Pdu]) -> None:
        """The centre may still be at it, so the place stays taken; when routine words have none left, begin anew."""
        self._overdue += 1
        answer.add_done_callback(self._came_late)
        if self._overdue >= self.window.for_routine:
            self._end("time_out")

    def _came_late(self, answer: asyncio.Future[Pdu]) -> None:
        self._overdue -= 1

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        word = "disconnected"
        try:
            while True:
                came = await pdu.read_pdu(self._reader)
                self._heard_at = loop.time()
                self._handle(came)
        except pdu.FramingError:
            word = "unreadable_answer"
            _log.warning("the message centre does not speak SMPP")
        except (OSError, EOFError):
            pass  # what follows from it is told by whoever holds the session
        finally:
            self._end(word)

    def _handle(self, came: Pdu) -> None:
        if came.is_response:
            answer = self._answers.pop(came.sequence, None)
            if answer is None:
                _log.warning("the message centre answers what was not asked", status=errors.word(came.status))
            elif not answer.done():
                answer.set_result(came)
            return
        match came.command:
            case pdu.DELIVER_SM:
                try:
                    self._came.put_nowait(came)
                except asyncio.QueueFull:
                    self._answer_deliver(came, errors.RMSGQFUL)
            case pdu.ENQUIRE_LINK:
                self._writer.write(pdu.pdu(pdu.ENQUIRE_LINK_RESP, came.sequence))
            case pdu.UNBIND:
                _log.warning("the message centre ends the bind")
                self._writer.write(pdu.pdu(pdu.UNBIND_RESP, came.sequence))
                self._end("unbound")
            case command if command not in pdu.UNANSWERED:
                self._writer.write(pdu.pdu(pdu.GENERIC_NACK, came.sequence, status=errors.RINVCMDID))

    async def _store_all(self) -> None:
        """Acknowledge what the centre tells us once it is stored, all that has come meanwhile at once."""
        try:
            while True:
                batch = [await self._came.get()]
                while not self._came.empty():
                    batch.append(self._came.get_nowait())
                status = await self._store([came.raw for came in batch])
                for came in batch:
                    self._answer_deliver(came, status)
                    self._came.task_done()
        finally:
            self._end()  # nothing may come that is never stored

    def _answer_deliver(self, came: Pdu, status: int) -> None:
        if not self.over.is_set():
            self._writer.write(pdu.pdu(pdu.DELIVER_SM_RESP, came.sequence, pdu.c_string(""), status))

    async def _watch(self) -> None:
        """Ask a silent centre whether it is there; end the bind where it does not say so."""
        loop = asyncio.get_running_loop()
        self._heard_at = loop.time()
        while True:
            await asyncio.sleep(self._heard_at + self._enquire_seconds - loop.time())
            if loop.time() - self._heard_at < self._enquire_seconds:
                continue
            try:
                async with asyncio.timeout(self._timeout):
                    await self._ask(pdu.pdu(pdu.ENQUIRE_LINK, 0))
            except (TimeoutError, _SessionOverError):
                self._end("no_keep_alive")
                return


_TOO_FAST = frozenset(errors.word(status) for status in errors.TOO_FAST)
