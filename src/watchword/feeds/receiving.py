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


def receive(source: Source, stream: Readable, received_at: datetime) -> Roster:
    """Keep the bytes and note the roster; stage RECEIVED queues it for comparing, DONE where it is a duplicate."""
    with brought_in(source, stream) as kept:
        return note(source, kept, received_at)


@contextmanager
def brought_in(source: Source, stream: Readable) -> Iterator[raw.Kept]:
    """The stream's bytes, kept; they are not purged while this lasts, in which `note` makes a roster of them.

    No transaction is open while the stream is read. RosterTooLargeError where it holds more than we take.
    """
    with retention.purging_held_off(source):
        limited = _Limited(stream, settings.WATCHWORD.largest_roster_mib << 20)
        yield raw.keep(source.id, cast(BinaryIO, limited))  # of which it only reads


@transaction.atomic
def note(source: Source, kept: raw.Kept, received_at: datetime) -> Roster:
    """Note a roster whose bytes are kept."""
    Source.objects.select_for_update(no_key=True).get(pk=source.pk)
    latest = Roster.objects.filter(source=source).order_by("-id").first()
    if latest is not None and bytes(latest.sha256) == kept.sha256 and latest.purged_at is None:
        return Roster.objects.create(
            source=source,
            received_at=received_at,
            sha256=kept.sha256,
            size=kept.size,
            rows=latest.rows,
            content=latest.content,
            incident_id=None,
            outcome=Roster.Outcome.DUPLICATE,
            stage=Roster.Stage.DONE,
        )
    return Roster.objects.create(source=source, received_at=received_at, sha256=kept.sha256, size=kept.size)


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
