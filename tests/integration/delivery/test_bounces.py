"""Mails that come back: what they do to the delivery whose token they carry, by whichever way they come."""

from email.message import EmailMessage
from pathlib import Path
from typing import Any, Literal
from uuid import UUID, uuid4

import pytest
from django.test import Client

from tests.county import County
from tests.deliveries import planned, release
from tests.integration.delivery.imap import ImapServer
from tests.integration.delivery.test_smtp_server import tls
from watchword.core.encryption import keyring
from watchword.delivery import bounces
from watchword.delivery.channels.mail import return_path, token_of
from watchword.delivery.channels.smtp import mailbox
from watchword.delivery.models import Attempt, Delivery, Receipt
from watchword.delivery.records import Outbound
from watchword.notices.models import Notice
from watchword.registrants.models import ContactPoint
from watchword.worklist.models import Incident, Task

pytestmark = pytest.mark.django_db

MAILS = Path(__file__).parents[2] / "unit" / "delivery" / "mails"
DEAD, FULL = "dead-no-such-mailbox", "refused-mailbox-full"
PASSWORD = "a-long-token"


def sent(
    county: County, state: str = "handed_over", channels: tuple[str, ...] = ("email",)
) -> tuple[Delivery, UUID]:
    """A mail that stands like this after its one attempt."""
    planned(release(county), 1, channels)
    delivery, reference = Delivery.objects.get(channel="email"), uuid4()
    Delivery.objects.filter(id=delivery.id).update(state=state, reference=reference, attempts=1)
    Attempt.objects.create(delivery=delivery, reference=reference, number=1, outcome="accepted")
    return delivery, reference


def returned(sample: str, reference: UUID | None) -> bytes:
    """One of the samples, as it comes back for this attempt."""
    raw = (MAILS / f"{sample}.eml").read_text()
    to = "bounces@notify.example.org"
    if reference is not None:
        to = f"bounces+{token_of(reference)}@notify.example.org"
    return raw.replace("bounces@notify.example.org", to).encode()


# The sample, what stood before it, and what stands after it.
CASES = [
    (DEAD, "handed_over", "undeliverable"),
    (DEAD, "delivered", "undeliverable"),  # the next server took it, and its own next one did not
    (DEAD, "outcome_unknown", "undeliverable"),
    (DEAD, "confirmed", "confirmed"),
    (FULL, "handed_over", "retry_wait"),
    (FULL, "confirmed", "confirmed"),
    ("delayed-warning", "handed_over", "handed_over"),
    ("delayed-warning", "retry_wait", "retry_wait"),  # late: it may not undo the retry
    ("delivered-success", "handed_over", "delivered"),
    ("auto_reply-out-of-office", "handed_over", "handed_over"),
    ("auto_reply-authentication-report", "handed_over", "handed_over"),
    ("unknown-a-letter", "handed_over", "handed_over"),
]


@pytest.mark.parametrize(("sample", "before", "after"), CASES)
def test_what_came_back_moves_its_delivery_and_twice_no_further(
    county: County, sample: str, before: str, after: str
) -> None:
    delivery, reference = sent(county, before)
    for _ in range(2):
        assert bounces.take(returned(sample, reference))
        delivery.refresh_from_db()
        assert delivery.state == after


def test_a_dead_address_hurries_the_next_way_and_brings_the_last_to_the_desk(county: County) -> None:
    _, reference = sent(county)
    bounces.take(returned(DEAD, reference))
    assert Notice.objects.get().state == Notice.State.AT_DESK
    assert Task.objects.get(kind=Task.Kind.NOT_REACHABLE).facts["tried"][0]["error"] == "5.1.1"


def test_a_bounce_is_kept_as_it_came_and_encrypted(county: County) -> None:
    _, reference = sent(county)
    raw = returned(DEAD, reference)
    bounces.take(raw)
    receipt = Receipt.objects.get()
    assert (receipt.provider, receipt.kind, receipt.reference) == ("smtp", "bounce", reference)
    assert b"reader@example.org" not in bytes(receipt.raw)
    assert keyring().decrypt_bytes(receipt.raw, "receipt.raw") == raw


@pytest.mark.parametrize("token", [None, UUID(int=7)])
def test_a_forged_bounce_changes_nothing(county: County, token: UUID | None) -> None:
    delivery, reference = sent(county)
    forged = returned(DEAD, None).replace(
        b"original@", f"{reference}@".encode()
    )  # it knows the reference itself
    if token is not None:
        forged = returned(DEAD, token).replace(
            token_of(token)[-9:].encode(), token_of(reference)[-9:].encode()
        )
    assert not bounces.take(forged)
    delivery.refresh_from_db()
    assert delivery.state == "handed_over"
    assert not Receipt.objects.exists()


def test_a_bounce_that_has_lost_its_return_path_is_known_by_the_message_it_returns(county: County) -> None:
    delivery, reference = sent(county)
    raw = returned(DEAD, None).replace(b"<original@", f"<{token_of(reference)}@".encode())
    assert bounces.take(raw)
    delivery.refresh_from_db()
    assert delivery.state == "undeliverable"


def test_a_bounce_of_an_older_attempt_does_not_touch_the_newer_one(county: County) -> None:
    delivery, old = sent(county)
    new = uuid4()
    Attempt.objects.create(delivery=delivery, reference=new, number=2)
    Delivery.objects.filter(id=delivery.id).update(reference=new, attempts=2)
    bounces.take(returned(DEAD, old))
    delivery.refresh_from_db()
    assert delivery.state == "handed_over"


def test_a_complaint_stops_that_address_alone_and_somebody_hears_of_it(county: County) -> None:
    delivery, reference = sent(county, channels=("email", "text"))
    bounces.take(returned("complaint-abuse", reference))
    stopped = ContactPoint.objects.get(stopped_at__isnull=False)
    assert stopped.pk == delivery.contact_point_id
    assert Task.objects.filter(kind=Task.Kind.OPTED_OUT, subject=f"contact_point:{stopped.pk}").exists()


def posted(raw: bytes, **headers: str) -> int:
    return (
        Client()
        .post("/webhooks/email/bounce", raw, content_type="message/rfc822", headers=headers)
        .status_code
    )


def test_only_who_has_the_token_may_post_a_bounce(county: County, settings: Any) -> None:
    delivery, reference = sent(county)
    raw = returned(DEAD, reference)
    assert posted(raw, Authorization="Bearer ") == 403  # no token is set: nobody may
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"bounce_token": PASSWORD})
    assert posted(raw) == 403
    assert posted(raw, Authorization="Bearer another") == 403
    assert Client().get("/webhooks/email/bounce").status_code == 405
    assert not Receipt.objects.exists()
    assert posted(raw, Authorization=f"Bearer {PASSWORD}") == 204
    assert posted(b"not ours", Authorization=f"Bearer {PASSWORD}") == 204  # and the answer does not tell
    assert posted(b"x" * 3_000_000, Authorization=f"Bearer {PASSWORD}") == 413
    delivery.refresh_from_db()
    assert delivery.state == "undeliverable"


def test_bounces_are_fetched_from_a_mailbox_and_what_is_none_of_ours_stays_for_a_person(
    county: County, settings: Any
) -> None:
    delivery, reference = sent(county)
    letter = EmailMessage()
    letter["Subject"] = "A question"
    letter.set_content("When are you open?")
    with ImapServer([returned(DEAD, reference), letter.as_bytes()]) as server:
        settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"bounce_imap_url": server.url})
        assert bounces.fetch() == 1
        assert server.left() == [(letter.as_bytes(), {r"\Flagged"})]
        assert bounces.fetch() == 0  # the letter is not looked at again
    delivery.refresh_from_db()
    assert delivery.state == "undeliverable"


@pytest.mark.parametrize("begins", ["at once", "after STARTTLS"])
def test_the_mailbox_on_another_machine_is_read_under_tls_alone_and_only_where_its_certificate_is_trusted(
    county: County,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    begins: Literal["at once", "after STARTTLS"],
) -> None:
    monkeypatch.setattr(mailbox, "is_loopback", lambda host: False)
    delivery, reference = sent(county)
    context, trusted = tls("localhost", tmp_path)
    with ImapServer([returned(DEAD, reference)], context, begins) as server:
        settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"bounce_imap_url": server.url})
        assert bounces.fetch() == 0
        assert Incident.objects.get().state == "open"
        assert server.signed_in_under == []  # a stranger's server never gets the password
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        assert bounces.fetch() == 1
        assert server.signed_in_under == ["TLSv1.3"]
        assert server.left() == []
    delivery.refresh_from_db()
    assert (delivery.state, Incident.objects.get().state) == ("undeliverable", "cleared")


def test_a_mailbox_elsewhere_without_tls_never_gets_the_password(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "is_loopback", lambda host: False)
    with ImapServer([]) as server:
        settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"bounce_imap_url": server.url})
        assert bounces.fetch() == 0
        assert server.signed_in_under == []
    assert Incident.objects.get().state == "open"


def test_a_mailbox_that_cannot_be_read_is_an_incident_until_it_can(settings: Any) -> None:
    with ImapServer([]) as server:
        nowhere, wrong_password = "imap://office:a@127.0.0.1:1", server.url.replace("pass", "x")
        for url, state in [(nowhere, "open"), (wrong_password, "open"), (server.url, "cleared")]:
            settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"bounce_imap_url": url})
            assert bounces.fetch() == 0
            assert Incident.objects.get().state == state


def test_the_return_path_of_a_mail_is_where_its_bounce_is_known(county: County) -> None:
    delivery, reference = sent(county)
    mail = Outbound(
        delivery=delivery.id,
        reference=reference,
        channel="email",
        provider="smtp",
        urgent=True,
        to="reader@example.org",
    )
    path = return_path("notices@example.org", "bounces@notify.example.org", mail)
    assert bounces.take(returned(DEAD, None).replace(b"bounces@notify.example.org", path.upper().encode()))
