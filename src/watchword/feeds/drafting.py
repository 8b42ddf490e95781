"""A mapping proposed from a file alone, for a person to finish: `watchword source draft`.

What it guesses, it says so in a comment beside it. What it writes can be used by `watchword source try` as it stands.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice

import yaml

from watchword.feeds import likely
from watchword.feeds.fields import FIELDS, Kind
from watchword.feeds.formats import UnreadableRosterError, reader_of
from watchword.feeds.guessing import Guess, guess
from watchword.feeds.mapping import Format, Mapping
from watchword.feeds.sniffing import beginning, sniff
from watchword.feeds.trying import counted, in_words
from watchword.feeds.words import tidy

ROWS = 5_000
"""That a guess is made from."""

_KIND = {one.name: one.kind for one in FIELDS}
_FITS = {
    Kind.DATE: ("date", "date and time", "nothing"),
    Kind.INSTANT: ("date", "date and time", "nothing"),
    Kind.INTEGER: ("number", "nothing"),
    Kind.YES_NO: ("yes or no", "code", "number", "nothing"),
}
"""What a column must look like to be proposed as a field of this kind; text may look like anything."""

_UNSET = frozenset({"", "unknown", "none", "n/a", "null"})
_YES, _NO = frozenset({"y", "yes", "true", "t", "1", "x"}), frozenset({"", "n", "no", "false", "f", "0"})
_BETWEEN = "|\n;"
"""What stands in a list for nothing but an item's end."""

_CHOICES = 4
"""Different words of a column that says yes or no, at most; the empty one among them."""

_UNNAMED = frozenset({"text", "date", "date and time", "nothing", "list"})


@dataclass(frozen=True, kw_only=True)
class _Column:
    name: str
    cells: list[str]
    guess: Guess


@dataclass(kw_only=True)
class _Proposal:
    """One field's column, its options in YAML, and why."""

    column: _Column
    why: str = ""
    options: dict[str, str] = field(default_factory=dict)


def draft(open_file: Callable[[], Iterable[bytes]], sheet: str | None = None) -> str:
    """The YAML of a mapping for this file; UnreadableRosterError where it is no roster, or has no header.

    `sheet` is the one of a workbook that holds the roster, where that is not the first.
    """
    head, is_whole = beginning(open_file())
    form = sniff(head, is_whole=is_whole).model_copy(update={"sheet": sheet})
    columns = _columns(form, open_file)
    proposals = _propose(columns)
    return "\n".join(
        [*_beginning(form), *_columns_section(columns, proposals), *_values_section(proposals), ""]
    )


def _columns(form: Format, open_file: Callable[[], Iterable[bytes]]) -> list[_Column]:
    rows = reader_of(_any_mapping(form), open_file())
    if form.kind == "csv" and any(_is_data(name) for name in rows.names):
        raise UnreadableRosterError(
            "The first line is no header: it holds numbers or dates. Ask the source for a file that names its columns."
        )
    cells: dict[str, list[str]] = {name: [] for name in rows.names if name.strip()}
    lines = (line for batch in rows.batches() for line in batch.rows)
    for line in islice(lines, ROWS):
        for name, cell in rows.everything(line).items():
            if name.strip():
                cells.setdefault(name, []).append(cell)
    if not cells:
        where = (
            "sheet is empty. Name the one that holds the roster"
            if form.kind == "xlsx"
            else "file has no columns"
        )
        raise UnreadableRosterError(f"The {where}: there is nothing to draft a mapping from.")
    return [_Column(name=name, cells=said, guess=guess(said)) for name, said in cells.items()]


def _any_mapping(form: Format) -> Mapping:
    """A mapping that reads no column, to open a file with."""
    return Mapping.model_validate(
        {
            "agency": "-",
            "title": "-",
            "time_zone": "UTC",
            "rhythm": "24 hours",
            "absence": {"means": "ignore"},
            "format": form,
            "columns": {"person_key": "-"},
        }
    )


def _is_data(name: str) -> bool:
    return guess([name]).kind in ("number", "date", "date and time")


def _propose(columns: list[_Column]) -> dict[str, _Proposal]:
    """A column for each field that one seems to be, in the fields' own order."""
    found: dict[str, _Proposal] = {}
    for column in sorted(columns, key=lambda one: likely.rank(one.name)):
        name = likely.field_of(column.name)
        if name is None or name in found or likely.is_never_read(column.name):
            continue
        if column.guess.kind in _FITS.get(_KIND[name], (column.guess.kind,)) or _is_choice(name, column):
            found[name] = _Proposal(column=column)
    _propose_keys(columns, found)
    for name, proposal in found.items():
        proposal.options = _options(name, proposal)
    return {one.name: found[one.name] for one in FIELDS if one.name in found}


def _is_choice(name: str, column: _Column) -> bool:
    """Whether a column of yes or no says so in words of its own."""
    return _KIND[name] is Kind.YES_NO and len(set(column.cells)) <= _CHOICES


def _propose_keys(columns: list[_Column], found: dict[str, _Proposal]) -> None:
    key = found.get("person_key")
    if key is not None:
        if not _is_full(key.column):
            key.why = "CHECK: it is empty on some rows, which go to quarantine"
        return
    booking = found.get("booking_key")
    if booking is not None:
        why = "CHECK: only a number of the stay was found; a person who comes back passes for another one"
        found["person_key"] = _Proposal(column=booking.column, why=why)
        return
    taken = {id(proposal.column) for proposal in found.values()}
    free = [
        one for one in columns if id(one) not in taken and _is_full(one) and one.guess.kind not in _UNNAMED
    ]
    free = free or [one for one in columns if id(one) not in taken and _is_full(one)] or columns
    best = max(free, key=lambda one: len(set(one.cells)))
    found["person_key"] = _Proposal(
        column=best, why="CHECK: guessed by its values alone; is it the person's number?"
    )


def _is_full(column: _Column) -> bool:
    return all(map(str.strip, column.cells))


def _options(name: str, proposal: _Proposal) -> dict[str, str]:
    """What the column needs besides its name, as YAML."""
    guessed, options = proposal.column.guess, {}
    if _KIND[name] in (Kind.DATE, Kind.INSTANT):
        if guessed.formats:
            options["formats"] = _flow(guessed.formats)
        if any(word.casefold() not in _UNSET for word in guessed.unset):
            options["unset"] = _flow(["", *guessed.unset])
        if guessed.is_ambiguous:
            proposal.why = "CHECK: days and months could be the other way round"
    elif _KIND[name] is Kind.LIST:
        cells = "".join(proposal.column.cells[:ROWS])
        separator = guessed.separator or next((one for one in _BETWEEN if one in cells), "")
        if separator:
            options["separator"] = _flow(separator)
            proposal.why = "CHECK: is this what stands between two of them?"
    elif _KIND[name] is Kind.YES_NO:
        words = {tidy(cell) for cell in proposal.column.cells}
        if {word.casefold() for word in words} - _YES - _NO:
            no = {word for word in words if word.casefold() in _NO}
            options["yes"], options["no"] = _flow(sorted(words - no)), _flow(sorted(no | {""}))
            proposal.why = "CHECK: which of these words mean yes?"
    if name == "last_name" and any("," in cell for cell in proposal.column.cells[:100]):
        proposal.why = "CHECK: it seems to hold the whole name; it is kept as one"
    if name == "birth_country":
        proposal.why = "only to find a person by; leave it out where the source says more than the country"
    return options


def _beginning(form: Format) -> list[str]:
    options = {name: getattr(form, name) for name in ("kind", "encoding", "delimiter", "path", "sheet")}
    kept = {
        name: value
        for name, value in options.items()
        if value not in (None, "") and (name, value) not in (("encoding", "utf-8"), ("delimiter", ","))
    }
    if form.kind != "csv":
        kept.pop("delimiter", None)
    said = ", ".join(f"{name}: {_flow(value)}" for name, value in kept.items())
    return [
        "# Drafted from a file. What says CHANGE or CHECK waits for you; then:",
        "#   watchword source try THIS_FILE A_ROSTER",
        "agency: CHANGE - as registrants will read it",
        "title: Custody list",
        "time_zone: America/New_York             # CHANGE - of its dates and times",
        "rhythm: 24 hours                        # CHANGE - how often a roster comes",
        "absence: {means: vanished, after: 1}    # CHECK: after 2 or more, if people drop out for a day and come back",
        *(
            [f"format: {{{said}}}"]
            if not form.widths
            else [
                "format:",
                *(f"  {name}: {_flow(value)}" for name, value in kept.items()),
                "  widths:                               # CHECK: guessed by the places that are blank in every line",
                *(f"    {_flow(name)}: [{first}, {last}]" for name, (first, last) in form.widths.items()),
            ]
        ),
    ]


def _columns_section(columns: list[_Column], proposals: dict[str, _Proposal]) -> list[str]:
    lines = ["columns:"]
    for name, proposal in proposals.items():
        said = _flow(proposal.column.name)
        if proposal.options:
            rest = ", ".join(f"{option}: {value}" for option, value in proposal.options.items())
            said = f"{{column: {said}, {rest}}}"
        lines.append(f"  {name}: {said}" + (f"  # {proposal.why}" if proposal.why else ""))
    taken = {proposal.column.name for proposal in proposals.values()}
    left = [column for column in columns if column.name not in taken]
    never = [column.name for column in left if likely.is_never_read(column.name)]
    others = [column for column in left if not likely.is_never_read(column.name)]
    if others:
        lines.append("# Not read, unless you name them above:")
        lines += [f"#   {_flow(column.name)} ({in_words(column.guess)})" for column in others]
    if never:
        lines.append("# Never needed, so better left unread: " + ", ".join(map(_flow, never)))
    return lines


def _values_section(proposals: dict[str, _Proposal]) -> list[str]:
    lines: list[str] = []
    for name in ("status", "release_kind"):
        if name not in proposals:
            continue
        words = Counter(filter(None, map(tidy, proposals[name].column.cells)))
        known = {word: likely.meaning_of(name, word) for word, _ in words.most_common(100)}
        codes = next(one.codes for one in FIELDS if one.name == name)
        lines.append(f"  {name}:  # one of {', '.join(codes)}; or null, for not set")
        for word, meaning in known.items():
            if meaning is None and word.casefold() in _UNSET:
                continue
            comment = f"  # {counted(words[word], 'row')}" + (
                "" if meaning else "; CHANGE - without a meaning, they wait"
            )
            lines.append(f"    {'' if meaning else '# '}{_flow(word)}: {meaning or 'CHANGE'}{comment}")
        if not any(known.values()):
            lines[-len(known) - 1 :] = [
                f"#  {name}:" if line.startswith(f"  {name}:") else f"#  {line.replace('# ', '', 1).strip()}"
                for line in lines[-len(known) - 1 :]
            ]
    has_words = any(not line.lstrip().startswith("#") for line in lines)
    return (["values:"] if has_words else ["# values:"]) + lines if lines else []


def _flow(value: object) -> str:
    """A word, or a list of words, as YAML on one line."""
    given = list(value) if isinstance(value, tuple) else value
    return yaml.safe_dump([given], default_flow_style=True, allow_unicode=True, width=10**9)[1:-2]
