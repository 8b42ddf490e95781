"""Reading deliveries, oldest first."""

from typing import Any

from watchword.delivery.models import Delivery


def list_deliveries() -> list[dict[str, Any]]:
    """Every delivery as plain values; contact data is not among them."""
    columns = (
        "id",
        "notice_id",
        "channel",
        "state",
        "attempts",
        "repeat",
        "reference",
        "last_error",
        "handed_over_at",
    )
    names = ("id", "notice", *columns[2:])
    return [
        dict(zip(names, row, strict=True)) for row in Delivery.objects.order_by("id").values_list(*columns)
    ]
