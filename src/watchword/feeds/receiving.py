"""The first stage: a roster arrives.

Its bytes are kept before anything is read; the same bytes again are only a beat.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import BinaryIO, cast

from django.conf import settings
from django.db import transaction

from watchword.core.errors import WatchwordError
from watchword.feeds import mapping, raw, retention
from watchword.feeds.models import Roster, Source
from watchword.feeds.ways.arrivals import Readable


class RosterTooLargeError(WatchwordError):
    """More bytes came than a roster may have."""


def add_source(name: str, mapping_text: str) -> Source:
    """Add a source, or give it a new mapping; MappingError where the mapping cannot be used."""
    mapping.load(mapping_text)
    if not name or name != name.strip() or "/" in name:
        raise WatchwordError(
            "A source's name is a short word without spaces around it or slashes, such as harbor-jail."
        )
    source, _ = Source.objects.update_or_create(name=name, defaults={"mapping": mapping_text})
    return source


def source_named(name: str) -> Source:
    """The source of this name; WatchwordError where there is none."""
    try:
        return Source.objects.get(name=name)
    except Source.DoesNotExist:
        raise WatchwordError(
            f"There is no source named {name!r}. Add it with `watchword source add {name} --mapping FILE`, "
            "or list the sources with `watchword source list`."
        ) from None


class KeyUsedError(WatchwordError):
    """This key was used for other bytes before, so it is not known which of them are meant. Nothing was taken: send
    what is new under a new key.
    """

    def __init__(self) -> None:
        super().__init__(" ".join((self.__doc__ or "").split()))


def receive(
    source: Source,
    stream: Readable,
    received_at: datetime,
    *,
    shape: Roster.Shape = Roster.Shape.LISTING,
    request_key: str | None = None,
) -> Roster:
    """Keep the bytes and note the roster; stage RECEIVED queues it for comparing, DONE where it is a duplicate."""
    with brought_in(source, stream) as kept:
        return note(source, kept, received_at, shape=shape, request_key=request_key)


@contextmanager
def brought_in(source: Source, stream: Readable) -> Iterator[raw.Kept]:
    """The stream's bytes, kept; they are not purged while this lasts, in which `note` makes a roster of them.

    No transaction is open while the stream is read. RosterTooLargeError where it holds more than we take.
    """
    with retention.purging_held_off(source):
        limited = _Limited(stream, settings.WATCHWORD.largest_roster_mib << 20)
        yield raw.keep(source.id, cast(BinaryIO, limited))  # of which it only reads


@transaction.atomic
def note(
    source: Source,
    kept: raw.Kept,
    received_at: datetime,
    *,
    shape: Roster.Shape = Roster.Shape.LISTING,
    request_key: str | None = None,
) -> Roster:
    """Note a roster whose bytes are kept. What was taken under this key already is given back as it was;
    KeyUsedError where those were other bytes.
    """
    Source.objects.select_for_update(no_key=True).get(pk=source.pk)
    if request_key is not None:
        before = Roster.objects.filter(source=source, request_key=request_key).first()
        if before is not None and (bytes(before.sha256), before.shape) != (kept.sha256, shape):
            raise KeyUsedError
        if before is not None:
            return before
    roster = Roster(
        source=source,
        received_at=received_at,
        sha256=kept.sha256,
        size=kept.size,
        shape=shape,
        request_key=request_key,
    )
    latest = Roster.objects.filter(source=source).order_by("-id").first()
    if latest is not None and _is_said_again(latest, roster):
        roster.rows, roster.content = latest.rows, latest.content
        roster.outcome, roster.stage = Roster.Outcome.DUPLICATE, Roster.Stage.DONE
    roster.save()
    return roster


def _is_said_again(latest: Roster, roster: Roster) -> bool:
    """Whether these are the bytes of the latest roster, and can mean nothing new.

    Under a key of its own a sender means them anew; and after a pushed change an old list may contradict it.
    """
    is_same = (bytes(latest.sha256), latest.shape) == (roster.sha256, roster.shape)
    if not is_same or latest.purged_at is not None or roster.request_key is not None:
        return False
    pushed = Roster.objects.filter(source=roster.source).exclude(shape=Roster.Shape.LISTING)
    return not roster.is_listing or not pushed.exists()


class _Limited:
    """A stream that may not be longer than so many bytes."""

    def __init__(self, stream: Readable, most: int) -> None:
        self._stream, self._left = stream, most

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; RosterTooLargeError beyond the most."""
        chunk = self._stream.read(min(size, self._left + 1))
        self._left -= len(chunk)
        if self._left < 0:
            raise RosterTooLargeError(
                f"The file is larger than {settings.WATCHWORD.largest_roster_mib} MiB, or has no end: nothing of it "
                "was kept. If it is a roster all the same, raise WATCHWORD_LARGEST_ROSTER_MIB."
            )
        return chunk
