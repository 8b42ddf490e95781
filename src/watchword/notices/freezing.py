"""Writing down, once, the words that each contact point needs, so that what was said can always be shown."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from watchword.core.batches import write
from watchword.core.sql import load
from watchword.notices.facts import event_facts, needed_wordings, standing_facts
from watchword.notices.models import Notice, Wording
from watchword.notices.records import Facts, Needed
from watchword.notices.wording import render, version

_WRITE = load(__package__, "write_wordings")

_Row = tuple[int | None, int | None, str, str, str, str, str]
"""Event, notice, language, channel, version, subject, body."""


def freeze_wordings(notice_ids: list[int]) -> int:
    """Write the wordings that the contact points of these notices need and that are not there; how many were written.

    The caller has locked the notices and goes on in the same transaction: afterwards every verified, unstopped
    contact point of theirs finds one by (event, or notice where there is none; the registrant's language; its
    channel). A wording is never written anew, so everybody told of one event reads the same words.
    """
    return _freeze(needed_wordings(notice_ids))


def freeze_call(notices: Iterable[Notice], language: str) -> int:
    """Write what a call says of these notices in this language, where it is not written: the person at the phone asked
    for it, or has chosen another since they were planned. How many were written."""
    wanted = {(n.event_id, None if n.event_id else n.pk) for n in notices}
    written = Wording.objects.filter(language=language, channel="voice").filter(
        Q(event__in=[event for event, _ in wanted if event])
        | Q(notice__in=[notice for _, notice in wanted if notice])
    )
    missing = wanted - set(written.values_list("event", "notice"))
    return _freeze(
        Needed(event=event, notice=notice, language=language, channel="voice") for event, notice in missing
    )


def _freeze(needed: Iterable[Needed]) -> int:
    channels: dict[tuple[int | None, int | None, str], set[str]] = defaultdict(set)
    for each in needed:
        channels[each.event, each.notice, each.language].add(each.channel)
    facts: dict[tuple[int | None, int | None], Facts] = {
        **{
            (event, None): known
            for event, known in event_facts([key[0] for key in channels if key[0]]).items()
        },
        **{
            (None, notice): known
            for notice, known in standing_facts([key[1] for key in channels if key[1]]).items()
        },
    }
    rows: list[_Row] = []
    for (event, notice, language), wanted in channels.items():
        for channel, message in render(language, facts[event, notice], wanted).items():
            rows.append((event, notice, language, channel, version(language), message.subject, message.body))
    return _write(rows)


def _write(rows: list[_Row]) -> int:
    names = "events", "notices", "languages", "channels", "versions", "subjects", "bodies"
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in names]
    return write(_WRITE, dict(zip(names, columns, strict=True)))
