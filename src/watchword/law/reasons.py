"""Why a condition is met, is not, or cannot be told: the tree that every answer carries."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

WORDS = {True: "yes", False: "no", None: "unknown"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """One step of the reasoning, with what it rests on."""

    says: str
    """The condition in plain words."""
    value: bool | None
    """Met, not met, or (None) unknown."""
    citation: str = ""
    status: str = ""
    """How well the text is known: verified, secondary, from memory, not found."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """The facts that were looked at, by their paths."""
    missing: frozenset[str] = frozenset()
    """The facts that would have settled this step."""
    notes: tuple[str, ...] = ()
    """How it was reckoned: dates, conventions."""
    doubts: tuple[str, ...] = ()
    because: tuple["Reason", ...] = ()

    def as_data(self) -> dict[str, Any]:
        """As JSON has it; what is empty is left out."""
        said = {
            "says": self.says,
            "value": WORDS[self.value],
            "citation": self.citation,
            "status": self.status,
            "facts": {path: _plain(value) for path, value in self.facts.items()},
            "missing": sorted(self.missing),
            "notes": list(self.notes),
            "doubts": list(self.doubts),
            "because": [reason.as_data() for reason in self.because],
        }
        return {name: value for name, value in said.items() if value not in ("", [], {})}

    def bearing(self) -> Iterator["Reason"]:
        """This step and those below that bear on its value: what was met beside what failed does not."""
        yield self
        same = tuple(reason for reason in self.because if reason.value is self.value)
        for reason in same if same and self.value is not None else self.because:
            yield from reason.bearing()


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
