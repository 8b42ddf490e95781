"""What each source demands of those who ask to be told about its people."""

from collections.abc import Collection

from django.db import transaction

from watchword.audit.actions import must_say, record
from watchword.core.errors import WatchwordError
from watchword.feeds.models import Source
from watchword.feeds.receiving import source_named
from watchword.registrants.asking.models import Relation, SourceRule

CHECKED = (Relation.VICTIM, Relation.FAMILY, Relation.WITNESS, Relation.COUNSEL)
"""Whose right to know an officer checks, against a case number or a sworn statement."""


def rule_of(source: Source) -> SourceRule:
    """The rule in force. Unless an officer decided otherwise, nothing is shown, and a right to know is checked."""
    made = SourceRule(source=source, is_open=False, who=[str(relation) for relation in CHECKED])
    return SourceRule.objects.filter(source=source).first() or made


@transaction.atomic
def set_rule(source_name: str, *, is_open: bool, who: Collection[Relation], by: str, reason: str) -> None:
    """Decide whether a source's roster is shown to whoever asks, and who may ask to be told.

    WatchwordError where `anyone` may be told of people whom not everybody may see.
    """
    must_say(by, reason)
    if not who:
        raise WatchwordError("Say who may ask to be told, with --who.")
    if Relation.ANYONE in who and not is_open:
        raise WatchwordError("Anyone can be told only about the people of an open source: give --open.")
    source = source_named(source_name)
    kept = sorted(map(str, who))
    SourceRule.objects.update_or_create(source=source, defaults={"is_open": is_open, "who": kept})
    record(by, "source.rule", f"source:{source.pk}", reason, is_open=is_open, who=kept)
