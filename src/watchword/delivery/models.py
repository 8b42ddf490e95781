"""Deliveries, their attempts, and what providers and people said afterwards."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from watchword.delivery.states import State
from watchword.notices.models import Notice, Wording
from watchword.registrants.models import ContactPoint, Partner


class Delivery(models.Model):
    """A notice on one contact point. It is also its own queue entry: workers claim rows of this table.

    States and transitions: delivery/states.py, in plain words in docs/statuses.md.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, db_index=False)
    contact_point = models.ForeignKey(ContactPoint, on_delete=models.PROTECT)
    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, db_index=False)
    channel = models.TextField()
    rung = models.SmallIntegerField()
    urgent = models.BooleanField()
    state = models.TextField(choices=State, default=State.QUEUED)
    due_at = models.DateTimeField(
        null=True, help_text="To be looked at from this moment on; null: not by itself."
    )
    worker = models.IntegerField(
        null=True, help_text="Advisory-lock number of the worker that has claimed it."
    )
    attempts = models.SmallIntegerField(default=0)
    repeat = models.BooleanField(
        default=False, help_text="Sent again although it may have arrived the first time."
    )
    reference = models.UUIDField(
        null=True, help_text="Our own, of the newest attempt; chosen before the hand-over."
    )
    provider_id = models.TextField(null=True, help_text="Of the newest attempt.")
    last_error = models.TextField(null=True)
    queued_at = models.DateTimeField(db_default=Now())
    handed_over_at = models.DateTimeField(null=True, help_text="First hand-over.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "contact_point"], name="delivery_once_per_contact")
        ]
        indexes = [
            # What a worker claims: one short range for each channel and urgency, however much waits elsewhere.
            models.Index(
                fields=["channel", "urgent", "due_at"],
                condition=Q(state__in=["queued", "retry_wait"]),
                name="delivery_waiting",
            ),
            models.Index(fields=["worker"], condition=Q(state="claimed"), name="delivery_claimed"),
            models.Index(fields=["due_at"], condition=Q(state="outcome_unknown"), name="delivery_unknown"),
            models.Index(
                fields=["due_at"],
                condition=Q(channel="voice", state__in=["handed_over", "delivered"], due_at__isnull=False),
                name="delivery_calls_to_repeat",
            ),
            models.Index(fields=["id"], condition=Q(channel="push"), name="delivery_pushes"),
        ]


class Attempt(models.Model):
    """One hand-over to a provider; the row is committed before the call goes out.

    Written once and changed once for every message, so it is kept cheap: nothing that changes is indexed, and the
    database does not check what cannot be wrong (an attempt is made from its delivery's locked row: sql/move.sql).
    """

    reference = models.UUIDField(primary_key=True, help_text="Our own, chosen before the hand-over.")
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, db_constraint=False)
    number = models.SmallIntegerField()
    provider = models.TextField(
        help_text="The name of the provider that got it: it alone can be asked again."
    )
    started_at = models.DateTimeField(db_default=Now())
    provider_id = models.TextField(null=True)
    outcome = models.TextField(null=True, help_text="accepted, refused, unknown; null while under way")
    error = models.TextField(null=True)
    call_outcome = models.TextField(null=True, help_text="Of a call: one of records.CallOutcome.")


class WrittenOff(models.Model):
    """An attempt that the provider, asked about it, did not know. It is looked for a few times more, in case it was
    taken up after all (delivery/repeats.py); gone when it was found, or after the last look."""

    attempt = models.OneToOneField(Attempt, primary_key=True, on_delete=models.CASCADE)
    due_at = models.DateTimeField(db_index=True)
    looks = models.SmallIntegerField(default=0, help_text="That were taken.")


class Replay(models.Model):
    """A push that a person asked to have sent once more, whatever became of it. Gone once it was taken, or given up."""

    delivery = models.OneToOneField(Delivery, primary_key=True, on_delete=models.PROTECT)
    due_at = models.DateTimeField(db_index=True)
    tries = models.SmallIntegerField(default=0)


class Receipt(models.Model):
    """What a provider said later, stored raw before it is read."""

    provider = models.TextField()
    kind = models.TextField(help_text="'message', 'call', 'deliver_sm': which of the provider's forms it is.")
    received_at = models.DateTimeField(db_default=Now())
    raw = models.BinaryField(help_text="Encrypted, context 'receipt.raw'.")
    reference = models.UUIDField(null=True)
    provider_id = models.TextField(null=True)
    word = models.TextField(
        default="", help_text="The provider's own word for the state; empty until it was read."
    )
    applied = models.BooleanField(default=False, help_text="It told us something new of a delivery.")

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(word=""), name="delivery_receipt_unread"),
            models.Index(fields=["reference"], name="delivery_receipt_of_attempt"),
        ]


class IncomingText(models.Model):
    """A text that came over a line which stays open, or a part of one, from its storing until it is answered."""

    provider = models.TextField()
    received_at = models.DateTimeField(db_default=Now())
    raw = models.BinaryField(help_text="Encrypted, context 'incoming_text.raw'.")


class Heartbeat(models.Model):
    """One row, in which the workers count; the count is kept beside the database too (delivery/heartbeat.py)."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    database = models.UUIDField(help_text="Names this database among others that a home has seen.")
    count = models.BigIntegerField(default=0)
    at = models.DateTimeField(db_default=Now(), help_text="Of the newest count.")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="delivery_heartbeat_is_one")]


class PinTry(models.Model):
    """A PIN that somebody entered for a contact point; they are counted across calls, texts and pages."""

    contact_point = models.ForeignKey(
        ContactPoint, null=True, on_delete=models.CASCADE, help_text="Null: at an address of nobody we know."
    )
    at = models.DateTimeField(db_default=Now())
    right = models.BooleanField()


class TestMessage(models.Model):
    """A message that tells of no case: a test, to a registrant's contact point, to a partner's system on request, or to
    the office's own as a canary; the code that shows whose a contact point is; a one-time link; or that something was
    changed, which the registrant may not have done."""

    __test__ = False  # the suite's collector takes it for a test by its name

    class Says(models.TextChoices):
        TEST = "test"
        CODE = "code"
        LINK = "link"
        CHANGE = "change"

    reference = models.UUIDField(primary_key=True, help_text="Our own, chosen before the hand-over.")
    contact_point = models.ForeignKey(
        ContactPoint,
        null=True,
        on_delete=models.CASCADE,
        help_text="Null: a partner's, or one of the office's own.",
    )
    says = models.TextField(choices=Says, default=Says.TEST)
    partner = models.ForeignKey(
        Partner,
        null=True,
        on_delete=models.CASCADE,
        help_text="Whose system it was asked to go to, for no registrant.",
    )
    channel = models.TextField()
    provider = models.TextField()
    address = models.BinaryField(help_text="Encrypted, like a contact point's.")
    language = models.TextField()
    secret = models.BinaryField(
        null=True,
        help_text="Encrypted: the code that it brings, or the token of the link (delivery/test_wording.py).",
    )
    requested_at = models.DateTimeField(db_default=Now())
    send_from = models.DateTimeField(
        db_default=Now(), help_text="Not sooner: somebody else may see or hear it until then."
    )
    sent_at = models.DateTimeField(
        null=True,
        help_text="When a worker took it; null again where it is to be sent once more (changes alone).",
    )
    tries = models.SmallIntegerField(default=0, help_text="How often it was sent in vain.")
    outcome = models.TextField(null=True, help_text="accepted, refused, unknown; null while under way")
    error = models.TextField(null=True)
    provider_id = models.TextField(null=True)
    delivered_at = models.DateTimeField(
        null=True,
        help_text="When the provider said so; where it never does (mail), when it took the message.",
    )
    missed = models.BooleanField(default=False, help_text="An alarm was raised because it never arrived.")

    class Meta:
        indexes = [
            models.Index(fields=["requested_at"], condition=Q(sent_at=None), name="delivery_test_unsent"),
            models.Index(
                fields=["requested_at"],
                condition=Q(contact_point=None, says="test", delivered_at=None, missed=False),
                name="delivery_canary_silent",
            ),
            models.Index(
                fields=["sent_at"], condition=Q(says="change", outcome=None), name="delivery_change_unsettled"
            ),
        ]
