"""What a machine records begins with its beep: the call, which was asking for a PIN, is sent to those words.

A detection can be wrong. So nobody is cut off who has given the PIN, and the words listen for keys like all others.
"""

from uuid import UUID

import structlog

from watchword.delivery.channels.registry import kind_of
from watchword.delivery.links import Links
from watchword.delivery.models import Attempt

_log = structlog.get_logger(__name__)


def begin(provider: str, kind: str, raw: bytes, reference: UUID | None) -> None:
    """If this receipt says that a machine records from now on, have it record our words from their beginning.

    Where the provider does not do so, the call comes to them by itself, once nobody has pressed a key.
    """
    known = kind_of(provider)
    if known is None or known.read_report is None or known.send_elsewhere is None:
        return
    report = known.read_report(kind, raw)
    if not report.records or report.provider_id is None or reference is None:
        return
    # A text telephone that answers with its own tones is taken for a machine.
    calls = Attempt.objects.exclude(call_outcome="confirmed").exclude(delivery__contact_point__tty=True)
    delivery = calls.filter(reference=reference).values_list("delivery", flat=True).first()
    if delivery is None:
        return
    try:
        known.send_elsewhere(report.provider_id, Links.here().call(delivery, "voicemail"))
    except OSError as error:
        _log.warning(
            "a call was not sent to the words for a machine", delivery=delivery, error=type(error).__name__
        )
