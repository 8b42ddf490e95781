"""The answer to a question: what the rules of the day say of the action, and everything that this rests on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import ValidationError

from watchword.law.conditions import Scene, either, still_matter, together
from watchword.law.facts import Facts, Question
from watchword.law.reading import rulebook
from watchword.law.reasons import Reason
from watchword.law.rulebook import Branch, LawError, Outcome, Proviso, Rule, Rulebook, Version
from watchword.law.spans import local


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What an office may do, and why."""

    outcome: Outcome
    missing: tuple[str, ...]
    """The unknown facts that can still change the outcome."""
    because: tuple[Reason, ...]
    doubts: tuple[str, ...]
    overlays: tuple[str, ...]
    version: dict[str, Any] | None
    conditions: tuple[str, ...]
    """What must be kept to when the office acts."""

    def as_data(self) -> dict[str, Any]:
        """As `watchword law decide --json` prints it."""
        return {
            "outcome": str(self.outcome),
            "missing": list(self.missing),
            "because": [reason.as_data() for reason in self.because],
            "doubts": list(self.doubts),
            "overlays": list(self.overlays),
            "version": self.version,
            "conditions": list(self.conditions),
        }


class _Weighed(NamedTuple):
    """What became of a rule's branches."""

    outcome: Outcome
    taken: Branch | None
    """The branch that decides, if one does."""
    open: tuple[Branch, ...]
    """The branches that may yet decide otherwise."""


def question(asked: Mapping[str, Any]) -> Question:
    """The question that this data asks; LawError with everything that is wrong with it."""
    try:
        return Question.model_validate(asked)
    except ValidationError as error:
        lines = [
            f"  {'.'.join(str(step) for step in problem['loc'])}: {problem['msg']}"
            for problem in error.errors()
        ]
        raise LawError("The question cannot be answered:\n" + "\n".join(lines)) from None


def decide(asked: Question, book: Rulebook | None = None) -> Answer:
    """The answer with its whole tree, by the place's rules or the given ones; LawError where it has no such office."""
    book = book or rulebook(asked.jurisdiction)
    version = book.office(asked.office).version(asked.as_of)
    if version is None:
        first = book.office(asked.office).versions[0].begin
        return _no_answer(f"No rule for this office is known before {first}.", None)
    told = version.as_data(asked.jurisdiction, asked.office)
    rule = version.rules.get(asked.action)
    if rule is None:
        return _no_answer(f"These rules do not speak of {asked.action.replace('_', ' ')}.", told)
    scene = _scene(asked, book)
    weighed = _weigh(rule, scene)
    reasons = {branch.label: _branch_reason(branch, scene) for branch in rule.unless}
    return Answer(
        outcome=weighed.outcome,
        missing=_missing(weighed, scene),
        because=(_root(rule, version, weighed, reasons),),
        doubts=tuple(_doubts(rule, version, weighed, reasons, scene)),
        overlays=tuple(_overlays(weighed.outcome, asked, scene)),
        version=told,
        conditions=tuple(_conditions(rule, weighed, scene)),
    )


def outcome(asked: Question, book: Rulebook | None = None) -> tuple[Outcome, tuple[str, ...]]:
    """Only the outcome and the missing facts: for many questions at once."""
    book = book or rulebook(asked.jurisdiction)
    version = book.office(asked.office).version(asked.as_of)
    rule = version.rules.get(asked.action) if version else None
    if rule is None:
        return Outcome.UNKNOWN, ()
    scene = _scene(asked, book)
    weighed = _weigh(rule, scene)
    return weighed.outcome, _missing(weighed, scene)


def hours_end(asked: Question) -> datetime | None:
    """When the hours are over within which the law lets the office act; local time. None where none run."""
    book = rulebook(asked.jurisdiction)
    version = book.office(asked.office).version(asked.as_of)
    rule = version.rules.get(asked.action) if version else None
    if rule is None:
        return None
    scene = _scene(asked, book)
    taken = _weigh(rule, scene).taken
    ends = (each.hours.deadline(scene) for each in (taken.provisos if taken else ()) if each.hours)
    return min((end for end in ends if end), default=None)


def holds(asked: Question, term: str, book: Rulebook | None = None) -> bool | None:
    """Whether one term of the place's rules, such as `convicted_of_serious_crime`, is met by these facts."""
    book = book or rulebook(asked.jurisdiction)
    return book.terms[term].truth(_scene(asked, book))


def _scene(asked: Question, book: Rulebook) -> Scene:
    facts = asked.facts
    moments = [name for name in ("release_due_at", "now") if (at := getattr(facts, name)) and at.tzinfo]
    if moments or (facts.warrant and facts.warrant.presented_at and facts.warrant.presented_at.tzinfo):
        facts = _by_the_wall_clock(facts, book)
    return Scene(facts, asked.as_of, book)


def _by_the_wall_clock(facts: Facts, book: Rulebook) -> Facts:
    """The facts with every moment in the place's own time."""
    changed: dict[str, Any] = {
        name: local(at, book.zone) for name in ("release_due_at", "now") if (at := getattr(facts, name))
    }
    warrant = facts.warrant
    if warrant and warrant.presented_at:
        at = local(warrant.presented_at, book.zone)
        changed["warrant"] = warrant.model_copy(update={"presented_at": at})
    return facts.model_copy(update=changed)


def _weigh(rule: Rule, scene: Scene) -> _Weighed:
    """The first branch that holds decides; those before it that may hold leave the outcome open if theirs differs."""
    open_ones: list[Branch] = []
    for branch in rule.unless:
        truth = _truth(branch, scene)
        if truth:
            taken = _most_settled(branch, rule.unless, scene)
            differing = tuple(each for each in open_ones if each.outcome is not taken.outcome)
            return _Weighed(Outcome.UNKNOWN if differing else taken.outcome, taken, differing)
        if truth is None:
            open_ones.append(branch)
    differing = tuple(each for each in open_ones if each.outcome is not rule.otherwise)
    return _Weighed(Outcome.UNKNOWN if differing else rule.otherwise, None, differing)


def _truth(branch: Branch, scene: Scene) -> bool | None:
    """An unknown proviso does not keep a branch from holding: it becomes a condition of the answer."""
    truth = branch.when.truth(scene)
    if truth is not False and any(proviso.condition.truth(scene) is False for proviso in branch.provisos):
        return False
    return truth


def _open_provisos(branch: Branch, scene: Scene) -> list[Proviso]:
    return [proviso for proviso in branch.provisos if proviso.condition.truth(scene) is None]


def _most_settled(first: Branch, branches: Iterable[Branch], scene: Scene) -> Branch:
    """Of the branches that hold with the same outcome, one that leaves least to provisos."""
    if not _open_provisos(first, scene):
        return first
    holding = [each for each in branches if each.outcome is first.outcome and _truth(each, scene)]
    return min(holding, key=lambda branch: len(_open_provisos(branch, scene)))


def _missing(weighed: _Weighed, scene: Scene) -> tuple[str, ...]:
    """What could still decide for a branch, its open provisos among it."""
    deciding = weighed.open
    if not deciding and weighed.taken and _open_provisos(weighed.taken, scene):
        deciding = (weighed.taken,)
    ways = []
    for branch in deciding:
        parts = [branch.when, *(proviso.condition for proviso in branch.provisos)]
        ways.append(together([part.ways(scene, True) for part in parts]))
    return tuple(sorted(still_matter(either(ways))))


def _branch_reason(branch: Branch, scene: Scene) -> Reason:
    parts = (branch.when.reason(scene), *(proviso.condition.reason(scene) for proviso in branch.provisos))
    return Reason(
        says=f"{branch.outcome} by {branch.label}",
        value=_truth(branch, scene),
        citation=branch.citation,
        because=parts,
    )


def _root(rule: Rule, version: Version, weighed: _Weighed, reasons: Mapping[str, Reason]) -> Reason:
    holds = None if weighed.open else weighed.taken is not None
    notes = (f"otherwise {rule.otherwise}", f"as of {version.citation}, in force from {version.begin}")
    return Reason(
        says=rule.says,
        value=holds,
        citation=rule.citation,
        status=rule.status,
        notes=notes,
        because=tuple(reasons.values()),
    )


def _doubts(
    rule: Rule, version: Version, weighed: _Weighed, reasons: Mapping[str, Reason], scene: Scene
) -> Iterable[str]:
    """Those that bear on the answer: on the branch that decides, or on all while none does."""
    deciding = [weighed.taken] if weighed.taken and not weighed.open else weighed.open or rule.unless
    names = [*version.doubts, *rule.doubts]
    for branch in deciding:
        names += branch.doubts
        for reason in reasons[branch.label].bearing():
            names += reason.doubts
    stands = (scene.book.doubts[name] for name in dict.fromkeys(names))
    return [f"{doubt.says} [{doubt.status}]" for doubt in stands if doubt.stands(scene.as_of)]


def _overlays(said: Outcome, asked: Question, scene: Scene) -> Iterable[str]:
    for overlay in scene.book.overlays:
        if said in overlay.outcomes and asked.action in overlay.actions and asked.as_of >= overlay.begin:
            truth = overlay.when.truth(scene)
            if truth is not False:
                unless = "" if truth else " (unless what is unknown shows otherwise)"
                yield f"{overlay.says}{unless} {overlay.citation} [{overlay.status}]"


def _conditions(rule: Rule, weighed: _Weighed, scene: Scene) -> Iterable[str]:
    branch = weighed.taken
    if weighed.outcome not in (Outcome.MAY, Outcome.MUST):
        return
    yield from rule.conditions
    if branch is None:
        return
    for proviso in branch.provisos:
        until = proviso.hours.deadline(scene) if proviso.hours else None
        if proviso.hours:
            yield f"{proviso.says}: until {until:%Y-%m-%d %H:%M}" if until else proviso.says
        elif proviso.condition.truth(scene) is None:
            yield proviso.says
    yield from branch.conditions


def _no_answer(doubt: str, version: dict[str, Any] | None) -> Answer:
    return Answer(
        outcome=Outcome.UNKNOWN,
        missing=(),
        because=(Reason(says=doubt, value=None),),
        doubts=(doubt,),
        overlays=(),
        version=version,
        conditions=(),
    )
