"""Logs: one line an occurrence, a constant text and its facts as fields, on standard error.

JSON, so that machines can search it; readable where standard error is a terminal. Facts are ids, counts and states,
never contact data, names, PINs or messages. An exception is logged as its kinds and places without its words, since
those of a database or mail library quote the values they failed on.
"""

import logging
import sys
from collections.abc import Sequence
from traceback import walk_tb
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger


def configure(settings: dict[str, Any] | None = None) -> None:
    """Set up this process's logs: ours and those of every library. `settings` may name the lowest `level`."""
    level = (settings or {}).get("level", "INFO")
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _without_addresses],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_rendering()],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("procrastinate").setLevel(
        "WARNING"
    )  # which tells of every job that went well, every minute
    for name in ("django", "django.server"):  # Django adds handlers of its own
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True


def _rendering() -> Sequence[Processor]:
    if sys.stderr.isatty():
        return [structlog.dev.ConsoleRenderer()]
    return [_exception_without_words, structlog.processors.JSONRenderer()]


def _without_addresses(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Django's word on a failed request, without the page's address: that of a message is a key to it."""
    record: logging.LogRecord = event["_record"]
    if record.name == "django.request":
        match = getattr(getattr(record, "request", None), "resolver_match", None)
        event["event"] = "a request failed"
        event["status"] = getattr(record, "status_code", None)
        event["page"] = match.view_name if match else None
    return event


def _exception_without_words(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    given = event.pop("exc_info", None)
    error = sys.exception() if given is True else given[1] if isinstance(given, tuple) else given
    if error is not None:
        event["exception"] = [_outline(link) for link in _chain(error)]
    return event


def _chain(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in chain:
        chain.append(link)
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return chain


def _outline(error: BaseException) -> dict[str, Any]:
    kind = type(error)
    return {"kind": f"{kind.__module__}.{kind.__qualname__}", "at": _places(error.__traceback__)}


def _places(trace: TracebackType | None) -> list[str]:
    return [
        f"{frame.f_globals.get('__name__', '?')}.{frame.f_code.co_name}:{line}"
        for frame, line in walk_tb(trace)
    ]
