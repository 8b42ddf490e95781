"""What if: the requests that came, put to the law once more as it was on another day, or as an amendment would have it.

Nothing is decided anew: the table says which answers would have been others, and which steps of the reasoning differ.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from watchword.desk.counter.models import LawRequest
from watchword.desk.counter.queries import ACTIONS, question_of, with_everything
from watchword.law import Answer, Reason, Rulebook, decide
from watchword.law.reasons import WORDS


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One action of one request: the answer by the law of its day, and by the other."""

    request: int
    office: str
    action: str
    before: str
    after: str
    why: tuple[str, ...]
    """The steps that differ, those nearest to the facts first named; empty where the answer is the same."""

    @property
    def differs(self) -> bool:
        """Whether the answer is another."""
        return self.before != self.after


def what_if(*, as_of: date | None = None, book: Rulebook | None = None) -> list[Compared]:
    """Every action that every request asked for, oldest first: by the law of the day it came, and by that of another
    day, or by these rules of its place."""
    return list(_compared(with_everything(), as_of, book))


def moved(found: Iterable[Compared]) -> Mapping[tuple[str, str, str], int]:
    """How many answers went from what to what, by action."""
    return Counter((each.action, each.before, each.after) for each in found)


def _compared(
    requests: Iterable[LawRequest], as_of: date | None, book: Rulebook | None
) -> Iterable[Compared]:
    for request in requests:
        ours = book if book and book.name == request.jurisdiction else None
        for action in ACTIONS[request.kind]:
            before = decide(question_of(request, action))
            after = decide(question_of(request, action, as_of=as_of), ours)
            differs = before.outcome is not after.outcome
            yield Compared(
                request=request.pk,
                office=f"{request.jurisdiction}/{request.office}",
                action=action,
                before=before.outcome,
                after=after.outcome,
                why=tuple(_why(before, after)) if differs else (),
            )


def _why(before: Answer, after: Answer) -> Iterable[str]:
    if before.version != after.version:
        yield f"{_version(after.version)} instead of {_version(before.version)}"
    was = {leaf.says: leaf.value for leaf in _leaves(before.because)}
    for leaf in _leaves(after.because):
        if leaf.says in was and was[leaf.says] is not leaf.value:
            yield f"{leaf.says}: {WORDS[was[leaf.says]]} before, {WORDS[leaf.value]} then"


def _leaves(reasons: Iterable[Reason]) -> Iterable[Reason]:
    for reason in reasons:
        if reason.because:
            yield from _leaves(reason.because)
        else:
            yield reason


def _version(version: Mapping[str, Any] | None) -> str:
    return f"{version['citation']} (from {version['in_force_from']})" if version else "no rule"
