"""Reading events, oldest first."""

from collections.abc import Iterator
from typing import Any

from watchword.custody.models import Event


def events(
    *, source: str | None = None, kind: str | None = None, person: str | None = None
) -> Iterator[dict[str, Any]]:
    """The recorded events as plain values, oldest first; what is held is not among them."""
    found = Event.objects.order_by("id")
    if source is not None:
        found = found.filter(source__name=source)
    if kind is not None:
        found = found.filter(kind=kind)
    if person is not None:
        found = found.filter(person__key=person)
    fields = (
        "id",
        "source__name",
        "roster_id",
        "person__key",
        "record__booking",
        "kind",
        "source_at",
        "recorded_at",
        "before",
        "after",
    )
    for row in found.values_list(*fields).iterator(chunk_size=5000):
        yield dict(
            zip(
                (
                    "id",
                    "source",
                    "roster",
                    "person",
                    "booking",
                    "kind",
                    "source_at",
                    "recorded_at",
                    "before",
                    "after",
                ),
                row,
                strict=True,
            )
        )
