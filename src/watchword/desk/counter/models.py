"""Requests and what became of them. What is said of the person is encrypted, and lives in the request alone."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from watchword.custody.models import Record


class LawRequest(models.Model):
    """One request of a federal office about one person."""

    class Kind(models.TextChoices):
        DETAINER = "detainer", "a civil immigration detainer (Form I-247A or the like)"
        INFORMATION = "information", "information about somebody"
        SUPPORT = "support", "other support of immigration enforcement, which 10-178 wants recorded"

    class Reason(models.TextChoices):
        """What a detainer gives as its reason: the boxes of the form, in the words of 9-131(f)(1)."""

        PROBABLE_CAUSE = "probable_cause", "reason to believe that the person can be removed"
        PROCEEDINGS = "proceedings", "removal proceedings are begun and papers served"
        WARRANT = "warrant", "a warrant of arrest for removal proceedings was served"
        ORDER = "order", "an order of removal was made"
        OTHER = "other", "another reason, or none"

    kind = models.TextField(choices=Kind)
    record = models.ForeignKey(Record, null=True, on_delete=models.PROTECT, help_text="The person's custody.")
    jurisdiction = models.TextField()
    office = models.TextField()
    asker = models.TextField(help_text="The federal office, by its name; no person's.")
    federal_reason = models.TextField(choices=Reason, blank=True, default="")
    received_at = models.DateTimeField()
    papers = models.BinaryField(
        help_text="JSON, encrypted, context 'law_request.papers': numbers and service."
    )
    facts = models.BinaryField(
        help_text="JSON of law.Facts but for convictions, context 'law_request.facts'."
    )
    response = models.TextField(default="", help_text="Of other support: what was done, naming nobody.")
    entered_by = models.TextField()
    entered_at = models.DateTimeField(db_default=Now())
    held_at = models.DateTimeField(null=True, help_text="From then on they would else have been free.")
    released_at = models.DateTimeField(null=True)
    transferred_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["received_at"], name="desk_law_request_received")]

    def __str__(self) -> str:
        return f"request {self.pk}"


class KnownConviction(models.Model):
    """One judgment, and where it is known from."""

    request = models.ForeignKey(LawRequest, on_delete=models.CASCADE, related_name="convictions")
    crime = models.BinaryField(help_text="JSON of law's Conviction, context 'law_request.crime'.")
    source = models.TextField(help_text="Such as 'DCJS criminal history'.")
    source_on = models.DateField(help_text="The source's own date.")
    entered_by = models.TextField()
    entered_at = models.DateTimeField(db_default=Now())


class Decision(models.Model):
    """What was decided about one action, and what the law said at that moment."""

    request = models.ForeignKey(LawRequest, on_delete=models.CASCADE, related_name="decisions")
    action = models.TextField()
    honoured = models.BooleanField()
    outcome = models.TextField(help_text="What the law said.")
    answer = models.BinaryField(help_text="All that it rested on, JSON, context 'law_request.answer'.")
    information = ArrayField(
        models.TextField(), default=list, help_text="Kinds of information that were given."
    )
    reason = models.TextField()
    by = models.TextField()
    second = models.TextField(default="")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "action"], name="desk_decided_once")]
