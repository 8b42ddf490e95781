"""The client: keeps one bind, if this worker may have one, and sends texts over it."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import ParamSpec, TypeVar
from urllib.parse import unquote, urlsplit

import psycopg
import structlog
from django.db import DatabaseError, connection

from watchword.core.errors import WatchwordError
from watchword.delivery import incoming
from watchword.delivery.channels.smpp import errors, places
from watchword.delivery.channels.smpp.encoding import parts, submit_sm
from watchword.delivery.channels.smpp.pdu import bind_transceiver
from watchword.delivery.channels.smpp.session import Account, BindError, Session
from watchword.delivery.channels.smpp.window import WindowClosedError
from watchword.delivery.liveness import address
from watchword.delivery.records import Accepted, Answer, CannotAsk, Outbound, Refused, Result, Sought

_PORTS = {"smpp": 2775, "smpps": 3550}
_LONGEST_WAIT_SECONDS = 60.0
_STEADY_SECONDS = 10.0  # a bind that lasted so long was a good one
_PLACE_AGAIN_SECONDS = 1.0
_LOOK_SECONDS = 30.0  # for texts whose other parts never came, or that the database could not be asked about
_log = structlog.get_logger(__name__)

P = ParamSpec("P")
T = TypeVar("T")


class SmppProvider:
    """Texts over one transceiver bind, held by as many workers at once as the carrier allows binds."""

    name = "smpp"
    channels = ("text",)

    def __init__(self, *, url: str, sender: str, window: int, binds: int, timeout_seconds: float) -> None:
        """`binds`: how many the carrier allows, all workers together."""
        self._account = account_at(url)
        self._sender, self._window, self._binds, self._timeout = sender, window, binds, timeout_seconds
        self._has_place = False
        self._session: Session | None = None
        self._why_not = "no_bind"
        self._tried = asyncio.Event()  # whether we know if there is a bind
        self._came = asyncio.Event()  # something that may be a text
        self._thread: ThreadPoolExecutor
        self._keeping: asyncio.Task[None]

    @property
    def slots(self) -> int:
        """Twice the window: while one half is at the centre, the other is written down and claimed. 0: no place."""
        return 2 * self._window if self._has_place else 0

    async def open(self) -> None:
        """Begin to keep a bind."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="smpp")
        self._keeping = asyncio.create_task(self._keep_place())

    async def close(self) -> None:
        """Unbind, and give the place to others."""
        self._keeping.cancel()
        await asyncio.wait([self._keeping])
        await asyncio.get_running_loop().run_in_executor(self._thread, _close_connection)
        self._thread.shutdown()

    async def send(self, outbound: Outbound) -> Result:
        """Hand over a text, one part after the other. Its provider id names all parts, with spaces between.

        Where a part is not taken, the text is not: the phone shows none of it, or loses a piece of what comes again.
        """
        ids: list[str] = []
        for part in parts(outbound.body, outbound.reference.bytes[-1]):
            message = submit_sm(self._sender, outbound.to, part, with_receipt=True)
            result = await self._submit(message, urgent=outbound.urgent)
            if not isinstance(result, Accepted):
                return result
            if result.provider_id:
                ids.append(result.provider_id)
        return Accepted(provider_id=" ".join(ids) or None)

    async def find(self, sought: Sought) -> Answer:
        """SMPP can be asked by the centre's id alone (query_sm), and what is sought has none."""
        return CannotAsk()

    async def _submit(self, message: bytes, *, urgent: bool) -> Result:
        """Over this bind or, where it ends before that was submitted, over the next."""
        while (session := await self._bound()) is not None:
            with suppress(WindowClosedError):
                return await session.submit(message, urgent=urgent)
        return Refused(code=self._why_not, permanent=False)

    async def _bound(self) -> Session | None:
        """The bind; None where there is none. While it is being made, it is waited for."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._timeout):
                await self._tried.wait()
        return self._session

    async def _keep_place(self) -> None:
        """Have a bind whenever there is a place for it, until cancelled."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**address(), autocommit=True) as link:
                    if not await places.try_to_take(link, self._account_name, self._binds):
                        self._tried.set()
                        await places.take(link, self._account_name, self._binds)
                    await self._hold_place(link)
            except psycopg.OperationalError:
                _log.warning("the worker has lost its place for a bind, or could not ask for one")
            self._tried.set()
            await asyncio.sleep(_PLACE_AGAIN_SECONDS)

    @property
    def _account_name(self) -> str:
        return f"{self._account.host}:{self._account.port}/{self._account.user}"

    async def _hold_place(self, link: psycopg.AsyncConnection) -> None:
        """Keep bound as long as the place is ours."""
        self._tried.clear()
        self._has_place = True
        tasks = [asyncio.create_task(act()) for act in (self._keep_bound, self._answer_texts)]
        try:
            await places.lost(link)
        finally:
            self._has_place = False
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            self._why_not = "no_bind"

    async def _keep_bound(self) -> None:
        """Bind, and bind again whenever it was lost: once without delay, then after waits that double."""
        loop = asyncio.get_running_loop()
        failures = 0
        while True:
            self._tried.clear()
            began, was_bound = loop.time(), False
            try:
                session = await Session.bind(
                    self._account,
                    window=self._window,
                    timeout_seconds=self._timeout,
                    store=self._store,
                    on_end=self._lose_session,
                )
            except BindError as error:
                self._why_not = str(error)
                _log.warning("the message centre refuses the bind", status=self._why_not)
            except OSError as error:
                self._why_not = "unreachable"
                _log.warning("the message centre cannot be reached", error=type(error).__name__)
            else:
                was_bound = True
                await self._use(session)
                self._why_not = "unreachable"
                _log.warning("the bind was lost")
            failures = 1 if was_bound and loop.time() - began >= _STEADY_SECONDS else failures + 1
            if not was_bound or failures > 1:
                self._tried.set()
                await asyncio.sleep(min(2.0 ** (failures - 1), _LONGEST_WAIT_SECONDS))

    def _lose_session(self) -> None:
        self._session = None
        self._tried.clear()

    async def _use(self, session: Session) -> None:
        if not session.over.is_set():
            self._session = session
            self._tried.set()
        self._came.set()
        try:
            await session.over.wait()
        finally:
            self._lose_session()
            await session.unbind()

    async def _store(self, raws: Sequence[bytes]) -> int:
        try:
            await self._with_database(incoming.keep, self.name, raws)
        except DatabaseError:
            _log.warning("the message centre is asked to say it again later, as the database does not answer")
            await self._with_database(_close_connection)
            return errors.RX_T_APPN
        except Exception:  # noqa: BLE001 - whatever fails, what was not stored is not acknowledged
            _log.exception(
                "what the message centre sent could not be stored; it is asked to say it again later"
            )
            return errors.RX_T_APPN
        self._came.set()
        return errors.ROK

    async def _answer_texts(self) -> None:
        """Do what kept texts ask for, as soon as they come; those that a dead worker left, too."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_SECONDS):
                    await self._came.wait()
            self._came.clear()
            try:
                replies = await self._with_database(incoming.work_off, self.name)
            except DatabaseError:
                _log.warning("the database does not answer; what came is read later")
                await self._with_database(_close_connection)
                continue
            except Exception:  # noqa: BLE001 - a fault of ours in one receipt must not end the listening
                _log.exception("what came could not be read; it is kept, and looked at again")
                continue
            for reply in replies:
                await self._reply(reply)

    async def _reply(self, reply: incoming.Reply) -> None:
        """Send an answer; once or, where the bind is lost at this moment, not at all: the person can ask again."""
        for part in parts(reply.body, reply.number & 0xFF):
            message = submit_sm(self._sender, reply.to, part, with_receipt=False)
            result = await self._submit(message, urgent=True)
            if not isinstance(result, Accepted):
                _log.warning("an answer to a text was not taken", code=result.code)
                return

    async def _with_database(self, act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: act(*args, **kwargs))


def _close_connection() -> None:
    connection.close()  # the one of the thread that this is called in


def account_at(url: str) -> Account:
    """Our account at the centre that this address names. WatchwordError where it cannot be used."""
    parts = urlsplit(url)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    try:
        port = parts.port or _PORTS[parts.scheme]
        bind_transceiver(user, password)
    except (ValueError, KeyError):
        port = 0
    if not port or not parts.hostname:
        raise WatchwordError(
            "WATCHWORD_SMPP_URL must look like smpp://user:password@host:port, or smpps:// for TLS, with at most 15 "
            "characters in the user and 8 in the password."
        )
    return Account(
        host=parts.hostname, port=port, is_tls=parts.scheme == "smpps", user=user, password=password
    )
