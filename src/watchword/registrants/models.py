"""People who asked to be told, how they may be reached, and about whom.

Names and addresses are AES-GCM ciphertext (core/encryption); an address is found again by its blind index only.
"""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from watchword.custody.models import Person


class Registrant(models.Model):
    """A person who is told."""

    name = models.BinaryField(null=True, help_text="Encrypted, context 'registrant.name'.")
    pin_hash = models.TextField(help_text="argon2id")
    language = models.TextField(help_text="Such as 'en' or 'es': one that notices/wording has.")
    time_zone = models.TextField(help_text="IANA name; their own, asked for.")
    created_at = models.DateTimeField(db_default=Now())


class ContactPoint(models.Model):
    """An address on one channel. A phone number may be two: text and voice."""

    class Channel(models.TextChoices):
        EMAIL = "email"
        TEXT = "text"
        VOICE = "voice"

    registrant = models.ForeignKey(Registrant, on_delete=models.CASCADE, related_name="contact_points")
    channel = models.TextField(choices=Channel)
    address = models.BinaryField(help_text="Encrypted, context 'contact_point.address': E.164 or an email address.")
    address_index = models.BinaryField(help_text="Blind index of the normalised address, context 'contact_point.address'.")
    rung = models.SmallIntegerField(default=1, help_text="Place in the ladder; ties allowed.")
    allows_detail = models.BooleanField(default=False, help_text="The message itself may be in the text or email.")
    verified_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_why = models.TextField(default="", help_text="'wrong_number', 'opted_out', 'invalid', ...")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registrant", "channel", "address_index"], name="registrants_contact_once")
        ]
        indexes = [models.Index(fields=["address_index", "channel"], name="registrants_contact_index")]


class Registration(models.Model):
    """A registrant's right and wish to be told about one person."""

    class Mode(models.TextChoices):
        DIRECT = "direct"

    class State(models.TextChoices):
        PENDING = "pending", "no contact point is verified yet: nothing is sent"
        ACTIVE = "active"
        PAUSED = "paused", "the registrant asked for quiet; one summary follows on resuming"
        ENDED = "ended"

    registrant = models.ForeignKey(Registrant, on_delete=models.PROTECT, related_name="registrations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    mode = models.TextField(choices=Mode, default=Mode.DIRECT)
    state = models.TextField(choices=State, default=State.PENDING)
    entitled_from = models.DateTimeField(null=True, help_text="Events recorded at or after this are told...")
    entitled_until = models.DateTimeField(null=True, help_text="...and before this; null while it goes on.")
    watching = models.BooleanField(default=False, help_text="The person was not held yet; told when first listed.")
    watch_ends_at = models.DateTimeField(null=True)
    ended_why = models.TextField(default="", help_text="'registrant', 'died' or 'watch_limit'; nothing else ends one.")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["registrant", "person"], name="registrants_registration_once")]
        indexes = [
            models.Index(fields=["person"], condition=~Q(state="ended"), name="registrants_by_person"),
        ]
