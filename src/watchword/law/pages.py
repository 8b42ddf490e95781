"""The pages of docs that are made from the rules, so that they cannot drift: `python -m watchword.law.pages docs`."""

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from watchword.law.facts import Question
from watchword.law.reading import PLACES, rulebook
from watchword.law.rulebook import Outcome, Rulebook
from watchword.law.words import explained


class ReasonForm(BaseModel):
    """One step of the reasoning; what is empty is left out."""

    model_config = ConfigDict(title="Reason")

    says: str
    value: str = Field(description="yes, no or unknown.")
    citation: str = ""
    status: str = Field("", description="verified, secondary, from memory or not found.")
    facts: dict[str, Any] = {}
    missing: list[str] = []
    notes: list[str] = []
    doubts: list[str] = Field([], description="Names of doubts; the answer says them in words.")
    because: list["ReasonForm"] = []


class VersionForm(BaseModel):
    """The version in force."""

    model_config = ConfigDict(title="Version")

    jurisdiction: str
    office: str
    in_force_from: str
    in_force_until: str | None
    citation: str
    reference: str
    status: str


class AnswerForm(BaseModel):
    """An answer as `watchword law decide --json` prints it."""

    model_config = ConfigDict(title="Answer", extra="forbid")

    outcome: Outcome
    missing: list[str] = Field(description="The unknown facts that can still change the outcome.")
    because: list[ReasonForm]
    doubts: list[str]
    overlays: list[str] = Field(description="Other layers of law, such as case law, over the answer.")
    version: VersionForm | None
    conditions: list[str] = Field(description="What must be kept to when the office acts.")


def schemas() -> dict[str, str]:
    """The JSON Schema of questions and of answers, by file name."""
    forms: dict[str, type[BaseModel]] = {"law-facts": Question, "law-answer": AnswerForm}
    return {
        f"reference/{name}.schema.json": json.dumps(
            {"$schema": "https://json-schema.org/draft/2020-12/schema"} | form.model_json_schema(), indent=2
        )
        + "\n"
        for name, form in forms.items()
    }


def page(book: Rulebook) -> str:
    """Every version of a place, in words."""
    lines = [
        f"# {book.title}: the rules in words\n",
        f"Made from `src/watchword/law/places/{book.name}.yaml` by `make docs`; change it there.\n",
    ]
    if book.notes:
        lines.append(book.notes + "\n")
    for office in book.offices.values():
        for version in office.versions:
            lines.append(f"## {office.title}, from {version.begin}\n")
            lines.append("```text")
            lines += explained(book, office, version.begin)
            lines.append("```\n")
    if book.offences.entries:
        lines.append("## The list of offences\n")
        lines.append("| Section | Only | Name | Class | Listed from | By | Status |")
        lines.append("|---|---|---|---|---|---|---|")
        for entry in book.offences.entries:
            only = ", ".join(f"({part})" for part in entry.subdivisions)
            begin = f"{entry.begin}" if entry.enabled else f"unknown, not before {entry.begin}"
            begin += f"; repealed {entry.repealed}" if entry.repealed else ""
            lines.append(
                f"| {entry.law} {entry.section} | {only} | {entry.name} | {entry.class_ or 'several'} | {begin} "
                f"| {entry.citation} | {entry.status} |"
            )
        lines.append("")
    return "\n".join(lines)


def pages() -> dict[str, str]:
    """Every page, by its path in docs."""
    return {f"reference/law-{place}.md": page(rulebook(place)) for place in PLACES} | schemas()


if __name__ == "__main__":
    for name, text in pages().items():
        (Path(sys.argv[1]) / name).write_text(text, encoding="utf-8")
