"""Counting requests into the reports. One person's request is counted once, however many actions it asked for.

"Honoured" is a detainer of which any action was decided for; "not honoured" one whose every action was declined. So
received = honoured + not honoured, but for what is not decided yet, which is said. That somebody had a conviction for a
violent or serious crime is read as: any, however old, by the list of the day the request came.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from watchword.desk.counter.models import LawRequest
from watchword.desk.counter.queries import ACTIONS, question_of, with_everything
from watchword.desk.counter.sealed import opened
from watchword.desk.duties.periods import INFORMATION_FROM, quarter, year
from watchword.desk.duties.records import Line, Report
from watchword.law import holds, rulebook

_PLACE = "nyc"
_CONVICTED = "convicted_ever"
_KINDS_OF_INFORMATION = {
    "incarceration_status": "incarceration status",
    "release_date": "release date",
    "court_appearance_date": "court appearance date",
    "appointment": "scheduled appointment",
    "other": "other information",
}
_GROUPS = {
    "i": "no conviction for a violent or serious crime",
    "ii": "at least one conviction for a violent or serious crime",
    "iii": "no such conviction, a possible match in the terrorist screening database",
    "unknown": "convictions not known",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """What a report needs to know of one request."""

    number: int
    kind: str
    on: date
    reason: str
    asker: str
    decided: dict[str, bool]
    """By action: whether it was honoured."""
    information: frozenset[str]
    held: bool
    transferred: bool
    serious: bool | None
    match: bool | None

    @property
    def honoured(self) -> bool:
        """Whether anything was done that was asked."""
        return any(self.decided.values())

    @property
    def is_decided(self) -> bool:
        """Whether every action was."""
        return len(self.decided) == len(ACTIONS[self.kind])

    @property
    def group(self) -> str:
        """Which of the law's three groups the person is in."""
        if self.serious is None:
            return "unknown"
        return "ii" if self.serious else "iii" if self.match else "i"


def yearly(office: str, due_in: int, *, scaap: int | None = None) -> Report:
    """The yearly report of an office of New York City. `scaap`: the state criminal alien assistance funds received, in
    dollars, which this system does not know."""
    period = year(office, due_in)
    counted = [each for each in _of(office) if period.first <= each.on <= period.last]
    detainers = [each for each in counted if each.kind == LawRequest.Kind.DETAINER]
    asked = [
        each for each in counted if each.kind == LawRequest.Kind.INFORMATION and each.on >= INFORMATION_FROM
    ]
    lines = _of_correction(detainers, scaap) if office == "doc" else _of_others(detainers)
    if period.last >= INFORMATION_FROM:
        lines += _of_information("9" if office == "doc" else "5", asked, office == "probation")
    title = rulebook(_PLACE).office(office).title
    return Report(
        title=f"{title}: yearly report by section {period.citation}",
        office=office,
        period=period,
        lines=lines,
        amiss=list(_amiss(detainers)),
    )


def quarterly(of_year: int, number: int) -> Report:
    """The summary of 10-178(d): other requests to support immigration enforcement, by who asked and which office."""
    period = quarter(of_year, number)
    books = rulebook(_PLACE).offices
    lines = []
    for name, office in books.items():
        for request in LawRequest.objects.filter(
            jurisdiction=_PLACE, office=name, kind=LawRequest.Kind.SUPPORT
        ).order_by("asker", "received_at", "id"):
            if period.first <= _day(request) <= period.last:
                says = f"{office.title}, asked by {request.asker}: {request.response or 'nothing was done'}"
                lines.append(Line(item=f"10-178(d), request {request.pk}", says=says, number=1))
    lines.append(Line(item="10-178(d)", says="all such requests", number=len(lines)))
    return Report(
        title=f"Summary of requests by section {period.citation}", office="all", period=period, lines=lines
    )


def adds_up(received: int, honoured: int, not_honoured: int) -> bool:
    """Whether a report's own figures do."""
    return received == honoured + not_honoured


def _of_correction(detainers: Sequence[Counted], scaap: int | None) -> list[Line]:
    held = [each for each in detainers if each.held]
    transferred = [each for each in detainers if each.transferred]
    return [
        Line(item="1", says="civil immigration detainers lodged", number=len(detainers)),
        *_by_reason("1", detainers),
        Line(item="2", says="persons held beyond their release", number=len(held)),
        *_by_reason("2", held),
        Line(item="3", says="persons transferred to federal custody", number=len(transferred)),
        Line(
            item="4",
            says="of these, with a conviction for a violent or serious crime",
            number=sum(each.group == "ii" for each in transferred),
        ),
        Line(
            item="5",
            says="of these, without one, a possible match in the terrorist screening database",
            number=sum(each.group == "iii" for each in transferred),
        ),
        Line(item="6", says="state criminal alien assistance funds received, in dollars", number=scaap),
        Line(item="7", says="persons for whom detainers were not honored", number=_not_honoured(detainers)),
        Line(
            item="8",
            says="persons held who were not transferred",
            number=sum(not each.transferred for each in held),
        ),
    ]


def _of_others(detainers: Sequence[Counted]) -> list[Line]:
    return [
        Line(item="1", says="civil immigration detainers received", number=len(detainers)),
        Line(item="2", says="persons held", number=sum(each.held for each in detainers)),
        Line(
            item="3",
            says="persons transferred to federal custody",
            number=sum(each.transferred for each in detainers),
        ),
        Line(item="4", says="persons for whom detainers were not honored", number=_not_honoured(detainers)),
    ]


def _by_reason(item: str, some: Sequence[Counted]) -> list[Line]:
    return [
        Line(
            item=f"{item}, {reason.value}",
            says=f"of these: {reason.label}",
            number=sum((each.reason or LawRequest.Reason.OTHER) == reason for each in some),
        )
        for reason in LawRequest.Reason
    ]


def _of_information(item: str, asked: Sequence[Counted], has_appointments: bool) -> list[Line]:
    answered = [each for each in asked if each.honoured]
    lines = [
        Line(item=item, says="requests for information", number=len(asked)),
        Line(item=f"{item}, answered", says="responses honoring such requests", number=len(answered)),
    ]
    for group, group_says in _GROUPS.items():
        some = [each for each in answered if each.group == group]
        lines.append(Line(item=f"{item}({group})", says=f"responses: {group_says}", number=len(some)))
        for kind, kind_says in _KINDS_OF_INFORMATION.items():
            if kind == "appointment" and not has_appointments:
                continue
            with_it = [each for each in some if kind in each.information]
            for transferred in (True, False):
                facilitated = "transfer facilitated" if transferred else "transfer not facilitated"
                lines.append(
                    Line(
                        item=f"{item}({group}), {kind}, {facilitated}",
                        says=f"with {kind_says}, {facilitated}",
                        number=sum(each.transferred is transferred for each in with_it),
                    )
                )
    return lines


def _not_honoured(detainers: Sequence[Counted]) -> int:
    return sum(each.is_decided and not each.honoured for each in detainers)


def _amiss(detainers: Sequence[Counted]) -> Iterable[str]:
    undecided = [each.number for each in detainers if not each.is_decided and not each.honoured]
    if undecided:
        yield f"Not decided yet, so neither honoured nor not: {_listed(undecided)}."
    both = [
        each.number
        for each in detainers
        if (each.held or each.transferred) and each.is_decided and not each.honoured
    ]
    if both:
        yield f"Held or transferred, though every action was declined: {_listed(both)}."
    honoured = sum(each.honoured for each in detainers)
    if not adds_up(len(detainers), honoured + len(undecided), _not_honoured(detainers)):
        yield "Received is not honoured and not honoured together."
    unknown = [each.number for each in detainers if each.transferred and each.group == "unknown"]
    if unknown:
        yield f"Transferred, and whether there was a conviction is not known: {_listed(unknown)}."


def _listed(numbers: Iterable[int]) -> str:
    return "requests " + ", ".join(map(str, numbers))


def _of(office: str) -> Iterable[Counted]:
    for request in with_everything().filter(jurisdiction=_PLACE, office=office):
        if request.kind != LawRequest.Kind.SUPPORT:
            yield _counted(request)


def _counted(request: LawRequest) -> Counted:
    asked = question_of(request, ACTIONS[request.kind][0])
    decisions = list(request.decisions.all())
    return Counted(
        number=request.pk,
        kind=request.kind,
        on=_day(request),
        reason=request.federal_reason,
        asker=request.asker,
        decided={each.action: each.honoured for each in decisions},
        information=frozenset(kind for each in decisions for kind in each.information),
        held=request.held_at is not None,
        transferred=request.transferred_at is not None,
        serious=holds(asked, _CONVICTED),
        match=opened(request.facts, "facts").get("possible_tsdb_match"),
    )


def _day(request: LawRequest) -> date:
    zone: ZoneInfo = rulebook(_PLACE).zone
    return request.received_at.astimezone(zone).date()
