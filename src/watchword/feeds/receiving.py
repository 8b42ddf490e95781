"""The first stage: a roster arrives.

Its bytes are kept before anything is read; the same bytes again are only a beat.
"""

from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from watchword.core.errors import WatchwordError
from watchword.feeds import mapping, raw, retention
from watchword.feeds.models import Roster, Source


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


@transaction.atomic
def receive(source: Source, stream: BinaryIO, received_at: datetime) -> Roster:
    """Keep the bytes and note the roster; stage RECEIVED queues it for comparing, DONE where it is a duplicate."""
    retention.hold_off_purging(source)
    kept = raw.keep(source.id, stream)
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
