"""Notices as they are shown."""

from typing import Any

from watchword.notices.models import Notice


def list_notices() -> list[dict[str, Any]]:
    """Every notice as plain values, oldest first: ids, states and times only."""
    columns = {
        "id": "id",
        "registration": "registration_id",
        "event": "event_id",
        "kind": "kind",
        "person": "registration__person__key",
        "source": "registration__person__source__name",
        "state": "state",
        "confirmed_at": "confirmed_at",
        "confirmed_by_channel": "confirmed_by_channel",
    }
    return [
        dict(zip(columns, row, strict=True))
        for row in Notice.objects.order_by("id").values_list(*columns.values())
    ]
