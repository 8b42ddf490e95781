"""Requests to be told, and what each source demands of those who ask."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from watchword.feeds.models import Source


class Relation(models.TextChoices):
    """As what somebody asks to be told about a person."""

    ANYONE = "anyone", "anybody may know: the roster is a public record"
    VICTIM = "victim"
    FAMILY = "family"
    WITNESS = "witness"
    COUNSEL = "counsel"


class SourceRule(models.Model):
    """Who may be told about the people of a source. Where there is none: verified, and everybody but `anyone`."""

    source = models.OneToOneField(Source, primary_key=True, on_delete=models.CASCADE)
    is_open = models.BooleanField(
        default=False, help_text="The roster is a public record: whoever asks is shown where somebody is."
    )
    who = ArrayField(models.TextField(choices=Relation), help_text="Who may ask to be told.")


class Request(models.Model):
    """Somebody asks to be told about a person. What it says is encrypted; it shows nothing of itself but its id."""

    class State(models.TextChoices):
        WAITING = "waiting", "nobody has answered yet"
        APPROVED = "approved"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn", "whoever asked took it back, or erased their data"

    source = models.ForeignKey(Source, on_delete=models.PROTECT, db_index=False)
    relation = models.TextField(choices=Relation)
    state = models.TextField(choices=State, default=State.WAITING)
    sought = models.BinaryField(help_text="Encrypted, context 'request.sought': JSON of custody's Sought.")
    sought_index = models.BinaryField(
        help_text="Blind index of the same: tells one person sought from another."
    )
    evidence = models.BinaryField(
        help_text="Encrypted, context 'request.evidence': a case number, or where the sworn statement is."
    )
    note = models.BinaryField(
        help_text="Encrypted, context 'request.note': what else the office should know."
    )
    watch = models.BooleanField(help_text="The person may not be held yet.")
    form = models.UUIDField(
        null=True, unique=True, help_text="Of the sheet it was written on: sent twice, it is one request."
    )
    asked_at = models.DateTimeField(db_default=Now())
    looked_at = models.DateTimeField(null=True, help_text="When it was looked through for signs of misuse.")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(looked_at=None), name="registrants_request_unlooked"
            ),
            models.Index(
                fields=["id"], condition=models.Q(state="waiting"), name="registrants_request_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.pk}"


class Recipient(models.Model):
    """Somebody whom a request is to have told: the one who asked, or the one they asked for."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="recipients")
    registrant = models.OneToOneField("registrants.Registrant", on_delete=models.CASCADE)
    mode = models.TextField(help_text="Of the registration that it becomes.")

    def __str__(self) -> str:
        return f"recipient {self.pk}"


class Knock(models.Model):
    """Somebody looked for a person, asked, or wanted a link from this address of the internet. Forgotten in an hour."""

    address_index = models.BinaryField(help_text="Blind index of the address, context 'asking.knock'.")
    act = models.TextField(help_text="One of limits.MOST_AN_HOUR.")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["address_index", "act", "at"], name="registrants_knock_lately"),
            models.Index(fields=["at"], name="registrants_knock_at"),
        ]

    def __str__(self) -> str:
        return f"knock {self.pk}"
