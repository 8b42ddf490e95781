"""A report as it is published."""

from dataclasses import dataclass, field

from watchword.desk.duties.periods import Period


@dataclass(frozen=True, kw_only=True)
class Line:
    """One number, with the item of the law that it answers; None where this system cannot know it."""

    item: str
    says: str
    number: int | None


@dataclass(frozen=True, kw_only=True)
class Report:
    """A report: its lines in the law's order, and what does not add up."""

    title: str
    office: str
    period: Period
    lines: list[Line]
    amiss: list[str] = field(default_factory=list)
    """In words, what must be cleared up before it is published; empty where all adds up."""

    def number(self, item: str) -> int | None:
        """The number of an item."""
        return next(line.number for line in self.lines if line.item == item)
