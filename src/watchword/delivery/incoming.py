"""What comes over a line that stays open (SMPP): stored before it is acknowledged, then read.

Receipts go the way of all receipts. Texts are kept, encrypted, until they are answered: a worker that dies in between
leaves them to the next. Parts of a long text wait for one another.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.db import OperationalError, transaction

from watchword.core.clock import now
from watchword.core.encryption import keyring
from watchword.delivery import receipts, replies
from watchword.delivery.channels.smpp.encoding import decoded
from watchword.delivery.channels.smpp.webhook import Text, is_receipt, read_text
from watchword.delivery.models import IncomingText

KIND = "deliver_sm"
"""Of receipts that come this way."""

_CONTEXT = "incoming_text.raw"
_PATIENCE = timedelta(minutes=10)  # for the other parts of a text; then it is read without them
_BATCH = 500
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """An answer to a text."""

    to: str  # never logged
    body: str
    number: int  # the text's


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kept:
    """A text, or a part of one, and its row."""

    row: IncomingText
    text: Text


@transaction.atomic
def keep(provider: str, raws: Sequence[bytes]) -> None:
    """Store these as they came. Once this has returned, none of them will be lost."""
    for raw in raws:
        if is_receipt(raw):
            receipts.keep(provider, KIND, raw, reference=None)
        else:
            IncomingText.objects.create(provider=provider, raw=keyring().encrypt(raw, _CONTEXT))


def work_off(provider: str) -> list[Reply]:
    """Read the receipts that came, and do what texts ask for; the words to answer these with."""
    while receipts.read_new():
        pass
    replied = []
    for whole in _whole_texts(provider):
        try:
            reply = _answer(whole)
        except OperationalError:
            raise  # the database is away: it is done when it is back
        except Exception:  # noqa: BLE001 - one text's fault must not stop the others
            _log.exception("a text could not be answered; it is kept", text=whole[0].row.pk)
        else:
            replied += [reply] if reply else []
    return replied


def _whole_texts(provider: str) -> list[list[_Kept]]:
    """The texts that are complete, or waited long enough for what is missing; each as its parts in order."""
    found: defaultdict[tuple[object, ...], list[_Kept]] = defaultdict(list)
    for row in IncomingText.objects.filter(provider=provider).order_by("id")[:_BATCH]:
        text = read_text(keyring().decrypt_bytes(row.raw, _CONTEXT))
        alone = row.pk if text.part.total == 1 else None
        found[text.sender, text.part.reference, text.part.total, alone].append(_Kept(row=row, text=text))
    return [
        sorted(parts, key=lambda each: each.text.part.number)
        for (_, _, total, _), parts in found.items()
        if len({each.text.part.number for each in parts}) == total
        or parts[0].row.received_at < now() - _PATIENCE
    ]


@transaction.atomic
def _answer(parts: Sequence[_Kept]) -> Reply | None:
    """Do what a text asks for, and forget it; None where there is nothing to say, or another worker is at it."""
    rows = IncomingText.objects.filter(pk__in=[each.row.pk for each in parts])
    if len(rows.select_for_update(skip_locked=True)) < len(parts):
        return None
    pieces = {each.text.part.number: each.text.octets for each in parts}  # one that came twice counts once
    first = parts[0]
    body = decoded(b"".join(pieces.values()), first.text.data_coding)
    said = replies.answer(first.text.sender, body)
    rows.delete()
    return Reply(to=first.text.sender, body=said, number=first.row.pk) if said else None
