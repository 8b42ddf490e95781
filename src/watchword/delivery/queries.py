"""Reading deliveries, oldest first."""

from typing import Any

from watchword.delivery.models import Delivery


def list_deliveries() -> list[dict[str, Any]]:
    """Every delivery as plain values; contact data is not among them."""
    return [
        {"notice": row.pop("notice_id"), **row}
        for row in Delivery.objects.order_by("id").values(
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
    ]
