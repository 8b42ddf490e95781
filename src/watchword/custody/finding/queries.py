"""Finding people: first the words that are written like those asked for, then who has them.

Every search asks the database the same two things, whether anybody is found or not. People who must not be found are
in indexes that a stranger's search does not touch, so it cannot take longer, or less long, for their being there.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from django.db import connection
from django.utils.timezone import localdate

from watchword.custody.finding.index import number_word
from watchword.custody.finding.likeness import keys, likeness
from watchword.custody.finding.nicknames import nicknames
from watchword.custody.finding.records import Found, Sought
from watchword.custody.finding.words import Place, places

MOST = 20
"""People whom a search finds at most."""

_PLACES = 4
"""Places of a name that are looked for; of more, the longest words, which say the most."""

_ALIKE = 50
"""Words that are looked for in one place, the likest first."""

_LOOKED_AT = 4_000
"""People whose names are compared one by one."""

_SAME_DAY, _OTHER_DAY, _SAME_COUNTRY, _UNKNOWN = 0.3, 0.15, 0.15, 0.0
"""What the second fact adds to the likeness of a name."""

_WORDS_ALIKE = "SELECT word FROM custody_searchword WHERE {hidden} AND keys && %(keys)s"
_PEOPLE = """
SELECT person_id, words, born_first, born_last, birth_country
FROM custody_searchentry
WHERE {hidden} AND (%(source)s::bigint IS NULL OR source_id = %(source)s)
  AND (({words}) AND ({fact}) OR words && %(all)s AND born_first = born_last AND born_first = %(born)s)
LIMIT %(most)s
"""

_STANDING = """
SELECT DISTINCT ON (person.id) person.id, source.name, person.key, record.status
FROM custody_person person
JOIN feeds_source source ON source.id = person.source_id
JOIN custody_record record ON record.person_id = person.id
WHERE person.id = ANY(%s)
ORDER BY person.id, record.status IN ('in_custody', 'furloughed') DESC, record.booked_at DESC NULLS LAST, record.id DESC
"""

_Alike = Mapping[str, float]
"""Words, and how alike each is to what was asked."""


def find(sought: Sought, *, source: int | None = None, hidden: bool = False) -> list[Found]:
    """Who it may be, the likest first, at most MOST; of one source, or of all.

    `hidden` searches among those who must not be found, and nobody else: for the office's own officers.
    """
    if sought.number.strip():
        return _by_number(sought.number, source, hidden)
    asked = _longest(places(sought.name))
    alike = _words_alike(asked, hidden)
    dates = _dates(sought)
    values: dict[str, Any] = {
        "source": source,
        "all": [word for each in alike for word in each],
        "born": sought.born,
        "dates": dates,
        "first": dates[0] if dates else None,
        "last": dates[-1] if dates else None,
        "country": sought.birth_country.upper(),
        "most": _LOOKED_AT,
    }
    for at, each in enumerate(alike):
        values[f"w{at}"] = list(each)
    with connection.cursor() as cursor:
        cursor.execute(
            _PEOPLE.format(hidden=_which(hidden), words=_together(len(alike)), fact=_fact(sought)), values
        )
        found = [
            Found(person=person, likeness=_likeness(alike, words) + _of_fact(sought, *facts))
            for person, words, *facts in cursor
        ]
    best = sorted(found, key=lambda one: (-one.likeness, one.person))
    return [Found(person=one.person, likeness=min(1.0, one.likeness)) for one in best[:MOST]]


def _by_number(number: str, source: int | None, hidden: bool) -> list[Found]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT person_id FROM custody_searchentry WHERE {_which(hidden)} AND words @> %s"  # noqa: S608
            " AND (%s::bigint IS NULL OR source_id = %s) ORDER BY person_id LIMIT %s",
            [[number_word(number)], source, source, MOST],
        )
        return [Found(person=person, likeness=1.0) for (person,) in cursor]


def _which(hidden: bool) -> str:
    """As a constant, so that it is one index or the other."""
    return "hidden" if hidden else "NOT hidden"


def _longest(asked: Sequence[Place]) -> list[Place]:
    kept = sorted(asked, key=lambda place: -len(place[0]))[:_PLACES]
    return [place for place in asked if place in kept]


def _words_alike(asked: Sequence[Place], hidden: bool) -> list[_Alike]:
    """Of each place, the words in the search that may be meant by it."""
    wanted = {key for place in asked for key in (*keys(place[0]), *nicknames(place[0]))}
    with connection.cursor() as cursor:
        cursor.execute(_WORDS_ALIKE.format(hidden=_which(hidden)), {"keys": sorted(wanted)})
        known = [word for (word,) in cursor]
    found: list[_Alike] = []
    for main, *others in asked:
        scored = [(score, word) for word in known if (score := likeness(main, word))]
        best = sorted(scored, key=lambda each: (-each[0], each[1]))[:_ALIKE]
        found.append(dict.fromkeys((main, *others), 1.0) | {word: score for score, word in best})
    return found


def _together(count: int) -> str:
    """Two of the places, whichever they are: a name may have been left out or changed. Of a single one, that one."""
    if count < 2:
        return "words && %(w0)s" if count else "false"
    return " OR ".join(
        f"words && %(w{one})s AND words && %(w{other})s" for one, other in combinations(range(count), 2)
    )


def _fact(sought: Sought) -> str:
    """Whether what else is known fits; where the source does not say it, it does."""
    known = []
    if sought.born is not None:
        known.append(
            "(born_first IS NULL OR born_first = born_last AND born_first = ANY(%(dates)s)"
            " OR born_first < born_last AND %(born)s BETWEEN born_first AND born_last)"
        )
    elif sought.age is not None:
        known.append("(born_first IS NULL OR born_first <= %(last)s AND born_last >= %(first)s)")
    if sought.birth_country:
        known.append("birth_country IN ('', %(country)s)")
    return " AND ".join(known)


def _dates(sought: Sought) -> list[date]:
    """Birth dates that may be meant: the one given and its usual slips; or the first and the last of an age."""
    if sought.born is not None:
        given = sought.born
        slips = [given + timedelta(days=days) for days in (-1, 1)]
        for year, month, day in (
            (given.year, given.day, given.month),
            *((given.year + years, given.month, given.day) for years in (-10, -1, 1, 10)),
            *((given.year, given.month + months, given.day) for months in (-1, 1)),
        ):
            if 1 <= month <= 12 and day <= 28:
                slips.append(date(year, month, day))
        return sorted({given, *slips})
    if sought.age is not None:
        today = localdate()
        return [
            today - timedelta(days=round(365.25 * (sought.age + 2))),
            today - timedelta(days=round(365.25 * max(0, sought.age - 1))),
        ]
    return []


def _likeness(alike: Sequence[_Alike], written: Sequence[str]) -> float:
    """How alike the names are: of each place asked for, the likest word; a place that has none counts as nothing."""
    scores = sorted(
        (max((each.get(word, 0.0) for word in written), default=0.0) for each in alike), reverse=True
    )
    # Two places say who it is; a third, such as a middle name, is often left out.
    main, rest = scores[:2], scores[2:]
    return 0.6 * sum(main) / max(1, len(main)) + 0.1 * (sum(rest) / len(rest) if rest else 0.5)


def _of_fact(sought: Sought, born_first: date | None, born_last: date | None, country: str) -> float:
    added = _UNKNOWN
    if sought.born is not None and born_first is not None:
        added += _SAME_DAY if born_first == born_last == sought.born else _OTHER_DAY
    elif sought.age is not None and born_first is not None:
        added += _OTHER_DAY
    if sought.birth_country and country == sought.birth_country.upper():
        added += _SAME_COUNTRY
    return added


def standing(found: Sequence[Found]) -> list[dict[str, Any]]:
    """Where these people stand, in the same order: their source, their number, and what was last said of each."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [[one.person for one in found]])
        said = {person: rest for person, *rest in cursor}
    return [
        {
            "source": said[one.person][0],
            "person": said[one.person][1],
            "status": said[one.person][2],
            "likeness": round(one.likeness, 2),
        }
        for one in found
        if one.person in said
    ]
