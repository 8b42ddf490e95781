"""The desk's words for the law's paths, values and actions."""

from datetime import datetime

from django import template

from watchword.core.clock import now
from watchword.desk.counter import wording

register = template.Library()


@register.filter
def action_in_words(action: str) -> str:
    """What the office would do."""
    return wording.ACTIONS.get(action, action)


@register.filter
def asked(path: str) -> str:
    """A fact as a question."""
    return wording.asked(path)


@register.filter
def said(value: object) -> str:
    """What a fact is, in words."""
    return wording.said(value)


@register.filter
def supposed(facts: dict[str, object]) -> str:
    """What would have to be so."""
    return wording.supposed(facts)


@register.filter
def left_until(at: datetime) -> str:
    """How much time is left, as a person counts it; past it, by how much."""
    minutes = round((at - now()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    length = f"{hours} h {rest} min"
    return f"{length} left" if minutes >= 0 else f"over by {length}"
