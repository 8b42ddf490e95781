"""How many people a decision would reach, before it is taken."""

from collections.abc import Collection
from dataclasses import dataclass

from watchword.core.sql import rows


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What would be sent: notices by the kind of change, and how many people would get them."""

    notices: dict[str, int]
    registrants: int

    @property
    def total(self) -> int:
        """Notices of all kinds."""
        return sum(self.notices.values())


def of_incident(incident_id: int, only: Collection[str] = ()) -> Reach:
    """If all that it holds were released now; or these kinds only."""
    return _reach(incident=incident_id, events=None, only=only)


def of_correction(events: Collection[int]) -> Reach:
    """If these events were taken back now."""
    return _reach(incident=None, events=sorted(events))


def _reach(*, incident: int | None, events: list[int] | None, only: Collection[str] = ()) -> Reach:
    found = rows(__package__, "would_tell", {"incident": incident, "events": events})
    found = [row for row in found if not only or row["kind"] in only]
    return Reach(
        notices={row["kind"]: row["notices"] for row in found},
        registrants=len({registrant for row in found for registrant in row["registrants"]}),
    )
