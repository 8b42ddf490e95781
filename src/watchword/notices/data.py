"""What is told as facts, for another office's system that reads them instead of sentences."""

import json
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from watchword.notices.records import Facts

_NOT_TOLD = frozenset({"zone", "stopped", "muted"})  # contacts are none of the partner's business
_OF_ONE_KIND = {"quiet_from": "summary", "quiet_until": "summary", "watched_until": "watch_ended"}
_NAMES = [field.name for field in fields(Facts) if field.name not in _NOT_TOLD]


def as_json(facts: Facts) -> str:
    """The facts that are known, as one line of JSON: instants in the source's own time, with its offset (ISO 8601).

    docs/reference/delivery.md lists them.
    """
    return json.dumps(_known(facts), ensure_ascii=False, separators=(",", ":"))


def _known(facts: Facts) -> dict[str, Any]:
    names = (name for name in _NAMES if _OF_ONE_KIND.get(name, facts.kind) == facts.kind)
    values = ((name, _plain(getattr(facts, name), facts)) for name in names)
    return {name: value for name, value in values if value not in (None, False, [])}


def _plain(value: object, facts: Facts) -> Any:
    match value:
        case datetime():
            return value.astimezone(facts.zone).isoformat()
        case date():
            return value.isoformat()
        case tuple():
            return [_known(each) for each in value]
        case _:
            return value
