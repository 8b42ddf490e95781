"""How a call ended, kept with its attempt: what the ledger of a notice says of it."""

from collections.abc import Mapping

from watchword.delivery.models import Attempt
from watchword.delivery.records import CallOutcome

# The provider's words come in any order: that it was answered says less than by whom, and a PIN says most.
_GIVES_WAY_TO: Mapping[CallOutcome, tuple[CallOutcome, ...]] = {
    "answered": ("voicemail", "confirmed"),
    "voicemail": ("confirmed",),
}


def note(attempt: Attempt, outcome: CallOutcome) -> None:
    """Write down how this call ended, unless more is known of it already."""
    same = Attempt.objects.filter(pk=attempt.pk)
    same.exclude(call_outcome__in=_GIVES_WAY_TO.get(outcome, ())).update(call_outcome=outcome)


def newest_call(delivery: int) -> Attempt | None:
    """The newest attempt of a delivery; None for a delivery that was never attempted."""
    return Attempt.objects.filter(delivery=delivery).order_by("number").last()
