"""What somebody must look at: tasks (one thing to do) and incidents (something is wrong with a feed or provider)."""

from django.db import models
from django.db.models.functions import Now


class Incident(models.Model):
    """Something abnormal: of a roster, which tells nobody anything until a person looks at it; or of a way out."""

    class Kind(models.TextChoices):
        EMPTY_ROSTER = "empty_roster"
        UNREADABLE_ROSTER = "unreadable_roster"
        TOO_MANY_BAD_ROWS = "too_many_bad_rows"
        STALE_ROSTER = "stale_roster"
        ABNORMAL_CHANGE = "abnormal_change"
        KEYS_RENUMBERED = "keys_renumbered"
        ENTRY_CONTRADICTED = "entry_contradicted"
        FEED_SILENT = "feed_silent"
        LIST_STANDS_STILL = "list_stands_still"
        WE_WERE_AWAY = "we_were_away"
        PROVIDER_DOWN = "provider_down"
        SECOND_PROVIDER = "second_provider"
        CANARY_SILENT = "canary_silent"
        DATABASE_RESTORED = "database_restored"

    class State(models.TextChoices):
        OPEN = "open"
        RELEASED = "released", "released: a person let what was held go on"
        DISCARDED = "discarded", "discarded: a person decided that it was wrong"
        CORRECTED = "corrected", "corrected: taken over or taken back by a person"
        CLEARED = "cleared", "cleared: what was wrong is over"

    kind = models.TextField(choices=Kind)
    state = models.TextField(choices=State, default=State.OPEN)
    source = models.TextField(help_text="Name of the source, or the channel, that it is about.")
    roster = models.BigIntegerField(null=True, help_text="The newest roster in which it was seen.")
    summary = models.TextField(help_text="One plain sentence for the person who looks.")
    facts = models.JSONField(default=dict, help_text="Counts against what is normal; ids and numbers only.")
    opened_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)
    closed_by = models.TextField(default="")
    reason = models.TextField(default="")

    class Meta:
        indexes = [models.Index(fields=["source", "state"], name="worklist_incident_open")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "source"],
                condition=models.Q(state="open", roster=None),
                name="worklist_incident_once_open",
            )
        ]


class Task(models.Model):
    """One thing that somebody at the desk must do."""

    class Kind(models.TextChoices):
        NOT_CONFIRMED = "not_confirmed", "nobody confirmed a notice in time"
        NOT_REACHABLE = "not_reachable", "no contact point of a notice can be reached"
        LETTER_ALONE = "letter_alone", "an immediate notice can be told by letter alone"
        OUTCOME_UNKNOWN = "outcome_unknown", "we cannot tell whether a message was handed over"
        WRONG_NUMBER = "wrong_number", "somebody said that a contact is not the registrant's"
        OPTED_OUT = "opted_out", "a contact point was stopped"
        NO_WAY_LEFT = "no_way_left", "nothing is left by which a registrant can be reached"
        PARTNER_GONE = "partner_gone", "a partner's system takes no pushes any more"
        PLACE_UNKNOWN = "place_unknown", "a source spells a place in a way that matches nothing"
        REQUEST_SIGNS = "request_signs", "a request shows signs of misuse"
        PROTECTED_WATCHED = "protected_watched", "somebody is registered for a person who is protected now"
        LAW_DEADLINE = (
            "law_deadline",
            "a federal immigration request has an hour by which something must be done",
        )

    kind = models.TextField(choices=Kind)
    done = models.BooleanField(default=False)
    subject = models.TextField(help_text="What it is about, such as 'notice:7'.")
    summary = models.TextField()
    facts = models.JSONField(default=dict, help_text="What was tried: ids, states and times only.")
    opened_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)
    done_by = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=models.Q(done=False), name="worklist_task_once_open"
            )
        ]


class Proposal(models.Model):
    """What one person decided, and a second person must confirm before it is done."""

    action = models.TextField(help_text="Such as 'incident.release'.")
    subject = models.TextField(help_text="What it is to be done to, such as 'incident:7'.")
    by = models.TextField()
    reason = models.TextField()
    facts = models.JSONField(
        default=dict, help_text="What exactly is to be done; ids and canonical words only."
    )
    opened_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)
    confirmed_by = models.TextField(default="", help_text="Empty where it was withdrawn.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["action", "subject"],
                condition=models.Q(closed_at=None),
                name="worklist_proposal_once_open",
            )
        ]
