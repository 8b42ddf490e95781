"""How `watchword source try` shows what a mapping makes of a file."""

from dataclasses import asdict

from watchword.cli.console import print_json, print_table
from watchword.feeds.trial import MappedColumn, Trial

_MOST_WORDS = 8


def print_trial(trial: Trial, as_json: bool) -> None:
    """Print it as JSON, or for a person."""
    if as_json:
        bad = [
            {"number": row.number, "column": row.column, "reason": row.reason, "person_key": row.person_key}
            for row in trial.bad_rows
        ]
        print_json(asdict(trial) | {"bad_rows": bad})
        return
    print(trial.verdict)
    if trial.rows:
        print(
            f"People: {trial.people}, in custody: {trial.in_custody}. Rows: {trial.rows}, bad: {trial.bad}."
        )
        print()
        headings = {
            "field": "FIELD",
            "column": "COLUMN",
            "looks_like": "LOOKS LIKE",
            "filled": "FILLED",
            "says": "SAYS",
        }
        print_table(headings, (asdict(column) | {"says": _says(column)} for column in trial.columns))
    if trial.unmapped:
        print("\nNot read: " + ", ".join(f"{one.column} ({one.looks_like})" for one in trial.unmapped))
    for column in trial.columns:
        if column.without_meaning:
            print(f"\nWords of {column.column} without a meaning, for `values: {{{column.field}: ...}}`:")
            print_table({"word": "WORD", "rows": "ROWS"}, _pairs(column.without_meaning))
    if trial.bad_rows:
        print("\nRows that cannot be read:")
        rows = (
            {"row": row.number, "person": row.person_key or "", "column": row.column, "reason": row.reason}
            for row in trial.bad_rows
        )
        print_table({"row": "ROW", "person": "PERSON", "column": "COLUMN", "reason": "REASON"}, rows)
        if trial.bad > len(trial.bad_rows):
            print(f"... and {trial.bad - len(trial.bad_rows)} more.")
    for one in trial.first_people:
        print()
        for name, value in one.items():
            print(f"  {name + ':':<21}{value}")
    for note in trial.notes:
        print(f"\nNote: {note}" if note == trial.notes[0] else f"Note: {note}")


def _says(column: MappedColumn) -> str:
    if column.least is not None:
        return f"{column.least} to {column.greatest}"
    words = [f"{word} {count}" for word, count in [*column.words.items()][:_MOST_WORDS]]
    more = [f"... {len(column.words) - _MOST_WORDS} more"] if len(column.words) > _MOST_WORDS else []
    return ", ".join([*words, *more])


def _pairs(words: dict[str, int]) -> list[dict[str, object]]:
    return [{"word": word, "rows": count} for word, count in words.items()]
