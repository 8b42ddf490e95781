"""The rules as numbered plain sentences, and what changed between two days."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from watchword.law.conditions import All, AnyOf, Condition, Not, Some
from watchword.law.offences import Offence, Offences
from watchword.law.rulebook import Office, Proviso, Rule, Rulebook, Version


def explained(book: Rulebook, office: Office, on: date) -> Iterator[str]:
    """The rules of an office on a day, numbered, with citations and how well each text is known."""
    version = office.version(on)
    if version is None:
        yield f"{book.title}, {office.title}: no rule is known before {office.versions[0].begin}."
        return
    yield f"{book.title}, {office.title}, as of {on}: {_titled(version)}"
    yield version.changed
    if version.notes:
        yield version.notes
    numbering = _Numbering(book.terms)
    for number, (action, rule) in enumerate(version.rules.items(), 1):
        yield f"{number}. To {action.replace('_', ' ')}: {rule.says}{_cited(rule.citation, rule.status)}."
        yield from numbering.rule(rule, str(number))
    yield from numbering.terms()
    for name in dict.fromkeys(_doubts_of(version)):
        yield f"Doubt: {book.doubts[name].says} [{book.doubts[name].status}]"
    for overlay in book.overlays:
        if overlay.begin <= on:
            yield f"Beside it, from {overlay.begin}: {overlay.says} ({overlay.citation}) [{overlay.status}]"


def differences(book: Rulebook, first: date, second: date) -> Iterator[str]:
    """Which rules and offences changed from one day to a later one."""
    for office in book.offices.values():
        begun = [version for version in office.versions if first < version.begin <= second]
        if not begun:
            continue
        yield f"{book.title}, {office.title}:"
        for version in begun:
            yield f"  {version.begin}: {_titled(version)}"
            yield f"    {version.changed}"
        before, after = office.version(first), begun[-1]
        for action, rule in after.rules.items():
            was = before.rules.get(action) if before else None
            if was is not rule:
                yield f"  To {action.replace('_', ' ')}"
                yield f"    before: {was.says + _cited(was.citation, was.status) if was else 'no rule'}"
                yield f"    after: {rule.says}{_cited(rule.citation, rule.status)}"
    for overlay in book.overlays:
        if first < overlay.begin <= second:
            yield f"{overlay.begin}, beside the rules: {overlay.says} ({overlay.citation}) [{overlay.status}]"
    yield from _offence_differences(book.offences, first, second)


def _offence_differences(offences: Offences, first: date, second: date) -> Iterator[str]:
    added = [entry for entry in offences.entries if entry.in_force(second) and not entry.in_force(first)]
    removed = [entry for entry in offences.entries if entry.in_force(first) and not entry.in_force(second)]
    repealed = [entry for entry in offences.entries if entry.repealed and first < entry.repealed <= second]
    yield from _named("Listed from then on", [entry for entry in added if entry.enabled])
    yield from _named("Perhaps listed, which is unknown", [entry for entry in added if not entry.enabled])
    yield from _named("No longer listed", removed)
    yield from _named("Repealed by the state, listed still for offences before", repealed)


def _named(heading: str, entries: Sequence[Offence]) -> Iterator[str]:
    if entries:
        yield f"{heading} ({len(entries)}):"
    for entry in entries:
        only = (
            f", only {' and '.join(f'({part})' for part in entry.subdivisions)}" if entry.subdivisions else ""
        )
        when = f"repealed on {entry.repealed}" if heading.startswith("Repealed") else f"from {entry.begin}"
        yield f"  {entry.law} {entry.section}{only}: {entry.name}, {when} [{entry.status}]"


class _Numbering:
    """Sentences of one version: what the rules file names as a term is said once, at the end."""

    def __init__(self, terms: Mapping[str, Condition]) -> None:
        self._terms = {id(condition) for condition in terms.values()}
        self._numbers: dict[int, int] = {}
        self._waiting: list[Condition] = []

    def rule(self, rule: Rule, number: str) -> Iterator[str]:
        """The exceptions of a rule, and what holds otherwise."""
        for place, branch in enumerate(rule.unless, 1):
            yield f"   {number}.{place}. {branch.outcome} by {branch.label}{_cited(branch.citation, '')}, when"
            yield from self._sentences(branch.when, f"{number}.{place}", "      ")
            yield from (f"      Provided: {self._said(proviso)}." for proviso in branch.provisos)
            yield from (f"      With this: {condition}." for condition in branch.conditions)
        every = "In every other case" if rule.unless else "In every case"
        yield f"   {number}.{len(rule.unless) + 1}. {every}: {rule.otherwise}."
        yield from (
            f"      With this, whenever the office acts: {condition}." for condition in rule.conditions
        )

    def terms(self) -> Iterator[str]:
        """Every term that was used, once."""
        while self._waiting:
            condition = self._waiting.pop(0)
            number = f"T{self._numbers[id(condition)]}"
            yield f"{number}. {_worded(condition)}"
            yield from self._parts_of(condition, number, "   ")

    def _said(self, proviso: Proviso) -> str:
        known = id(proviso.condition) in self._terms
        return f"{proviso.says} ({self._number(proviso.condition)})" if known else proviso.says

    def _sentences(self, condition: Condition, number: str, indent: str) -> Iterator[str]:
        if id(condition) in self._terms or not condition.parts():
            yield self._line(condition, f"{number}.1", indent)
        else:
            yield from self._parts_of(condition, number, indent)

    def _parts_of(self, condition: Condition, number: str, indent: str) -> Iterator[str]:
        for place, part in enumerate(_parts(condition), 1):
            yield self._line(part, f"{number}.{place}", indent)
            if id(part) not in self._terms:
                yield from self._parts_of(part, f"{number}.{place}", indent + "   ")

    def _line(self, condition: Condition, number: str, indent: str) -> str:
        if id(condition) in self._terms:
            return f"{indent}{number}. {condition.says} ({self._number(condition)})"
        return f"{indent}{number}. {_worded(condition)}"

    def _number(self, term: Condition) -> str:
        if id(term) not in self._numbers:
            self._numbers[id(term)] = len(self._numbers) + 1
            self._waiting.append(term)
        return f"T{self._numbers[id(term)]}"


def _worded(condition: Condition) -> str:
    said = f"{condition.says}{_cited(condition.citation, condition.status)}{_joined(condition)}"
    return said.removeprefix("all of these; that is, ").removeprefix("one of these; that is, ")


def _parts(condition: Condition) -> Sequence[Condition]:
    """Straight to what a `some` or a `not` is about, where that is made of parts itself."""
    if isinstance(condition, (Some, Not)):
        (inner,) = condition.parts()
        return _parts(inner) if isinstance(inner, (All, AnyOf)) else (inner,)
    return condition.parts()


def _joined(condition: Condition) -> str:
    inner = condition
    while isinstance(inner, (Some, Not)):
        (inner,) = inner.parts()
    return (
        "; that is, all of"
        if isinstance(inner, All)
        else "; that is, one of"
        if isinstance(inner, AnyOf)
        else ""
    )


def _titled(version: Version) -> str:
    return f"{version.citation}, {version.reference}, in force from {version.begin} [{version.status}]"


def _cited(citation: str, status: str) -> str:
    known = f" [{status}]" if status else ""
    return f" ({citation}){known}" if citation else known


def _doubts_of(version: Version) -> Iterator[str]:
    yield from version.doubts
    for rule in version.rules.values():
        yield from rule.doubts
        for branch in rule.unless:
            yield from branch.doubts
            for condition in (branch.when, *(proviso.condition for proviso in branch.provisos)):
                yield from _within(condition)


def _within(condition: Condition) -> Iterator[str]:
    yield from condition.doubts
    for part in condition.parts():
        yield from _within(part)
