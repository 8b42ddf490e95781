"""People held, what their sources last said of them, and what changed.

The words of a record are the canonical fields of docs/reference/roster.md. No field for anybody's immigration status or
citizenship exists here or anywhere.
"""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now

from watchword.feeds.models import Roster, Source
from watchword.worklist.models import Incident


class Status(models.TextChoices):
    """Where a person stands, as the source says; `vanished` only we say, of a person no longer listed."""

    IN_CUSTODY = "in_custody"
    FURLOUGHED = "furloughed", "out for a while, expected back"
    RELEASED = "released"
    REMOVED = "removed", "deported"
    ESCAPED = "escaped"
    DIED = "died"
    VANISHED = "vanished", "no longer listed, and the source does not say why"


class EventKind(models.TextChoices):
    """What changed for a person."""

    BOOKED = "booked"
    TRANSFERRED = "transferred"
    RELEASED = "released"
    FURLOUGHED = "furloughed"
    RETURNED = "returned"
    ESCAPED = "escaped"
    RECAPTURED = "recaptured"
    DIED = "died"
    REMOVED = "removed"
    RELEASE_DATE_CHANGED = "release_date_changed"
    COURT_DATE_CHANGED = "court_date_changed"
    VANISHED = "vanished"
    CORRECTED = "corrected"
    UPDATED = "updated", "another mapped field changed; told to nobody"


class Person(models.Model):
    """A person as one source knows them: the same key in the same source is, for certain, the same person.

    A row may stand here before any record: somebody watches for a person not yet held.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, db_index=False)
    key = models.TextField()

    class Meta:
        constraints = [
            # With the id in it, a key that is looked up needs no look at the table.
            models.UniqueConstraint(fields=["source", "key"], include=["id"], name="custody_person_key")
        ]


class Record(models.Model):
    """What a source last said of one booking of one person."""

    # Records and events are made by joins of what they refer to, which is never deleted (migration 0002): to
    # look each reference up once more took a quarter of the time of a first roster (bench/diff).
    source = models.ForeignKey(Source, on_delete=models.PROTECT, db_constraint=False, db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, db_constraint=False, db_index=False)
    booking = models.TextField(default="", help_text="The source's key of the booking; '' where it has none.")
    last_name = models.TextField(null=True)
    first_name = models.TextField(null=True)
    middle_name = models.TextField(null=True)
    suffix = models.TextField(null=True)
    also_known_as = ArrayField(models.TextField(), null=True)
    birth_date = models.DateField(null=True)
    age = models.SmallIntegerField(null=True, help_text="Years, when last told; a birthday is not an event.")
    birth_country = models.TextField(null=True)
    facility = models.TextField(null=True)
    status = models.TextField(choices=Status)
    status_at = models.DateTimeField(null=True)
    booked_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    release_kind = models.TextField(null=True)
    destination = models.TextField(null=True)
    expected_release_on = models.DateField(null=True)
    next_court_at = models.DateTimeField(null=True)
    next_court_place = models.TextField(null=True)
    charges = ArrayField(models.TextField(), null=True, help_text="Sorted: a mapping charge -> count.")
    protected = models.BooleanField(default=False, help_text="Never searchable.")
    sealed = models.BooleanField(default=False)
    listed = models.BooleanField(default=True, help_text="It is in the last roster that was applied.")
    missed = models.SmallIntegerField(
        default=0, help_text="Complete rosters of news in a row without this record."
    )
    doubted = models.BooleanField(
        default=False, help_text="Absent from a roster some of whose keys were unreadable."
    )
    # What has not changed is known by its fingerprint alone, and never read.
    fingerprints = ArrayField(
        models.UUIDField(),
        default=list,
        help_text="xxh3, 128 bit, of the rows that say this, as bytes under their header and mapping: none when it "
        "is not listed, several where a booking takes several rows.",
    )
    digests = ArrayField(
        models.UUIDField(),
        default=list,
        help_text="xxh3, 128 bit, of the canonical values of the same rows, in the same order.",
    )

    class Meta:
        indexes = [
            models.Index(fields=["person"], name="custody_record_person"),
            models.Index(
                fields=["source"],
                condition=models.Q(missed__gt=0) | models.Q(doubted=True),
                name="custody_record_missed",
            ),
            models.Index(
                fields=["source", "booked_at"],
                condition=models.Q(listed=True),
                name="custody_record_admission",
            ),
        ]


class SourceState(models.Model):
    """What we knew of a source when it last brought news."""

    source = models.OneToOneField(Source, primary_key=True, on_delete=models.PROTECT)
    clock = models.DateTimeField(
        null=True, help_text="The newest admission in the last roster that brought news."
    )
    news_at = models.DateTimeField(help_text="When the last roster that brought news reached us.")
    content = models.UUIDField(help_text="Sum of the digests of its lines, modulo 2^128: free of order.")
    stamp = models.UUIDField(
        help_text="Of the file of known lines that was written with this (known_lines.py)."
    )
    several_lines = models.BooleanField(
        default=False,
        help_text="Some booking takes more than one row (one a charge): always compared in full.",
    )
    pushed_at = models.DateTimeField(
        null=True, help_text="When a pushed change last reached us that no list was surely made after."
    )


class HeldChange(models.Model):
    """A change that waits for a person. The record stays as it was; releasing compares the roster again."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    kind = models.TextField(choices=EventKind)
    booking = models.TextField(
        help_text="Which stay: `record:ID`, or booking key and admission of a new one."
    )
    roster = models.ForeignKey(
        Roster,
        on_delete=models.PROTECT,
        related_name="held_changes",
        help_text="The newest that says it; releasing compares it again.",
    )
    twin = models.BigIntegerField(
        null=True, help_text="Of a booking under a new number: the person whom it seems to be."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "booking"], name="custody_held_once")
        ]
        indexes = [models.Index(fields=["incident"], name="custody_held_incident")]


class Event(models.Model):
    """Something that changed. Append-only: the database itself refuses a change or a deletion.

    `before` and `after` hold the canonical fields that this event speaks of; every `after` of a record's events, laid
    over one another in order, gives the record.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, db_constraint=False)
    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, db_constraint=False, db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, db_constraint=False, db_index=False)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, db_constraint=False, db_index=False)
    kind = models.TextField(choices=EventKind)
    source_at = models.DateTimeField(null=True, help_text="When it happened, by the source's own clock.")
    recorded_at = models.DateTimeField(help_text="When we recorded it.")
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        indexes = [
            models.Index(fields=["roster"], name="custody_event_roster"),
            models.Index(fields=["person", "id"], name="custody_event_person"),
        ]


class Sight(models.Model):
    """When we last saw what a source lists, and for how long we have looked in vain since."""

    source = models.OneToOneField(Source, primary_key=True, on_delete=models.PROTECT)
    seen_at = models.DateTimeField(help_text="By our own clock; if never, when the source was added.")
    unseen_for = models.DurationField(
        default=timedelta,
        help_text="While this system looked: its own absence and a clock that is set do not count.",
    )


class Look(models.Model):
    """When this system last looked for sources that are silent: one row."""

    at = models.DateTimeField()


class Silence(models.Model):
    """A time in which a source could not be seen for longer than its limit, so that registrants were told."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, db_index=False)
    since = models.DateTimeField(help_text="When it was last seen.")
    told_at = models.DateTimeField(help_text="The occasion of the notices.")
    over_at = models.DateTimeField(null=True, help_text="When it was seen again.")
    settled = models.BooleanField(
        default=False, help_text="Everybody who was told of it was told of its end."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=models.Q(over_at=None), name="custody_silence_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["source"], condition=models.Q(settled=False), name="custody_silence_unsettled"
            )
        ]


class Protection(models.Model):
    """A person whom the office hides, whatever the source says."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.PROTECT)
    protected_at = models.DateTimeField(db_default=Now())


class SearchEntry(models.Model):
    """What a person may be found by. Whoever must not be found is here too, for the office alone, in indexes of their
    own: a search that a stranger makes never comes across them (finding/)."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE, db_constraint=False)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, db_constraint=False, db_index=False)
    hidden = models.BooleanField(help_text="Protected, sealed, a minor, or protected by the office.")
    words = ArrayField(
        models.TextField(), help_text="Of the names (finding/words.py); and #NUMBER, the source's numbers."
    )
    born_first = models.DateField(null=True, help_text="The first day on which they may have been born.")
    born_last = models.DateField(null=True, help_text="The last one; the same day, where it is known.")
    birth_country = models.TextField(default="", help_text="Two letters, ISO 3166-1; '' if not known.")

    class Meta:
        indexes = [
            GinIndex(fields=["words"], name="custody_search_open", condition=models.Q(hidden=False)),
            GinIndex(fields=["words"], name="custody_search_hidden", condition=models.Q(hidden=True)),
            models.Index(
                fields=["born_first"],
                name="custody_search_born",
                condition=models.Q(hidden=False, born_first=models.F("born_last")),
            ),
        ]


class SearchWord(models.Model):
    """A main word of the names in the search, and what words alike have in common with it (finding/likeness.py)."""

    word = models.TextField()
    hidden = models.BooleanField(help_text="Of people who must not be found.")
    keys = ArrayField(models.TextField())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["word", "hidden"], name="custody_search_word")]
        indexes = [
            GinIndex(fields=["keys"], name="custody_word_open", condition=models.Q(hidden=False)),
            GinIndex(fields=["keys"], name="custody_word_hidden", condition=models.Q(hidden=True)),
        ]


class SearchWaiting(models.Model):
    """A person of whom something changed that they are found by: their entry is to be made anew."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, db_constraint=False, db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, db_constraint=False, db_index=False)

    class Meta:
        indexes = [models.Index(fields=["source", "id"], name="custody_search_waiting")]
