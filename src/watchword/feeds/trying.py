"""What a mapping makes of a file, before anything is saved: `watchword source try`.

The file is read just as a roster is (reading.py), and then looked at once more for what a mapping leaves out. Nothing
is kept and no database is needed.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime

from watchword.feeds.fields import FIELD_NAMES, FIELDS, Kind
from watchword.feeds.formats import BadRowError, RowReader, UnreadableRosterError, open_rows
from watchword.feeds.guessing import Guess, guess
from watchword.feeds.mapping import Mapping
from watchword.feeds.reading import Reading
from watchword.feeds.rows import folded
from watchword.feeds.trial import MappedColumn, Trial, Unmapped
from watchword.feeds.words import ColumnReader, readers, tidy

Open = Callable[[], Iterable[bytes]]
"""Opens the file from its beginning, each time it is called."""

LOOKED_AT = 2_000
"""Rows by whose cells the kind of an unmapped column is guessed."""

MOST_WORDS = 1_000
"""Different words of a column that are counted: a column of codes has far fewer."""

_FIELD = {one.name: one for one in FIELDS}
_TELLING = ("facility", "birth_country", "destination", "suffix")
"""Texts whose words are no person's own, so that they can be shown and counted."""

_PERSON, _STATUS = FIELD_NAMES.index("person_key"), FIELD_NAMES.index("status")


def try_mapping(
    mapping: Mapping, open_file: Open, at: datetime, *, bad_rows: int = 20, people: int = 0
) -> Trial:
    """Read the file as if it had been received at this moment; show so many bad rows, and so many people."""

    def opened() -> RowReader:
        return open_rows(mapping, open_file())

    try:
        reading = Reading(mapping, opened(), at)
        tally = _Tally(mapping)
        shown: list[dict[str, str]] = []
        for rows in reading.read():
            for row in rows:
                tally.add(row.values)
                if len(shown) < people:
                    shown.append(
                        {name: value for name, value in zip(FIELD_NAMES, row.values, strict=True) if value}
                    )
        words = _Words(mapping)
        for batch in (second := opened()).batches():
            for line in batch.rows:
                words.add(second, line)
    except UnreadableRosterError as error:
        return Trial(verdict=f"It cannot be used. {error}", is_usable=False)
    columns = tuple(tally.column(name, words) for name in mapping.columns)
    is_usable, verdict = _verdict(mapping, reading)
    return Trial(
        verdict=verdict,
        is_usable=is_usable,
        rows=reading.rows,
        readable=tally.rows,
        bad=len(reading.bad),
        people=len(tally.people),
        in_custody=len(tally.held),
        columns=columns,
        unmapped=words.unmapped(),
        notes=tuple(_notes(mapping, tally, columns, words, at)),
        bad_rows=tuple(reading.bad[:bad_rows]),
        first_people=tuple(shown),
    )


def _verdict(mapping: Mapping, reading: Reading) -> tuple[bool, str]:
    rows, bad = reading.rows, len(reading.bad)
    if rows == 0:
        return False, "It has no rows: such a roster changes nothing and opens an incident."
    if bad == rows:
        return False, "None of its rows can be read: such a roster changes nothing and opens an incident."
    if not mapping.tolerates(bad, rows):
        return False, (
            f"{bad} of {rows} rows cannot be read, more than the {mapping.tolerated_bad_rows:.1%} that the mapping "
            "tolerates: such a roster waits for a person."
        )
    if bad:
        return True, f"It can be used; of {counted(rows, 'row')}, {bad} would go to quarantine."
    return True, f"It can be used: {counted(rows, 'row')}, and all can be read."


class _Tally:
    """Counts over the rows that were read."""

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self.rows = 0
        self.people: set[str] = set()
        self.held: set[str] = set()
        self.repeated = 0
        self._filled: Counter[str] = Counter()
        self._range: dict[str, tuple[str, str]] = {}
        self._words: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add(self, values: tuple[str | None, ...]) -> None:
        self.rows += 1
        person = values[_PERSON] or ""
        self.repeated += person in self.people
        self.people.add(person)
        if values[_STATUS] == "in_custody":
            self.held.add(person)
        for name, value in zip(FIELD_NAMES, values, strict=True):
            if value is None or name not in self._mapping.columns:
                continue
            self._filled[name] += 1
            match _FIELD[name].kind:
                case Kind.DATE | Kind.INSTANT | Kind.INTEGER:
                    least, greatest = self._range.get(name, (value, value))
                    order = _sort_key(name)
                    self._range[name] = min(least, value, key=order), max(greatest, value, key=order)
                case Kind.CODE | Kind.YES_NO:
                    self._words[name][value] += 1
                case _ if name in _TELLING and len(self._words[name]) < MOST_WORDS:
                    self._words[name][value] += 1

    def column(self, name: str, words: "_Words") -> MappedColumn:
        least, greatest = self._range.get(name, (None, None))
        return MappedColumn(
            field=name,
            column=words.column_of(name),
            read_as=_FIELD[name].kind.value,
            looks_like=words.kind_of(name),
            filled=self._filled[name],
            unset=self.rows - self._filled[name],
            least=least,
            greatest=greatest,
            words=dict(self._words[name].most_common()),
            without_meaning=words.without_meaning(name),
        )


def _sort_key(name: str) -> Callable[[str], tuple[int, str]]:
    is_number = _FIELD[name].kind is Kind.INTEGER
    return lambda value: (int(value) if is_number else 0, value)


class _Words:
    """What the file itself says, in its own words, mapped or not."""

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self._names: dict[str, str] = {}  # as compared -> as the file says them
        self._twice: set[str] = set()
        self._cells: defaultdict[str, list[str]] = defaultdict(list)
        self._looked_at = 0
        self._codes = {
            name: (place, reader, Counter[str]())
            for place, (name, reader) in enumerate(readers(mapping).items())
            if _FIELD[name].kind in (Kind.CODE, Kind.YES_NO)
        }

    def add(self, rows: RowReader, line: bytes) -> None:
        """Look at one row."""
        if self._looked_at == 0:
            self._note_names(rows)
        if self._looked_at < LOOKED_AT:
            for name, cell in rows.everything(line).items():
                self._names.setdefault(folded(name), name)
                self._cells[folded(name)].append(cell)
        self._looked_at += 1
        if self._codes:
            try:
                cells = rows.cells(line)
            except BadRowError:
                return
            for place, _, said in self._codes.values():
                word = tidy(cells[place] or "")
                if word and (word in said or len(said) < MOST_WORDS):
                    said[word] += 1

    def _note_names(self, rows: RowReader) -> None:
        for name in rows.names:
            if folded(name) in self._names:
                self._twice.add(name)
            self._names.setdefault(folded(name), name)

    def column_of(self, field_name: str) -> str:
        said = next(
            (one for one in self._mapping.columns[field_name].column if folded(one) in self._names), None
        )
        return "" if said is None else self._names[folded(said)]

    def kind_of(self, field_name: str) -> str:
        column = self.column_of(field_name)
        return in_words(guess(self._cells[folded(column)])) if column else "nothing"

    def without_meaning(self, field_name: str) -> dict[str, int]:
        _, reader, said = self._codes.get(field_name, (0, None, Counter[str]()))
        return {
            word: count for word, count in said.most_common() if reader and not _is_understood(reader, word)
        }

    def unmapped(self) -> tuple[Unmapped, ...]:
        read = {folded(self.column_of(name)) for name in self._mapping.columns}
        return tuple(
            Unmapped(column=name, looks_like=in_words(guess(self._cells[folded])))
            for folded, name in self._names.items()
            if folded not in read
        )

    def repeated_names(self) -> list[str]:
        return sorted(self._twice)


def in_words(guessed: Guess) -> str:
    """What a column's cells look like, as it is shown."""
    if guessed.formats:
        return f"{guessed.kind}, {guessed.formats[0]}"
    if guessed.separator:
        return f"{guessed.kind}, apart by {guessed.separator!r}"
    return guessed.kind


def counted(number: int, noun: str) -> str:
    """`1 row`, `2 rows`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _is_understood(reader: ColumnReader, word: str) -> bool:
    try:
        reader.cell(word)
    except ValueError:
        return False
    return True


def _notes(
    mapping: Mapping, tally: _Tally, columns: tuple[MappedColumn, ...], words: _Words, at: datetime
) -> Iterable[str]:
    for column in columns:
        if not column.column:
            named = ", ".join(mapping.columns[column.field].column)
            yield f"{column.field}: the file has no column {named}."
        elif tally.rows and not column.filled:
            yield f"{column.field}: no row says anything in {column.column}. Is it the right column?"
        if column.without_meaning:
            yield (
                f"{column.field}: {counted(len(column.without_meaning), 'word')} of the source's without a meaning "
                "yet. Give each one in `values`, or their rows go to quarantine."
            )
        if (
            column.field in ("birth_date", "booked_at")
            and column.greatest
            and column.greatest > at.isoformat()
        ):
            yield f"{column.field}: the latest lies in the future. Are its `formats` right?"
    for name in words.repeated_names():
        yield f"The header says {name!r} more than once: the first of them is read."
    if tally.repeated:
        yield (
            f"{counted(tally.repeated, 'row')} more of somebody who stands there already: several stays or charges of "
            "one person, or a column that is not the person's number."
        )
    if "booking_key" not in mapping.columns and "booked_at" not in mapping.columns:
        yield "No booking_key and no booked_at: a stay that begins right after another one cannot be told from it."
    if not {"status", "released_at"} & mapping.columns.keys() and mapping.absence.means == "ignore":
        yield "No status, no released_at, and absence means nothing: nobody would ever be told that a person has left."
    if tally.rows and not tally.held:
        yield "Nobody in it is in custody. Are the `values` of status right?"
