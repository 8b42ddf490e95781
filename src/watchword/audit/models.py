"""The ledger's one table. It only grows: the database itself refuses a change or a deletion."""

from django.db import models
from django.db.models.functions import Now


class Entry(models.Model):
    """One act by one person (or by the system, named so), with its reason."""

    at = models.DateTimeField(db_default=Now())
    actor = models.TextField(help_text="Who did it: a staff member's name, 'registrant', or 'system'.")
    action = models.TextField(help_text="What was done, such as 'incident.release'.")
    subject = models.TextField(help_text="What it was done to, such as 'incident:12'.")
    reason = models.TextField(default="")
    facts = models.JSONField(default=dict, help_text="Ids and counts only: no contact data, no names.")

    class Meta:
        indexes = [models.Index(fields=["subject"], name="audit_entry_subject")]
