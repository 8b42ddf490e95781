"""The live page's words for outcomes, kinds, channels and states. docs/statuses.md explains the states at length."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from watchword.site.queries import DeliverySeen

register = template.Library()

_WORDS: dict[str, str | Promise] = {
    # what a roster turned out to be
    "pending": _("being read"),
    "baseline": _("first listing"),
    "news": _("news"),
    "unchanged": _("no change"),
    "duplicate": _("same file again"),
    "stale": _("old listing, held"),
    "empty": _("empty, held"),
    "unreadable": _("unreadable, held"),
    "waiting": _("waits for a person"),
    "entered": _("entered by hand"),
    # what changed
    "booked": _("booked"),
    "transferred": _("transferred"),
    "released": _("released"),
    "furloughed": _("furloughed"),
    "returned": _("returned"),
    "escaped": _("escaped"),
    "recaptured": _("recaptured"),
    "died": _("died"),
    "removed": _("removed"),
    "release_date_changed": _("release date changed"),
    "court_date_changed": _("court date changed"),
    "vanished": _("no longer listed"),
    "corrected": _("corrected"),
    "updated": _("details changed"),
    # notices without an event
    "current_status": _("where things stand"),
    "summary": _("summary"),
    "watch_ended": _("end of a watch"),
    "contact_stopped": _("a contact was stopped"),
    "feed_silent": _("the list cannot be seen"),
    "feed_restored": _("the list can be seen again"),
    # notices and deliveries
    "open": _("not confirmed yet"),
    "at_desk": _("at the desk"),
    "withdrawn": _("withdrawn"),
    "queued": _("waiting"),
    "claimed": _("being sent"),
    "handed_over": _("sent"),
    "delivered": _("arrived"),
    "confirmed": _("confirmed"),
    "retry_wait": _("will try again"),
    "undeliverable": _("cannot be reached"),
    "outcome_unknown": _("not known, asking"),
    "cancelled": _("not needed any more"),
    "voice handed_over": _("ringing"),
    "voice delivered": _("answered"),
    # channels
    "email": _("Email"),
    "text": _("Text"),
    "voice": _("Call"),
    "push": _("Push"),
    "letter": _("Letter"),
    # incidents
    "empty_roster": _("an empty roster"),
    "unreadable_roster": _("a roster that cannot be read"),
    "too_many_bad_rows": _("a roster with too many bad rows"),
    "stale_roster": _("an old roster sent again"),
    "abnormal_change": _("more change than is normal"),
    "keys_renumbered": _("people under new numbers"),
    "entry_contradicted": _("a list that contradicts what was entered"),
}


_GROUP = 3
"""Digits that one reads, writes and says at a time."""

_STANDING: dict[str, str | Promise] = {
    "in_custody": _("held there now"),
    "furloughed": _("out for a while"),
    "released": _("released"),
    "removed": _("removed"),
    "escaped": _("escaped"),
    "died": _("died"),
    "vanished": _("no longer listed"),
}


@register.filter
def spoken(digits: str) -> str:
    """Digits in groups, the longer ones last: 123 456 7890."""
    groups = max(1, len(digits) // _GROUP)
    cut = [
        *(digits[at * _GROUP : (at + 1) * _GROUP] for at in range(groups - 1)),
        digits[(groups - 1) * _GROUP :],
    ]
    return " ".join(cut)


@register.filter
def standing(status: str) -> str | Promise:
    """Where somebody stands, as an open list says it."""
    return _STANDING.get(status, "")


@register.filter
def in_words(code: str) -> str | Promise:
    """The reader's word for a code of ours; a code without one stands for itself."""
    return _WORDS.get(code, code)


@register.filter
def state_in_words(delivery: DeliverySeen) -> str | Promise:
    """How far a delivery has come; of a call, as one speaks of calls."""
    return _WORDS.get(f"{delivery.channel} {delivery.state}") or in_words(delivery.state)
