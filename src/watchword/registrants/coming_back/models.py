"""Wishes for one-time links, the links, and the sessions that begin with them or with a PIN."""

from django.db import models
from django.db.models.functions import Now


class LinkWish(models.Model):
    """Somebody wants a one-time link at this address, which may be anybody's: a worker looks, and the row is gone."""

    channel = models.TextField(help_text="'email' or 'text'.")
    address = models.BinaryField(help_text="Encrypted, context 'contact_point.address'.")
    asked_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"wish {self.pk}"


class OneTimeLink(models.Model):
    """A link that was sent to a verified contact point. Of its token only a digest is kept."""

    contact_point = models.ForeignKey(
        "registrants.ContactPoint", on_delete=models.CASCADE, related_name="one_time_links"
    )
    digest = models.BinaryField(unique=True, help_text="SHA-256 of the token.")
    made_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link {self.pk}"


class Session(models.Model):
    """A registrant who has signed in. The browser holds the key, this row its digest."""

    registrant = models.ForeignKey(
        "registrants.Registrant", on_delete=models.CASCADE, related_name="sessions"
    )
    contact_point = models.ForeignKey(
        "registrants.ContactPoint",
        null=True,
        on_delete=models.CASCADE,
        db_index=False,
        help_text="Where the one-time link went that it began with; null: it began with number and PIN.",
    )
    digest = models.BinaryField(unique=True, help_text="SHA-256 of the key.")
    language = models.TextField(help_text="Of its pages.")
    began_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())
    sure_until = models.DateTimeField(
        null=True, help_text="Until then they may change what needs a PIN and a contact both."
    )
    sure_by = models.ForeignKey(
        "registrants.ContactPoint",
        null=True,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="+",
        help_text="The contact point whose code made it sure.",
    )

    def __str__(self) -> str:
        return f"session {self.pk}"
