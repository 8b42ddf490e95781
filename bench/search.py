"""How long does it take to find a person whose name is written otherwise, among two million, and is the person found?

`python -m bench.search` fills a database with invented people whose names are as frequent as in a census, and among
them the first name of each pair that one jail wrote in two ways for one person (`--names`, the folder of these lists;
without it, invented names). Then it asks for the second name of each pair, with a birth date, an age or a country of
birth, and for people of the census with a slip of the finger: ours and a bare trigram query (pg_trgm, threshold 0.3, a
GIN index on the whole name, the same fact as a condition) in turns. Recall is the share of questions with the person
among the first 20; it counts pairs whose second name has something of the first in two of its words, and shows those
with one. The aims: p95 at most half of the bare query's, recall at least 0.95.
"""

import argparse
import csv
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bench.scratch import scratch_database, set_up

SEED = 5
LIKELY = ("double-surname-partial", "given-spelling", "middle-differs", "middle-initial", "middle-missing",
          "overlap-2plus", "reordered", "suffix-only", "surname-spacing", "surname-spelling")  # fmt: skip
UNLIKE = ("given-changed", "overlap-1", "surname-changed")
"""Pairs that share a single word: a person is found by it and the exact birth date."""
COUNTRIES = [("US", 80), ("MX", 8), ("GT", 4), ("HN", 3), ("SV", 3), ("CN", 1), ("IN", 1)]
BARE = """
SELECT person_id FROM bare
WHERE name %% %(name)s AND (%(born)s::date IS NULL OR born = %(born)s)
  AND (%(country)s = '' OR country = %(country)s)
  AND (%(first)s::date IS NULL OR born BETWEEN %(first)s AND %(last)s)
ORDER BY similarity(name, %(name)s) DESC, person_id LIMIT 20
"""


@dataclass(frozen=True, kw_only=True)
class Listed:
    """Somebody the source lists."""

    first: str
    last: str
    born: date
    country: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """A name as somebody writes it, of the person with this number."""

    person: int
    name: str
    category: str


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--people", type=int, default=2_000_000)
    options.add_argument("--questions", type=int, default=400, help="of each kind of fact")
    options.add_argument("--names", type=Path, default=Path("../shared/data/names"))
    chosen = options.parse_args()
    set_up()
    with scratch_database("bench_search"):
        measure(chosen.people, chosen.questions, chosen.names)


def measure(count: int, asked: int, folder: Path) -> None:
    chance = random.Random(SEED)
    people, pairs = crowd(count, folder, chance)
    put(people)
    index_seconds = fill_index()
    bare_seconds = fill_bare()
    print(
        f"{len(people):,} people. Our index took {index_seconds:.0f} s, the trigrams {bare_seconds:.0f} s.\n"
    )
    slips = [
        Question(person=person, name=slipped(f"{one.first} {one.last}", chance), category="slip")
        for person in chance.sample(range(len(people)), asked)
        if (one := people[person])
    ]
    likely = chance.sample(*few([pair for pair in pairs if pair.category in LIKELY], asked))
    unlike = chance.sample(*few([pair for pair in pairs if pair.category in UNLIKE], asked))
    print("| asked | with | ours p50 | p95 | recall@20 | bare p50 | p95 | recall@20 | p95, ours to bare |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, questions in (("jail pairs", likely), ("slips of a finger", slips), ("one word alike", unlike)):
        for fact in ("birth date", "age", "country"):
            if questions and (name != "one word alike" or fact == "birth date"):
                row(name, fact, questions, people)


def few(found: list[Question], most: int) -> tuple[list[Question], int]:
    return found, min(most, len(found))


def row(name: str, fact: str, questions: list[Question], people: list[Listed]) -> None:
    ways: dict[str, Callable[[Question, Listed, str], list[int]]] = {"ours": ours, "bare": bare}
    times: dict[str, list[float]] = {way: [] for way in ways}
    hits = dict.fromkeys(ways, 0)
    for question in questions:
        for way, ask in ways.items():
            began = time.perf_counter()
            found = ask(question, people[question.person], fact)
            times[way].append(1000 * (time.perf_counter() - began))
            hits[way] += question.person in found
    shown = [name, fact]
    p95 = {}
    for way in ways:
        cuts = statistics.quantiles(times[way], n=20)
        p95[way] = cuts[18]
        shown += [f"{cuts[9]:.1f} ms", f"{cuts[18]:.1f} ms", f"{hits[way] / len(questions):.3f}"]
    print("|", " | ".join([*shown, f"{p95['ours'] / p95['bare']:.2f}"]), "|", flush=True)


def ours(question: Question, truth: Listed, fact: str) -> list[int]:
    from watchword.custody.finding.queries import find
    from watchword.custody.finding.records import Sought

    sought = Sought(
        name=question.name,
        born=truth.born if fact == "birth date" else None,
        age=years(truth.born) if fact == "age" else None,
        birth_country=truth.country if fact == "country" else "",
    )
    return [found.person - 1 for found in find(sought)]


def bare(question: Question, truth: Listed, fact: str) -> list[int]:
    from django.db import connection

    today, age = date.today(), timedelta(days=365.25 * years(truth.born))  # noqa: DTZ011 - only for an age
    values = {
        "name": question.name,
        "born": truth.born if fact == "birth date" else None,
        "first": today - age - timedelta(days=732) if fact == "age" else None,
        "last": today - age + timedelta(days=366) if fact == "age" else None,
        "country": truth.country if fact == "country" else "",
    }
    with connection.cursor() as cursor:
        cursor.execute(BARE, values)
        return [person - 1 for (person,) in cursor]


def years(born: date) -> int:
    return int((date.today() - born).days / 365.25)  # noqa: DTZ011


def crowd(count: int, folder: Path, chance: random.Random) -> tuple[list[Listed], list[Question]]:
    """The people, and the second spellings of some of them."""
    people: list[Listed] = []
    pairs: list[Question] = []
    for first, last, question in first_spellings(folder):
        if question is not None:
            pairs.append(Question(person=len(people), name=question[0], category=question[1]))
        people.append(listed(first, last, chance))
    given, family = frequencies(folder, "first_names"), frequencies(folder, "surnames")
    for name, other in zip(drawn(given, count, chance), drawn(family, count, chance), strict=True):
        middle = f" {chance.choice(given[0])}" if chance.random() < 0.5 else ""
        people.append(listed(name + middle, other, chance))
    return people[: max(count, len(pairs))], pairs


def first_spellings(folder: Path) -> Iterator[tuple[str, str, tuple[str, str] | None]]:
    if not (folder / "jail_name_pairs.csv").exists():
        return
    with (folder / "jail_name_pairs.csv").open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            if line["label"] == "match":
                last, _, first = line["name_a"].partition(", ")
                yield first, last, (line["name_b"], line["category"])


def frequencies(folder: Path, kind: str) -> tuple[list[str], list[float]]:
    """Names and how many have them."""
    found = list(folder.glob(f"us_census_*_{kind}_top*.csv"))
    if not found:
        ends = ("an", "el", "ia", "o", "ez", "son", "ova", "ski")
        names = [
            f"{a}{b}{c}"
            for a in ("Mar", "Jo", "Ka", "Lu", "Ti")
            for b in ("ri", "na", "bel", "so")
            for c in ends
        ]
        return names, [1000 / (place + 1) for place in range(len(names))]
    with found[0].open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    return [line["name"].title() for line in lines], [float(line["count"]) for line in lines]


def drawn(names: tuple[list[str], list[float]], count: int, chance: random.Random) -> list[str]:
    return chance.choices(names[0], names[1], k=count)


def listed(first: str, last: str, chance: random.Random) -> Listed:
    born = date(1946, 1, 1) + timedelta(days=chance.randrange(60 * 365))
    country = chance.choices([code for code, _ in COUNTRIES], [share for _, share in COUNTRIES])[0]
    return Listed(first=first, last=last, born=born, country=country)


def slipped(name: str, chance: random.Random) -> str:
    """The name with one slip in a word of at least four letters: a letter left out, doubled, changed or swapped."""
    words = name.split()
    long = [at for at, word in enumerate(words) if len(word) > 3]
    if not long:
        return name
    at = chance.choice(long)
    word = words[at]
    place = chance.randrange(1, len(word) - 1)
    words[at] = chance.choice(
        [
            word[:place] + word[place + 1 :],
            word[:place] + word[place] + word[place:],
            word[:place] + chance.choice("aeioulnrst") + word[place + 1 :],
            word[:place] + word[place + 1] + word[place] + word[place + 2 :],
        ]
    )
    return " ".join(words)


def put(people: list[Listed]) -> None:
    """The people and their records, as a first roster would leave them."""
    from django.db import connection

    from watchword.feeds.models import Source

    source = Source.objects.create(name="state", mapping="").pk
    with connection.cursor() as cursor:
        with cursor.copy("COPY custody_person (id, source_id, key) FROM STDIN") as copy:
            for number in range(1, len(people) + 1):
                copy.write_row((number, source, f"P{number:08}"))
        columns = "source_id, person_id, booking, first_name, last_name, birth_date, birth_country, status"
        rest = ", protected, sealed, listed, missed, doubted, fingerprints, digests"
        with cursor.copy(f"COPY custody_record ({columns}{rest}) FROM STDIN") as copy:
            for number, one in enumerate(people, start=1):
                said = (source, number, f"B{number:08}", one.first, one.last, one.born, one.country)
                copy.write_row((*said, "in_custody", False, False, True, 0, False, [], []))
        cursor.execute(
            "INSERT INTO feeds_spelling (source_id, field, said, key, state, country)"
            " SELECT DISTINCT %s::bigint, 'birth_country', birth_country, birth_country, 'decided', birth_country"
            " FROM custody_record",
            [source],
        )
        cursor.execute(
            "INSERT INTO custody_searchwaiting (source_id, person_id) SELECT source_id, id FROM custody_person"
        )
        cursor.execute("VACUUM (ANALYZE)")


def fill_index() -> float:
    from django.db import connection

    from watchword.custody.finding import index

    began = time.perf_counter()
    index.catch_up()
    seconds = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) custody_searchentry, custody_searchword")  # as autovacuum would
    return seconds


def fill_bare() -> float:
    from django.db import connection

    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute("SET pg_trgm.similarity_threshold = 0.3")
        cursor.execute(
            "CREATE TABLE bare AS SELECT person_id, last_name || ' ' || first_name AS name, birth_date AS born,"
            " birth_country AS country FROM custody_record"
        )
        cursor.execute("CREATE INDEX ON bare USING gin (name gin_trgm_ops)")
        cursor.execute("VACUUM (ANALYZE) bare")
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
