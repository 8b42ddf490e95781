"""Notices as they are shown and told."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from watchword.notices.models import Notice


def told_together(leading: Iterable[int]) -> list[Notice]:
    """Each of these notices, followed by those that are told with it, in the events' order."""
    wanted = list(leading)
    found = Notice.objects.filter(Q(id__in=wanted) | Q(told_with__in=wanted)).order_by("event_id", "id")
    messages: dict[int, list[Notice]] = defaultdict(list)
    for notice in found.select_related("registration__registrant"):
        messages[notice.told_with_id or notice.pk].append(notice)
    return [notice for number in wanted for notice in messages[number]]


def list_notices() -> list[dict[str, Any]]:
    """Every notice as plain values, oldest first: ids, states and times only."""
    columns = {
        "id": "id",
        "registration": "registration_id",
        "event": "event_id",
        "kind": "kind",
        "urgency": "urgency",
        "told_with": "told_with_id",
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
