"""Silent times, kept twice: a ladder is laid out around them, and whatever comes due in one waits for its end.

The first keeps routine messages one after the other. The second is what is relied on: it is asked when a delivery is
claimed, so it holds for a retry, a call made again, a hurried rung and a worker that comes back late alike. What hour
it is, the database's clock says, as it does for everything that is due: a worker whose clock is wrong wakes nobody. And
a claim that grew old before its hand-over is not used (lanes.py).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models.functions import Now

from watchword.core.batches import write
from watchword.core.sql import load, rows, run
from watchword.delivery.ladder import Step, lay_out
from watchword.delivery.models import Delivery
from watchword.registrants.models import SilentTime
from watchword.registrants.silence import opens_at, silences

_POSTPONE = load(__package__, "postpone")
# The ids as one value: thousands of them, each a value of its own, take longer than all the rest of a ladder.
_OF_REGISTRANTS = "SELECT * FROM registrants_silenttime WHERE registrant_id = ANY(%s::bigint[])"


def lay_out_around_silence(notices: Collection[int]) -> None:
    """Set when each delivery of these new notices is due, where their registrants have silent times."""
    found = rows(__package__, "ladders_with_silence", {"notices": list(notices)})
    if not found:
        return
    times = _silent_times(row["registrant_id"] for row in found)
    due: dict[int, datetime] = {}
    told = []
    for notice, ladder in groupby(found, key=itemgetter("notice_id")):
        steps = list(ladder)
        urgent, wakes = steps[0]["urgent"], steps[0]["wakes"]
        due |= lay_out(
            [
                Step(
                    delivery=row["id"],
                    rung=row["rung"],
                    backup=row["backup"],
                    silences=silences(
                        times[row["registrant_id"]], row["contact_point_id"], urgent=urgent, wakes=wakes
                    ),
                )
                for row in steps
            ],
            steps[0]["begins"],
            ZoneInfo(steps[0]["time_zone"]),
            timedelta(minutes=_minutes_between_rungs(urgent)),
            timedelta(minutes=settings.WATCHWORD.backup_minutes),
        )
        told.append(notice)
    _postpone(due)
    run(__package__, "tell_from", {"notices": told})


def postpone_silent(deliveries: Sequence[int]) -> set[int]:
    """Of these, which the caller has locked, those that may not be sent now; each is due when its silence ends."""
    if not deliveries:
        return set()
    columns = (
        "id",
        "urgent",
        "notice__wakes",
        "contact_point_id",
        "contact_point__registrant_id",
        "contact_point__registrant__time_zone",
    )
    found = list(Delivery.objects.filter(id__in=deliveries).values_list(*columns, Now()))
    times = _silent_times(registrant for _, _, _, _, registrant, _, _ in found)
    due: dict[int, datetime] = {}
    for delivery, urgent, wakes, point, registrant, zone, at in found:
        kept = silences(times[registrant], point, urgent=urgent, wakes=wakes)
        opens = opens_at(at, kept, ZoneInfo(zone))
        if opens > at:
            due[delivery] = opens
    _postpone(due)
    return set(due)


def _silent_times(registrants: Iterable[int]) -> dict[int, list[SilentTime]]:
    times: dict[int, list[SilentTime]] = defaultdict(list)
    for each in SilentTime.objects.raw(_OF_REGISTRANTS, [list(set(registrants))]):
        times[each.registrant_id].append(each)
    return times


def _minutes_between_rungs(urgent: bool) -> float:
    house = settings.WATCHWORD
    minutes: float = house.rung_minutes if urgent else house.routine_rung_minutes
    return minutes


def _postpone(due: dict[int, datetime]) -> None:
    ordered = sorted(due.items())
    write(
        _POSTPONE,
        {"deliveries": [delivery for delivery, _ in ordered], "due": [moment for _, moment in ordered]},
    )
