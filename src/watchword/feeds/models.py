"""Sources, how they are reached and may reach us, the rosters they sent, rows that could not be read, and places."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class Source(models.Model):
    """One feed of an agency's custody data."""

    name = models.TextField(unique=True)
    mapping = models.TextField(help_text="The mapping's YAML, as it was given.")
    added_at = models.DateTimeField(db_default=Now())


class Visit(models.Model):
    """When a source that we fetch from is looked after next, and how the last times went. One a source."""

    source = models.OneToOneField(Source, on_delete=models.CASCADE, primary_key=True)
    due_at = models.DateTimeField(db_index=True)
    visited_at = models.DateTimeField(null=True, help_text="When it last ended, whatever came of it.")
    failures = models.IntegerField(default=0, help_text="Visits that failed since the last that did not.")
    fault = models.TextField(
        default="", help_text="Why the last one failed, in one sentence; '' if it did not."
    )
    mark = models.JSONField(
        default=dict, help_text="What tells the last file taken from a new one: its name, size, time, ETag."
    )


class SourceKey(models.Model):
    """What a source's own system shows to send us its rosters: good for that source, and for nothing else."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE)
    digest = models.BinaryField(unique=True, help_text="SHA-256 of the key, which itself is kept nowhere.")
    made_at = models.DateTimeField(db_default=Now())
    ends_at = models.DateTimeField(null=True, help_text="From then on it is good for nothing.")


class Roster(models.Model):
    """One complete listing received, or single changes pushed at data entry. Its bytes were kept before anything was
    read.
    """

    class Shape(models.TextChoices):
        """What its rows are."""

        LISTING = "listing", "everybody: who is not in it is absent"
        CHANGES = "changes", "single changes, in the mapping's own format: nobody is absent"
        JSON_CHANGES = "json_changes", "single changes, as JSON objects with the mapping's columns"

    class Stage(models.TextChoices):
        """How far along the way this roster is; each stage's transaction sets the next."""

        RECEIVED = "received", "kept; not yet compared"
        COMPARED = "compared", "its events are recorded; notices are not yet written"
        NOTICED = "noticed", "notices are written; deliveries are not yet planned"
        DONE = "done", "nothing is left to do"

    class Outcome(models.TextChoices):
        """What the roster turned out to be."""

        PENDING = "pending", "not yet compared"
        BASELINE = "baseline", "the first of its source: records, no events"
        NEWS = "news", "something changed"
        UNCHANGED = "unchanged", "the same rows as the last accepted roster"
        DUPLICATE = "duplicate", "the same bytes as the latest accepted roster"
        STALE = "stale", "the rows of an older roster; held"
        HELD = "held", "everything that changed waits for a person"
        EMPTY = "empty", "no rows; an incident"
        UNREADABLE = "unreadable", "no readable header or no readable row; an incident"
        WAITING = "waiting", "too many bad rows: it waits for a person"
        ENTERED = "entered", "no listing: what a person entered by hand, or took back"

    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    received_at = models.DateTimeField(help_text="When it reached us.")
    sha256 = models.BinaryField(help_text="Of the bytes as received.")
    size = models.BigIntegerField(help_text="Bytes as received.")
    shape = models.TextField(choices=Shape, default=Shape.LISTING)
    request_key = models.TextField(
        null=True, help_text="The sender's own name of this sending (Idempotency-Key): taken once."
    )
    stage = models.TextField(choices=Stage, default=Stage.RECEIVED)
    outcome = models.TextField(choices=Outcome, default=Outcome.PENDING)
    rows = models.IntegerField(default=0)
    quarantined = models.IntegerField(default=0)
    events = models.JSONField(
        default=dict, help_text="Events recorded from it when it was compared, {kind: count}."
    )
    held = models.JSONField(default=dict, help_text="Changes held when it was compared, {kind: count}.")
    incident_id = models.BigIntegerField(null=True)
    content = models.UUIDField(null=True, help_text="Order-free digest of its rows after mapping.")
    in_custody = models.IntegerField(
        default=0, help_text="People in custody just before it, for the breaker."
    )
    days = models.FloatField(default=0, help_text="Elapsed since the last roster of news, for the breaker.")
    purged_at = models.DateTimeField(null=True, help_text="When its raw bytes were deleted.")

    class Meta:
        indexes = [
            models.Index(fields=["source", "-id"], name="feeds_roster_latest"),
            models.Index(fields=["source", "content"], name="feeds_roster_content"),
            models.Index(fields=["id"], condition=~models.Q(stage="done"), name="feeds_roster_unfinished"),
            models.Index(
                fields=["source", "received_at"],
                condition=~models.Q(shape="listing"),
                name="feeds_roster_pushed",
            ),
            models.Index(
                fields=["source", "received_at"],
                condition=models.Q(outcome="news"),
                name="feeds_roster_news",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "request_key"],
                condition=models.Q(request_key__isnull=False),
                name="feeds_roster_request_once",
            )
        ]

    @property
    def is_listing(self) -> bool:
        """Whether it says of everybody: of who is not in it, that they are absent."""
        return self.shape == Roster.Shape.LISTING


class QuarantinedRow(models.Model):
    """A row that could not be read. Its words stay in the kept raw file only."""

    roster = models.ForeignKey(Roster, on_delete=models.CASCADE)
    row_number = models.IntegerField(help_text="1 is the first row after the header.")
    column = models.TextField(help_text="The source's own name of the column, or '' for the row as a whole.")
    reason = models.TextField()
    person_key = models.TextField(null=True, help_text="The person it is about, where the key could be read.")
    fingerprint = models.UUIDField(help_text="Of the row's bytes: tells a lasting footer from a new bad row.")


class Place(models.Model):
    """A facility as this office calls it: a line of its gazetteer."""

    name = models.TextField()
    city = models.TextField(default="", help_text="Tells it from others of its name.")
    kind = models.TextField(default="", help_text="Such as jail, prison or hospital.")
    spellings = ArrayField(
        models.TextField(), default=list, help_text="Other ways in which any source names it."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "city"], name="feeds_place_once")]


class Spelling(models.Model):
    """One way in which a source spells a place, and what it means. Records keep the spelling itself."""

    class Field(models.TextChoices):
        """The canonical fields whose spellings are looked up."""

        FACILITY = "facility"
        BIRTH_COUNTRY = "birth_country"

    class State(models.TextChoices):
        """Who says what it means."""

        UNKNOWN = "unknown", "nobody yet: it matches nothing"
        MATCHED = "matched", "the rules: it is a name of the gazetteer or of a country, differently written"
        DECIDED = "decided", "an officer"
        KEPT = "kept", "an officer: it means itself"

    source = models.ForeignKey(Source, on_delete=models.CASCADE, db_index=False)
    field = models.TextField(choices=Field)
    said = models.TextField(help_text="As the source spells it.")
    key = models.TextField(
        help_text="Spellings of one key mean the same place: folded; as said, where several facilities go by that."
    )
    state = models.TextField(choices=State, default=State.UNKNOWN)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, help_text="The facility it means.")
    country = models.TextField(default="", help_text="The country it means, ISO 3166-1: two letters.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "field", "said"], name="feeds_spelling_once")
        ]
