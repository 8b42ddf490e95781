"""Notices (registration R must be told event E), how they press, and the words they were given."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from watchword.custody.models import Event
from watchword.registrants.models import Registration, Urgency


class Notice(models.Model):
    """One per registration and event, by a unique constraint.

    Six kinds have no event: `current_status` (sent once when a registration becomes active or a watch is matched by a
    baseline), `summary` (sent once on resuming), `watch_ended` (sent once when a watch ends by its limit),
    `contact_stopped` (sent once when one of the registrant's contact points is stopped), `feed_silent` and
    `feed_restored` (sent once each time the source cannot be seen, and can again). `occasion` tells them apart: the
    moment that gave rise to it.
    """

    class State(models.TextChoices):
        OPEN = "open", "not yet confirmed"
        CONFIRMED = "confirmed"
        AT_DESK = "at_desk", "in front of a person at the desk"
        WITHDRAWN = "withdrawn", "no longer to be told"

    # The rows are made by a join of the two, which never lose a row (migration 0002, and the events' own trigger): a
    # foreign key would look each one up again and lock 50,000 registrations to tell 50,000 people, four fifths of the
    # time it takes (bench/fanout).
    registration = models.ForeignKey(
        Registration, on_delete=models.PROTECT, db_index=False, db_constraint=False
    )
    event = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    occasion = models.DateTimeField(null=True, help_text="Of a notice without an event.")
    kind = models.TextField(help_text="The event's kind, or what it is where there is no event.")
    urgency = models.TextField(choices=Urgency, default=Urgency.IMMEDIATE)
    wakes = models.BooleanField(
        db_default=False,
        help_text="Told even in silent times that keep back all but releases (urgency.WAKING).",
    )
    told_with = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="followers",
        db_index=False,
        help_text="The notice that leads the message in which this one is told; only that one has deliveries.",
    )
    state = models.TextField(choices=State, default=State.OPEN)
    planned = models.BooleanField(default=False, help_text="Its deliveries are written.")
    created_at = models.DateTimeField(db_default=Now())
    tell_from = models.DateTimeField(
        db_default=Now(), help_text="When its first delivery was due: the time to confirm counts from here."
    )
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by_channel = models.TextField(null=True, help_text="email (its page), text or voice.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registration", "event"], name="notices_once_per_event"),
            models.UniqueConstraint(
                fields=["registration", "kind", "occasion"],
                condition=Q(event=None),
                name="notices_once_per_occasion",
            ),
        ]
        indexes = [
            models.Index(fields=["urgency", "id"], condition=Q(planned=False), name="notices_unplanned"),
            models.Index(fields=["tell_from"], condition=Q(state="open"), name="notices_open"),
            models.Index(
                fields=["told_with"], condition=Q(told_with__isnull=False), name="notices_followers"
            ),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"


class UrgencyRule(models.Model):
    """The office's own word on how one kind of notice presses; where there is none, urgency.py's stands."""

    kind = models.TextField(primary_key=True)
    urgency = models.TextField(choices=Urgency)


class Wording(models.Model):
    """The words of one event (or of one notice without one) in one language on one channel, frozen when written."""

    event = models.ForeignKey(  # no foreign key in the database, for the reason given above
        Event, null=True, on_delete=models.PROTECT, db_index=False, db_constraint=False
    )
    notice = models.ForeignKey(
        Notice, null=True, on_delete=models.PROTECT, help_text="Where there is no event."
    )
    language = models.TextField()
    channel = models.TextField(help_text="email (also the page's), text or voice")
    version = models.TextField(help_text="Of the template file that gave the words.")
    subject = models.TextField(default="")
    body = models.TextField()
    written_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "notice", "language", "channel", "version"],
                nulls_distinct=False,
                name="notices_wording_frozen_once",
            )
        ]

    def __str__(self) -> str:
        return f"wording {self.pk}"
