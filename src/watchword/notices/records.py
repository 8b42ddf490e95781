"""Values that pass between reading facts and wording them. What they show of themselves names nobody."""

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What is known of one thing to be told; None is: not known. Instants are aware; they are told in `zone`."""

    kind: str
    """An event's kind; or, of a notice without one: current_status, summary, watch_ended, contact_stopped, feed_silent,
    feed_restored."""
    zone: ZoneInfo
    """The source's time zone."""
    agency: str | None = None
    source: str | None = None
    """The source's title, as the public knows it."""
    number: str = field(repr=False)
    """The person's key in the source."""
    first_name: str | None = field(default=None, repr=False)
    last_name: str | None = field(default=None, repr=False)
    suffix: str | None = field(default=None, repr=False)
    status: str | None = None
    """Where the person stands; None if the source has never listed them."""
    since: datetime | None = None
    """When that status began."""
    earlier: str | None = None
    """Of a correction: the status that it takes back."""
    facility: str | None = None
    from_facility: str | None = None
    still_held: bool = False
    """Another booking of the person is still listed: one stay has ended, and they are held all the same."""
    elsewhere: str | None = None
    """Where that other booking holds them."""
    destination: str | None = None
    release_kind: str | None = None
    when: datetime | None = None
    """When it happened, by the source's clock."""
    recorded: datetime | None = None
    """When we learned of it."""
    as_of: datetime | None = None
    """When the source's last list came."""
    release_date: date | None = None
    old_release_date: date | None = None
    court: datetime | None = None
    old_court: datetime | None = None
    court_place: str | None = None
    quiet_from: datetime | None = None
    quiet_until: datetime | None = None
    watched_until: datetime | None = None
    """When the watch ended by its limit."""
    stopped: tuple[str, str] | None = field(default=None, repr=False)
    """Of a contact point that was stopped: its channel, and its address masked."""
    muted: tuple[str, str] | None = field(default=None, repr=False)
    """Of one that was stopped for this registration alone, likewise."""
    happenings: "tuple[Facts, ...]" = ()
    """Of a summary: the events in between, in order."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """The full words of something told, on one channel."""

    subject: str = field(repr=False)
    """Heading of an email and of its page; '' on other channels."""
    body: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Needed:
    """A wording that must be written: of an event, or of a notice without one."""

    event: int | None
    notice: int | None
    language: str
    channel: str
