"""Looking up what spellings mean."""

from collections.abc import Collection
from typing import Any

from watchword.feeds.models import Place, Spelling


def facility_names(said: Collection[tuple[int, str]]) -> dict[tuple[int, str], str]:
    """What the office calls these facilities, each (source, as said); those it has no name for are left out."""
    found = Spelling.objects.filter(
        field=Spelling.Field.FACILITY,
        place__isnull=False,
        source__in={source for source, _ in said},
        said__in={spelling for _, spelling in said},
    )
    return {
        (source, spelling): name
        for source, spelling, name in found.values_list("source_id", "said", "place__name")
    }


def list_facilities() -> list[dict[str, Any]]:
    """The gazetteer, by name."""
    found = Place.objects.order_by("name", "city")
    return [dict(row) for row in found.values("id", "name", "city", "kind", "spellings")]


def list_spellings(*, unknown: bool = False) -> list[dict[str, Any]]:
    """How sources spell places and what that means, by source; all of it, or what matches nothing."""
    found = Spelling.objects.order_by("source__name", "field", "said").select_related("source", "place")
    return [
        {
            "id": one.pk,
            "source": one.source.name,
            "field": one.field,
            "said": one.said,
            "state": one.state,
            "means": one.place.name if one.place else one.country,
        }
        for one in (found.filter(state=Spelling.State.UNKNOWN) if unknown else found)
    ]
