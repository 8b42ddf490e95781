"""How each kind of notice presses, and the office's own word on it.

Two kinds press as others do (sql/write_notices.sql): `corrected` as what it takes back, and a release date less than
24 hours ahead as a release.
"""

from collections.abc import Mapping

from django.db import transaction

from watchword.audit.actions import record
from watchword.core.errors import WatchwordError
from watchword.custody.models import EventKind
from watchword.notices.models import UrgencyRule
from watchword.registrants.models import Urgency

DEFAULTS: Mapping[str, Urgency] = {
    EventKind.BOOKED: Urgency.IMMEDIATE,
    EventKind.TRANSFERRED: Urgency.ROUTINE,
    EventKind.RELEASED: Urgency.IMMEDIATE,
    EventKind.FURLOUGHED: Urgency.IMMEDIATE,
    EventKind.RETURNED: Urgency.IMMEDIATE,
    EventKind.ESCAPED: Urgency.IMMEDIATE,
    EventKind.RECAPTURED: Urgency.IMMEDIATE,
    EventKind.DIED: Urgency.IMMEDIATE,
    EventKind.REMOVED: Urgency.IMMEDIATE,
    EventKind.RELEASE_DATE_CHANGED: Urgency.ROUTINE,
    EventKind.COURT_DATE_CHANGED: Urgency.ROUTINE,
    EventKind.VANISHED: Urgency.IMMEDIATE,
    "current_status": Urgency.IMMEDIATE,
    "summary": Urgency.IMMEDIATE,
    "watch_ended": Urgency.ROUTINE,
    "contact_stopped": Urgency.ROUTINE,
    "feed_silent": Urgency.ROUTINE,
    "feed_restored": Urgency.ROUTINE,
}
"""What holds where the office has said nothing else."""

WAKING = frozenset({EventKind.RELEASED, EventKind.FURLOUGHED, EventKind.ESCAPED, EventKind.VANISHED})
"""After these the person may be at the door: told even in silent times that keep back all but releases.

`vanished` is to be taken as a release, and a furlough is one for some days. The office's own word on urgency changes
nothing here: it is the registrant's wish to be woken."""


def urgencies() -> dict[str, str]:
    """How each kind presses in this office."""
    said = UrgencyRule.objects.values_list("kind", "urgency")
    return {kind: urgency.value for kind, urgency in DEFAULTS.items()} | dict(said)


@transaction.atomic
def set_urgency(kind: str, urgency: str, *, by: str, reason: str) -> None:
    """From now on, notices of this kind press so. Those already written stay as they are.

    WatchwordError for a kind that is never told, and for `corrected`, which presses as what it takes back.
    """
    if kind not in DEFAULTS:
        raise WatchwordError(f"Give one of these kinds: {', '.join(DEFAULTS)}.")
    if urgency not in Urgency.values:
        raise WatchwordError(f"Give one of these: {', '.join(Urgency.values)}.")
    UrgencyRule.objects.update_or_create(kind=kind, defaults={"urgency": urgency})
    record(by, "urgency.set", f"kind:{kind}", reason, urgency=urgency)
