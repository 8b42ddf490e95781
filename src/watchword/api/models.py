"""What partners' systems show us, what they asked for, and what they were answered."""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from watchword.registrants.models import Partner, Registrant


class Scope(models.TextChoices):
    """What a key is good for. None takes in another."""

    REGISTRATIONS_READ = "registrations:read", "see the partner's own registrations"
    REGISTRATIONS_WRITE = "registrations:write", "ask for new ones; pause, resume and end the partner's own"
    NOTICES_READ = "notices:read", "see the notices of the partner's own registrations, with their ledgers"
    CONFIRMATIONS = "confirmations", "say that a person at the partner has told the registrant"
    WEBHOOKS = "webhooks", "see where pushes go and what became of them, and have a test pushed"
    LAW = "law", "ask what the law says of an immigration request; no data of anybody's are read"


class PartnerKey(models.Model):
    """What a partner's system shows to use the API."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="keys")
    digest = models.BinaryField(unique=True, help_text="SHA-256 of the key, which itself is kept nowhere.")
    scopes = ArrayField(models.TextField(choices=Scope))
    a_minute = models.IntegerField(help_text="Requests that it may make in a minute.")
    free_at = models.DateTimeField(
        db_default=Now(), help_text="When all requests it made are paid off, each with its part of a minute."
    )
    made_at = models.DateTimeField(db_default=Now())
    ends_at = models.DateTimeField(null=True, help_text="From then on it is good for nothing.")

    def __str__(self) -> str:
        return f"partner key {self.pk}"


class Case(models.Model):
    """Somebody who is told because a partner's system asked: the partner's own to see, and nobody else's."""

    number = models.UUIDField(unique=True, default=uuid4, help_text="What the partner knows it by.")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, db_index=False)
    registrant = models.OneToOneField(Registrant, on_delete=models.CASCADE)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["partner", "id"], name="api_case_own")]

    def __str__(self) -> str:
        return f"case {self.pk}"


class Answer(models.Model):
    """What a request was answered, for the same request when it comes again under the same key of its sender's."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, db_index=False)
    request_key = models.TextField(help_text="The sender's own name of the request: its Idempotency-Key.")
    asked = models.BinaryField(
        help_text="Blind index of method, address and body, context 'api.asked': tells another request."
    )
    status = models.SmallIntegerField()
    body = models.BinaryField(help_text="Encrypted, context 'api.answer'.")
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "request_key"], name="api_answered_once"),
        ]
        indexes = [models.Index(fields=["made_at"], name="api_answer_old")]

    def __str__(self) -> str:
        return f"answer {self.pk}"
