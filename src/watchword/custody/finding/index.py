"""The index that people are found by: made anew for those of whom a roster said something else, after the roster.

A roster only notes who they are (`sql/search_later.sql`), so that comparing it takes no longer. Hiding does not wait:
whoever must not be found is hidden in the transaction that says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from watchword.core import sql
from watchword.custody.finding.likeness import keys
from watchword.custody.finding.words import places
from watchword.custody.models import SearchWaiting
from watchword.feeds.models import Spelling
from watchword.feeds.places.countries import country_code

KEPT = timedelta(days=90)
"""How long somebody who has left custody can be found. A list of who is held is no archive of arrests."""

_BATCH = 5_000
_SEARCH = 0x73_65_61
"""Of the advisory locks (_SEARCH, source): whoever makes a source's entries holds it, so that none is overtaken."""

_PACKAGE = "watchword.custody"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    person: int
    hidden: bool
    main: frozenset[str]  # words that are compared with others; the rest of `words` is found as it is
    words: list[str]
    born_first: date | None
    born_last: date | None
    birth_country: str


def catch_up() -> int:
    """Make the entries that wait, of every source; how many. A process that dies in it leaves the rest waiting."""
    sources = SearchWaiting.objects.values_list("source_id", flat=True).distinct()
    return sum(map(catch_up_with, list(sources)))


def catch_up_with(source: int) -> int:
    """The same, of one source."""
    made = 0
    while done := _make_some(source):
        made += done
    return made


@transaction.atomic
def sweep() -> None:
    """Let go whoever has left for longer than KEPT, and let those wait whom the days have changed: minors of age."""
    sql.run(_PACKAGE, "search_sweep", {"kept": KEPT})


def number_word(number: str) -> str:
    """A source's number of a person or booking, as it is looked up: without case, blanks and hyphens."""
    return "#" + "".join(letter for letter in number.upper() if letter.isalnum())


@transaction.atomic
def _make_some(source: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_SEARCH, source])
        cursor.execute(sql.load(_PACKAGE, "search_take"), {"source": source, "most": _BATCH})
        people = sorted({person for (person,) in cursor})
        if not people:
            return 0
        countries = _countries(source)
        rows = sql.rows(_PACKAGE, "search_people", {"people": people})
        entries = [_entry(row, countries) for row in rows]
        _stage(cursor, entries)
        cursor.execute(sql.load(_PACKAGE, "search_put"), {"source": source, "people": people})
        _add_words(cursor, entries)
    return len(people)


def _entry(row: Mapping[str, Any], countries: Mapping[str, str]) -> _Entry:
    others = [name for several in row["others"] or () for name in several.split("\n")]
    found = [place for name in (*row["given"], *(row["family"] or ()), *others) for place in places(name)]
    numbers = {number_word(number) for number in (row["key"], *row["bookings"]) if number}
    said = row["birth_country"]
    country = "" if said is None else countries.get(said) or country_code(said) or ""
    return _Entry(
        person=row["id"],
        hidden=row["hidden"],
        main=frozenset(place[0] for place in found),
        words=sorted({word for place in found for word in place} | numbers),
        born_first=row["born_first"],
        born_last=row["born_last"],
        birth_country=country,
    )


def _countries(source: int) -> dict[str, str]:
    known = Spelling.objects.filter(source=source, field=Spelling.Field.BIRTH_COUNTRY)
    return dict(known.values_list("said", "country"))


def _stage(cursor: Any, entries: Iterable[_Entry]) -> None:
    cursor.execute(sql.load(_PACKAGE, "search_staging"))
    with cursor.copy("COPY entry_made FROM STDIN") as copy:
        for entry in entries:
            copy.write_row(
                (
                    entry.person,
                    entry.hidden,
                    entry.words,
                    entry.born_first,
                    entry.born_last,
                    entry.birth_country,
                )
            )


def _add_words(cursor: Any, entries: Iterable[_Entry]) -> None:
    used = {(word, entry.hidden) for entry in entries for word in entry.main}
    cursor.execute(
        "SELECT said.word, said.hidden FROM unnest(%s::text[], %s::boolean[]) AS said (word, hidden)"
        " WHERE NOT EXISTS (SELECT FROM custody_searchword known"
        " WHERE known.word = said.word AND known.hidden = said.hidden)",
        [[word for word, _ in used], [hidden for _, hidden in used]],
    )
    new = cursor.fetchall()
    cursor.executemany(
        "INSERT INTO custody_searchword (word, hidden, keys) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        [(word, hidden, keys(word)) for word, hidden in sorted(new)],
    )
