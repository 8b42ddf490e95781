"""People who asked to be told, how they may be reached, and about whom.

Names and addresses are AES-GCM ciphertext (core/encryption); an address is found again by its blind index only. What
these rows show of themselves, in a log or a debugger, is ids.
"""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from psycopg.types.multirange import Multirange

from watchword.custody.models import Person
from watchword.registrants.fields import MomentsField


class Urgency(models.TextChoices):
    """How a notice presses: what is immediate goes out by every first-choice contact point at once, quiet hours or not;
    what is routine by one contact point after the other, and never in quiet hours."""

    IMMEDIATE = "immediate"
    ROUTINE = "routine"


class Registrant(models.Model):
    """A person who is told."""

    name = models.BinaryField(null=True, help_text="Encrypted, context 'registrant.name'.")
    pin_hash = models.TextField(help_text="argon2id")
    language = models.TextField(help_text="Such as 'en' or 'es': one of settings.LANGUAGES.")
    time_zone = models.TextField(help_text="IANA name; their own, asked for.")
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"registrant {self.pk}"


class Partner(models.Model):
    """Another office whose system is told by push: an advocate's, a shelter's, an agency that relays notices."""

    name = models.TextField(
        unique=True, help_text="Short, such as 'harbor-shelter'; it stands in the ledger."
    )
    url = models.BinaryField(help_text="Encrypted, context 'partner.url': where its system takes pushes.")
    gets_facts = models.BooleanField(
        default=False,
        help_text="A push may say what happened, where the registrant allows it; else it says that there is news.",
    )
    may_confirm = models.BooleanField(
        default=False, help_text="Its system may say that a person there has told the registrant."
    )
    stopped_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"partner {self.pk}"


class PartnerSecret(models.Model):
    """What pushes to a partner are signed with; two of them while it is changed."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="secrets")
    secret = models.BinaryField(help_text="Encrypted, context 'partner.secret': the key's bytes.")
    expires_at = models.DateTimeField(null=True, help_text="Not signed with from here on; null: the newest.")

    def __str__(self) -> str:
        return f"secret {self.pk}"


class ContactPoint(models.Model):
    """An address on one channel. A phone number may be two: text and voice."""

    class Channel(models.TextChoices):
        EMAIL = "email"
        TEXT = "text"
        VOICE = "voice"
        LETTER = "letter"
        PUSH = "push"

    class Disguise(models.TextChoices):
        """A list, since a sender's name of anybody's choosing is a forger's tool. The templates have the words."""

        NONE = ""
        NEWSLETTER = "newsletter"
        APPOINTMENT = "appointment"
        LIBRARY = "library"

    registrant = models.ForeignKey(
        Registrant, on_delete=models.CASCADE, related_name="contact_points", db_index=False
    )
    channel = models.TextField(choices=Channel)
    address = models.BinaryField(
        help_text="Encrypted, context 'contact_point.address': E.164, an email, a postal address, or partner/reference."
    )
    partner = models.ForeignKey(
        Partner,
        null=True,
        on_delete=models.PROTECT,
        db_index=False,
        help_text="Of a push: whose system it goes to.",
    )
    address_index = models.BinaryField(help_text="Blind index of the normalised address, same context.")
    rung = models.SmallIntegerField(default=1, help_text="Place in the ladder; ties allowed.")
    backup = models.BooleanField(
        default=False,
        help_text="Another person's, named by the registrant: told, neutrally, that the registrant was not reached.",
    )
    allows_detail = models.BooleanField(
        default=False, help_text="The message itself may be in the text or email."
    )
    disguise = models.TextField(
        choices=Disguise,
        default="",
        help_text="Of an email: what its sender's name and subject pretend to be.",
    )
    voicemail_says_more = models.BooleanField(
        default=False,
        help_text="A voicemail may say more than 'please call back'; still nothing of the case.",
    )
    tty = models.BooleanField(
        default=False, help_text="Of a phone: calls there sound as tones that a text telephone (TTY) prints."
    )
    verified_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_why = models.TextField(default="", help_text="'wrong_number', 'opted_out', 'invalid', ...")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registrant", "channel", "address_index"], name="registrants_contact_once"
            ),
            models.CheckConstraint(
                name="registrants_disguise_has_words",
                condition=Q(disguise__in=["", "newsletter", "appointment", "library"]),
            ),
            models.CheckConstraint(
                name="registrants_push_goes_to_a_partner",
                condition=Q(channel="push", partner__isnull=False) | (~Q(channel="push") & Q(partner=None)),
            ),
        ]
        indexes = [
            models.Index(fields=["address_index", "channel"], name="registrants_contact_index"),
            models.Index(
                fields=["partner"],
                condition=Q(partner__isnull=False),
                name="registrants_contact_partner",
            ),
        ]

    def __str__(self) -> str:
        return f"contact point {self.pk}"


class SilentTime(models.Model):
    """When nothing may be sent to a registrant: hours of some weekdays, or whole days, by their own clock."""

    class Kind(models.TextChoices):
        QUIET = "quiet", "quiet hours: they yield as `keeps_back` says"
        BLACKOUT = "blackout", "days without messages: they yield likewise"
        NEVER_SAFE = (
            "never_safe",
            "hours in which somebody else may see or hear this contact point: beats everything",
        )

    class KeepsBack(models.TextChoices):
        ROUTINE = "routine", "what is routine"
        ALL_BUT_RELEASES = "all_but_releases", "everything but what wakes, such as a release (Notice.wakes)"
        ALL = "all", "everything"

    registrant = models.ForeignKey(Registrant, on_delete=models.CASCADE, related_name="silent_times")
    contact_point = models.ForeignKey(
        ContactPoint,
        null=True,
        on_delete=models.CASCADE,
        db_index=False,
        help_text="Null: every one of theirs.",
    )
    kind = models.TextField(choices=Kind)
    keeps_back = models.TextField(choices=KeepsBack, default=KeepsBack.ROUTINE)
    days = ArrayField(
        models.SmallIntegerField(),
        default=list,
        help_text="Of hours: the weekdays on which they begin, Monday is 1.",
    )
    starts = models.TimeField(null=True)
    ends = models.TimeField(null=True, help_text="Not later than `starts`: on the next day.")
    first_day = models.DateField(null=True, help_text="Of a blackout.")
    last_day = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="registrants_silent_hours_or_days",
                condition=Q(starts__isnull=False, ends__isnull=False, first_day=None, last_day=None)
                | Q(starts=None, ends=None, first_day__isnull=False, last_day__isnull=False),
            ),
            models.CheckConstraint(
                name="registrants_never_safe_beats_everything",
                condition=~Q(kind="never_safe") | Q(keeps_back="all", contact_point__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"silent time {self.pk}"


class Registration(models.Model):
    """A registrant's right and wish to be told about one person."""

    class Mode(models.TextChoices):
        DIRECT = "direct"
        THIRD_PARTY = "third_party", "somebody is told for another: a parent, an advocate, a lawyer"
        PROXY = "proxy", "another office is told, and tells the person in its care, who stays unnamed to us"

    class State(models.TextChoices):
        PENDING = "pending", "no contact point is verified yet: nothing is sent"
        ACTIVE = "active"
        PAUSED = "paused", "the registrant asked for quiet; one summary follows on resuming"
        WITHHELD = "withheld", "the person is protected: nothing is sent until the office has looked"
        ENDED = "ended"

    registrant = models.ForeignKey(
        Registrant, on_delete=models.PROTECT, related_name="registrations", db_index=False
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, db_index=False)
    mode = models.TextField(choices=Mode, default=Mode.DIRECT)
    state = models.TextField(choices=State, default=State.PENDING)
    entitled = MomentsField(
        default=Multirange,
        help_text="When it was active. An event recorded at one of these moments is told, however late its notice "
        "is written; docs/reference/registrations.md says why.",
    )
    watching = models.BooleanField(
        default=False, help_text="The person was not held yet; told when first listed."
    )
    watch_ends_at = models.DateTimeField(null=True)
    pause_asked = models.BooleanField(
        default=False,
        help_text="Of a withheld one: its registrant asked for a pause, and is shown one, as if it went on.",
    )
    ended_why = models.TextField(
        default="",
        help_text="'registrant', 'died', 'watch_limit', 'handed_over' or 'erased'; nothing else ends one.",
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registrant", "person"], name="registrants_registration_once")
        ]
        indexes = [
            # All that an event's fan-out asks of a registration, so that it reads the index alone (bench/fanout).
            models.Index(fields=["person"], include=["id", "entitled"], name="registrants_entitled"),
            models.Index(fields=["person"], condition=Q(watching=True), name="registrants_watching"),
        ]

    def __str__(self) -> str:
        return f"registration {self.pk}"

    @property
    def entitled_from(self) -> datetime | None:
        """When it last became active; None if it never was."""
        return self.entitled[-1].lower if self.entitled else None

    @property
    def entitled_until(self) -> datetime | None:
        """When it last stopped being active; None while it goes on, or if it never was."""
        return self.entitled[-1].upper if self.entitled else None


class Mute(models.Model):
    """Nothing about this registration goes to this contact point: whoever reads its mail there asked for that."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, db_index=False)
    contact_point = models.ForeignKey(ContactPoint, on_delete=models.CASCADE, db_index=False)
    since = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registration", "contact_point"], name="registrants_mute_once")
        ]

    def __str__(self) -> str:
        return f"mute {self.pk}"


class HandOver(models.Model):
    """An advocate leaves a client to a colleague: the old registration goes on until the colleague has confirmed."""

    old = models.OneToOneField(Registration, on_delete=models.PROTECT, related_name="handed_over")
    new = models.OneToOneField(Registration, on_delete=models.PROTECT, related_name="taken_over")

    def __str__(self) -> str:
        return f"hand-over {self.pk}"


class ContactCode(models.Model):
    """A code sent to a contact point: whoever gives it back can read what is sent there."""

    contact_point = models.ForeignKey(ContactPoint, on_delete=models.CASCADE, db_index=False)
    digest = models.BinaryField(help_text="Blind index of the code, context 'contact.code'.")
    made_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["contact_point", "-id"], name="registrants_code_newest")]

    def __str__(self) -> str:
        return f"code {self.pk}"


class SignInTry(models.Model):
    """Somebody tried to come back with a registration number, whether or not there is one like it."""

    number_index = models.BinaryField(help_text="Blind index of the number, context 'sign_in.number'.")
    at = models.DateTimeField(db_default=Now())
    right = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["number_index", "at"], name="registrants_sign_in_try")]

    def __str__(self) -> str:
        return f"try {self.pk}"


from watchword.registrants.asking.models import Knock, Recipient, Request, SourceRule  # noqa: E402 - they refer to these
from watchword.registrants.coming_back.models import LinkWish, OneTimeLink, Session  # noqa: E402 - likewise

__all__ = [
    "ContactCode",
    "ContactPoint",
    "HandOver",
    "Knock",
    "LinkWish",
    "Mute",
    "OneTimeLink",
    "Partner",
    "PartnerSecret",
    "Recipient",
    "Registrant",
    "Registration",
    "Request",
    "Session",
    "SignInTry",
    "SilentTime",
    "SourceRule",
    "Urgency",
]
