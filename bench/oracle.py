"""Does the time of an answer tell a hidden person from one who is not there?

`python -m bench.oracle` puts invented people into an open source, some of them protected, and asks in turns, in random
order, about a protected one and about somebody invented in the same way who is not there: by number, by name and birth
date, and with a request. Shown is how often the one about the hidden person took longer (the area under the curve): 0.5
is chance, and within three standard errors of it nothing can be told from so many questions. For comparison, an open
person, who is shown.
"""

import argparse
import random
import time
from collections.abc import Callable
from pathlib import Path

from bench.scratch import scratch_database, set_up
from bench.search import Listed, crowd, fill_index, put

SEED = 11


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--people", type=int, default=200_000)
    options.add_argument("--questions", type=int, default=2_000, help="of each kind")
    options.add_argument("--names", type=Path, default=Path("../shared/data/names"))
    chosen = options.parse_args()
    set_up()
    with scratch_database("bench_oracle"):
        measure(chosen.people, chosen.questions, chosen.names)


def measure(count: int, asked: int, folder: Path) -> None:
    chance = random.Random(SEED)
    everybody, _ = crowd(count + asked, folder, chance)
    chance.shuffle(everybody)
    people, absent = everybody[:count], everybody[count : count + asked]
    put(people)
    hide(asked)
    fill_index()
    print(f"{count:,} people, {asked:,} of them hidden; {asked:,} questions of each kind.\n")
    print("| asked | hidden against not there | standard error | open against not there |")
    print("|---|---|---|---|")
    for name, ask in (("by number", by_number), ("by name", by_name), ("a request", by_request)):
        kinds = {
            "hidden": list(enumerate(people[:asked], start=1)),
            "open": list(enumerate(people[asked : 2 * asked], start=asked + 1)),
            "absent": list(enumerate(absent, start=count + 1)),
        }
        times = interleaved(ask, kinds, chance)
        error = (1 / (6 * asked)) ** 0.5
        told = (area(times[kind], times["absent"]) for kind in ("hidden", "open"))
        print("|", name, "|", f" | {error:.3f} | ".join(f"{each:.3f}" for each in told), "|", flush=True)


def hide(count: int) -> None:
    from watchword.custody.models import Record
    from watchword.feeds.models import Source
    from watchword.registrants.asking.models import Relation
    from watchword.registrants.asking.rules import set_rule

    Record.objects.filter(person__lte=count).update(protected=True)
    Source.objects.update(mapping=MAPPING)
    set_rule("state", is_open=True, who=list(Relation), by="bench", reason="bench")


MAPPING = """
agency: Great State Department of Correction
title: Statewide custody roster
time_zone: America/Chicago
rhythm: 1 day
absence: {means: vanished, after: 1}
format: {kind: csv}
columns: {person_key: person_no}
"""


def interleaved(
    ask: Callable[[int, Listed], object], kinds: dict[str, list[tuple[int, Listed]]], chance: random.Random
) -> dict[str, list[float]]:
    """Seconds of each question, by its kind; asked in random order, so that what the machine does meets all alike."""
    questions = [(kind, *one) for kind, several in kinds.items() for one in several]
    chance.shuffle(questions)
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    for kind, number, person in questions:
        began = time.perf_counter()
        ask(number, person)
        times[kind].append(time.perf_counter() - began)
    return times


def area(ones: list[float], others: list[float]) -> float:
    """How often one of the first took longer than one of the others."""
    ranked = sorted([(each, 1) for each in ones] + [(each, 0) for each in others])
    ranks = sum(rank for rank, (_, first) in enumerate(ranked, start=1) if first)
    return (ranks - len(ones) * (len(ones) + 1) / 2) / (len(ones) * len(others))


def by_number(number: int, person: Listed) -> object:
    from watchword.custody.finding.records import Sought
    from watchword.registrants.asking.lookup import look_up

    return look_up("state", Sought(number=f"P{number:08}"))


def by_name(number: int, person: Listed) -> object:
    from watchword.custody.finding.records import Sought
    from watchword.registrants.asking.lookup import look_up

    return look_up("state", Sought(name=f"{person.first} {person.last}", born=person.born))


def by_request(number: int, person: Listed) -> object:
    from watchword.custody.finding.records import Sought
    from watchword.registrants.asking.actions import ask
    from watchword.registrants.asking.models import Relation
    from watchword.registrants.asking.records import Asked, ForWhom, Reached

    return ask(
        Asked(
            source="state",
            sought=Sought(name=f"{person.first} {person.last}", born=person.born),
            relation=Relation.VICTIM,
            for_whom=ForWhom.MYSELF,
            reached=Reached(email=f"reader{number}@example.org", language="en"),
            pin="904817",
            evidence="26-118",
        )
    )


if __name__ == "__main__":
    main()
