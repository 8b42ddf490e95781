"""The ledger of a notice says what was done, in order, in the registrant's words and time; addresses are masked."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from tests.county import County
from tests.deliveries import planned, release
from watchword.core.clock import now
from watchword.core.errors import WatchwordError
from watchword.delivery.ledger import ledger
from watchword.delivery.models import Attempt, Delivery, Receipt
from watchword.delivery.states import State
from watchword.notices.models import Notice
from watchword.worklist.models import Task

pytestmark = pytest.mark.django_db

START = now().replace(year=2026, month=3, day=3, hour=19, minute=2, second=0, microsecond=0)


def attempt(channel: str, minute: int, **ended: str) -> UUID:
    reference = uuid4()
    Attempt.objects.create(
        reference=reference,
        delivery=Delivery.objects.get(channel=channel),
        number=1,
        provider="twilio",
        **ended,
    )
    Attempt.objects.filter(pk=reference).update(started_at=START + timedelta(minutes=minute))
    return reference


def receipt(reference: UUID, minute: int, word: str, *, applied: bool = True) -> None:
    made = Receipt.objects.create(
        provider="twilio", kind="message", raw=b"", reference=reference, word=word, applied=applied
    )
    Receipt.objects.filter(pk=made.pk).update(received_at=START + timedelta(minutes=minute))


def happen() -> None:
    """A call, a text, a mail that comes back, the desk, and the PIN; told to us in any order."""
    notice = Notice.objects.get()
    text = attempt("text", 1, outcome="accepted")
    receipt(text, 1, "delivered")
    receipt(text, 2, "delivered", applied=False)
    receipt(text, 1, "sent")
    receipt(attempt("email", 3, outcome="accepted"), 4, "bounced")
    attempt("voice", 0, outcome="accepted", call_outcome="voicemail")
    attempt("voice", 5, outcome="unknown")
    task = Task.objects.create(kind=Task.Kind.NOT_CONFIRMED, subject=f"notice:{notice.pk}", summary="")
    Task.objects.filter(pk=task.pk).update(opened_at=START + timedelta(minutes=6))
    Notice.objects.update(
        state="confirmed", confirmed_at=START + timedelta(minutes=8), confirmed_by_channel="text"
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            [
                "March 3, 2026, 2:02 PM: Called ***00: voicemail",
                "March 3, 2026, 2:03 PM: Text sent to ***00",
                "March 3, 2026, 2:03 PM: Text arrived at ***00",
                "March 3, 2026, 2:05 PM: Email sent to r***@example.org",
                "March 3, 2026, 2:06 PM: Email did not reach r***@example.org",
                "March 3, 2026, 2:07 PM: Call to ***00: we do not know if it was made",
                "March 3, 2026, 2:08 PM: A person in our office was asked to help",
                "March 3, 2026, 2:10 PM: You gave your PIN by text",
            ],
        ),
        (
            "es",
            [
                "3 de marzo de 2026, 14:02: Llamada a ***00: contestador",
                "3 de marzo de 2026, 14:03: Texto enviado a ***00",
                "3 de marzo de 2026, 14:03: El texto llegó a ***00",
                "3 de marzo de 2026, 14:05: Correo enviado a r***@example.org",
                "3 de marzo de 2026, 14:06: El correo no llegó a r***@example.org",
                "3 de marzo de 2026, 14:07: Llamada a ***00: no sabemos si salió",
                "3 de marzo de 2026, 14:08: Pedimos ayuda a una persona de nuestra oficina",
                "3 de marzo de 2026, 14:10: Usted dio su PIN por mensaje de texto",
            ],
        ),
    ],
)
def test_everything_done_is_said_in_order(county: County, language: str, said: list[str]) -> None:
    planned(release(county), 1, ["email", "text", "voice"], language=language)
    happen()
    lines = ledger(Notice.objects.get().pk)
    assert [f"{line.said_at}: {line.words}" for line in lines] == said


def test_a_notice_nobody_was_tried_for_yet_has_an_empty_ledger(county: County) -> None:
    planned(release(county), 1)
    assert ledger(Notice.objects.get().pk) == []
    assert Delivery.objects.get().state == State.QUEUED


def test_there_is_no_ledger_of_a_notice_that_is_not_there(db: None) -> None:
    with pytest.raises(WatchwordError, match="no notice 7"):
        ledger(7)
