"""What to ask next, and what would change an answer: found by trying, so that no rule need say it a second time."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from watchword.law.deciding import outcome, question
from watchword.law.fact_paths import flat
from watchword.law.facts import Facts, Question
from watchword.law.rulebook import Outcome, Rulebook

_JUDICIAL_WARRANT: Mapping[str, Any] = {
    "facts.warrant.issuer": "federal_magistrate",
    "facts.warrant.probable_cause": True,
    "facts.warrant.names_person": True,
    "facts.warrant.authorises_custody": True,
    "facts.warrant.presented": "with_detainer",
}
"""What a lawyer would ask for first: five facts that mean nothing one by one."""

_NOT_OURS_TO_CHANGE = frozenset({"facts.detainer"})
"""Without it there is no request."""

_MOST_TRIED = 60

_STEP = re.compile(r"(\w+)(?:\[(\d+)\])?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a fact may be: `kind` is yes_no, choice, day, moment, number, words or list."""

    kind: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """Facts that are not so, and what the law would say if they were."""

    facts: Mapping[str, Any]
    outcome: Outcome


def asked_of(path: str) -> Asked:
    """What the fact of this path, as `missing` names it, may be; KeyError where there is no such fact."""
    annotation: Any = Facts
    for name, place in _steps(path):
        (model,) = (part for part in flat(annotation) if _is_model(part))
        field = next(
            info for written, info in model.model_fields.items() if name in (written, info.alias or written)
        )
        annotation = field.annotation
        if place is not None:
            (annotation,) = (get_args(part)[0] for part in flat(annotation) if get_origin(part) is tuple)
    return _asked(flat(annotation))


def with_facts(asked: Question, facts: Mapping[str, Any]) -> Question:
    """The same question, if these facts were so; LawError where one of them cannot be."""
    data = asked.model_dump(mode="json", by_alias=True, exclude_none=True)
    for path, value in facts.items():
        set_fact(data, path, value)
    return question(data)


def set_fact(data: dict[str, Any], path: str, value: Any) -> None:
    """Put one fact into the data of a question."""
    place: Any = data.setdefault("facts", {})
    *way, (last, _) = _steps(path)
    for name, entry in way:
        place = place.setdefault(name, {} if entry is None else [])
        if entry is not None:
            place = place[entry]
    place[last] = value


def in_best_order(questions: Sequence[Question], book: Rulebook | None = None) -> list[str]:
    """The facts that can still matter to any of these questions, first the one whose answer leaves least to ask.

    Each is tried with everything it may be. What an answer leaves is how many facts are then missing, over all the
    questions, taken evenly over the answers; what cannot be tried, such as a date, counts as settling itself alone. Of
    very many, those of single convictions come last untried.
    """
    found = {path for asked in questions for path in outcome(asked, book)[1]}
    missing = sorted(found, key=lambda path: (path.count("["), path))
    together = sum(len(outcome(asked, book)[1]) for asked in questions)

    def left(path: str) -> float:
        sums = [
            sum(len(outcome(with_facts(asked, {path: value}), book)[1]) for asked in questions)
            for value in _values(path)
        ]
        return sum(sums) / len(sums) if sums else together - 1

    tried = sorted(missing[:_MOST_TRIED], key=lambda path: (left(path), path))
    return tried + missing[_MOST_TRIED:]


def what_would_change(asked: Question, book: Rulebook | None = None) -> list[Change]:
    """Single facts that would lead to another answer, and a judge's warrant with the detainer, first of all, even where
    that would leave it open."""
    now, _ = outcome(asked, book)
    found = []
    for facts in _suppositions():
        then, _ = outcome(with_facts(asked, facts), book)
        if then is not now and (then is not Outcome.UNKNOWN or facts is _JUDICIAL_WARRANT):
            found.append(Change(facts=facts, outcome=then))
    return found


def _suppositions() -> Iterator[Mapping[str, Any]]:
    yield _JUDICIAL_WARRANT
    for name in Facts.model_fields:
        path = f"facts.{name}"
        if path not in _NOT_OURS_TO_CHANGE and asked_of(path).kind in ("yes_no", "choice"):
            yield from ({path: value} for value in _values(path))


def _values(path: str) -> Iterable[Any]:
    asked = asked_of(path)
    match asked.kind:
        case "yes_no":
            return (True, False)
        case "choice":
            return asked.choices
        case "list":
            return ([], [{}])  # there is none; there is one, of which all is still to be told
    return ()


def _steps(path: str) -> list[tuple[str, int | None]]:
    found = [_STEP.fullmatch(step) for step in path.removeprefix("facts.").split(".")]
    return [(step[1], int(step[2]) if step[2] else None) for step in found if step]


def _asked(parts: Sequence[Any]) -> Asked:
    for part in parts:
        if get_origin(part) is Literal:
            return Asked(kind="choice", choices=get_args(part))
        if get_origin(part) is tuple:
            return Asked(kind="list")
    kinds = {bool: "yes_no", datetime: "moment", date: "day", int: "number", str: "words"}
    return next((Asked(kind=kind) for of, kind in kinds.items() if of in parts), Asked(kind="list"))


def _is_model(part: Any) -> bool:
    return isinstance(part, type) and issubclass(part, BaseModel)
