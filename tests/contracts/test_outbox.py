"""What the mail room's folder does with a letter whatever its disk says, fed by the provider's `cases`."""

import asyncio
import errno
import os
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from watchword.core.clock import now
from watchword.delivery.channels.cases import AnswerCase
from watchword.delivery.channels.outbox.cases import AFTER_ITS_NAME, BEFORE_ITS_NAME, CASES
from watchword.delivery.channels.outbox.client import OutboxProvider
from watchword.delivery.records import Answer, Found, NotFound, Outbound, Refused, Result, Sought

pytestmark = pytest.mark.system("libpangoft2-1.0")

ANSWERS = CASES["outbox"].answers
LETTER = Outbound(
    delivery=7,
    reference=UUID("5f0c1b1e-7f0a-4a67-9b1d-0c5e2f7a9d31"),
    channel="letter",
    provider="outbox",
    urgent=True,
    to="ANA EXAMPLE\n12 ELM ST\nALBANY NY 12207\nUS",
    subject="A message",
    body="Words.",
    language="en",
)
SOUGHT = Sought(
    delivery=LETTER.delivery,
    reference=LETTER.reference,
    channel="letter",
    provider="outbox",
    to="",
    mark="",
    since=now(),
    waited=timedelta(),
)


async def written(folder: Path) -> tuple[Result, Answer]:
    """What came of the letter, and what is said when it is asked for afterwards."""
    provider = OutboxProvider(folder)
    await provider.open()
    try:
        return await provider.send(LETTER), await provider.find(SOUGHT)
    finally:
        await provider.close()


@pytest.mark.parametrize("case", ANSWERS, ids=lambda case: f"{case.situation}-{case.raw.decode()}")
def test_a_letter_that_the_disk_fails_is_refused_before_it_has_its_name_and_unknown_afterwards(
    case: AnswerCase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = os.fsync

    def fsync(file: int) -> None:
        moment = AFTER_ITS_NAME if list(tmp_path.glob("*.pdf")) else BEFORE_ITS_NAME
        if moment == case.to:
            raise OSError(getattr(errno, case.raw.decode()), "")
        keep(file)

    monkeypatch.setattr(os, "fsync", fsync)
    result, answer = asyncio.run(written(tmp_path))
    assert result == case.means
    # Where it may be printed it is found, so that it is not written again; where it was refused nothing is left.
    left = {path.name for path in tmp_path.iterdir()}
    if isinstance(case.means, Refused):
        assert answer == NotFound()
        assert not left
    else:
        assert answer == Found(provider_ids=(str(LETTER.reference),))
        assert left == {f"{LETTER.reference}.pdf", f".{LETTER.reference}.sent"}
