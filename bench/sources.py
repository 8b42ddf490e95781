"""Can one machine follow a nation of small sources: 3,000 of 700 people, a roster each every 15 minutes?

`python -m bench.sources` gives every source its first roster, and then one with a few people changed, through the whole
way (received, compared, noticed, planned), as fast as two processes can. More must be done in a second than come: 3,000
in 15 minutes are 3.3. What one roster takes is how long after its arrival it is done, if nothing else is waiting. The
processor's time of one is that of our process; PostgreSQL takes about two thirds of it again. What the benchmark takes
to make the files up is not counted.
"""

import argparse
import io
import json
import random
import statistics
import subprocess
import sys
import time
from datetime import timedelta
from typing import TypedDict

from bench.diff import COLUMNS, KINDS, MAPPING, SHARES, change, person
from bench.scratch import connect_to, peak_megabytes, scratch_database, set_up

CHANGED = 7
"""People of a source who change from one roster to the next: one in a hundred."""


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--sources", type=int, default=3_000)
    options.add_argument("--people", type=int, default=700)
    options.add_argument("--processes", type=int, default=2)
    options.add_argument(
        "--load", nargs=4, metavar=("DATABASE", "FIRST", "END", "DAY"), help=argparse.SUPPRESS
    )
    chosen = options.parse_args()
    set_up()
    if chosen.load:
        database, *numbers = chosen.load
        load(database, *map(int, numbers), people=chosen.people)
        return
    with scratch_database("bench_sources") as database:
        measure(database, chosen.sources, chosen.people, chosen.processes)


def measure(database: str, sources: int, people: int, processes: int) -> None:
    from django.db import connection

    from watchword.feeds.receiving import add_source

    for number in range(sources):
        add_source(f"jail-{number:04}", MAPPING)
    print(f"{sources:,} sources of {people} people, {processes} processes.\n")
    print(
        "| roster | rosters a second | needed | median of one | 99th percentile | processor, of one | memory |"
    )
    print("|---|---|---|---|---|---|---|")
    for day in range(3):
        share = -(-sources // processes)
        command = [sys.executable, "-m", "bench.sources", "--people", str(people), "--load", database]
        parts = [
            subprocess.Popen(
                [*command, str(first), str(min(first + share, sources)), str(day)],
                stdout=subprocess.PIPE,
                text=True,
            )
            for first in range(0, sources, share)
        ]
        said: list[Loaded] = [json.loads(part.communicate()[0]) for part in parts]
        took = sorted(one for part in said for one in part["seconds"])
        busy = max(sum(part["seconds"]) for part in said)
        name = "first" if day == 0 else f"{CHANGED} of {people} changed"
        print(
            f"| {name} | {sources / busy:.1f} | {sources / 900:.1f} | {statistics.median(took) * 1e3:.0f} ms"
            f" | {took[len(took) * 99 // 100] * 1e3:.0f} ms"
            f" | {sum(part['processor'] for part in said) / sources * 1e3:.0f} ms"
            f" | {max(part['megabytes'] for part in said):.0f} MB |",
            flush=True,
        )
        if day == 0:
            with connection.cursor() as cursor:
                cursor.execute("VACUUM (ANALYZE)")  # as autovacuum would have, a minute later


class Loaded(TypedDict):
    """What one process did: its peak memory, the seconds of each roster, and processor time of all of them."""

    megabytes: float
    seconds: list[float]
    processor: float


def load(database: str, first: int, end: int, day: int, *, people: int) -> None:
    """In a process of its own: the rosters of some sources. Prints what it took, as JSON."""
    from watchword.core.clock import now
    from watchword.feeds.receiving import source_named
    from watchword.pipeline import load_roster

    connect_to(database)
    loaded = Loaded(megabytes=0, seconds=[], processor=0)
    for number in range(first, end):
        chance = random.Random(number)
        rows = [person(number * people + one, chance) for one in range(people)]
        for later in range(1, day + 1):
            for at in chance.sample(range(people), CHANGED):
                kind = chance.choices(KINDS, SHARES)[0]
                change(rows[at], "court" if kind in ("absent", "new") else kind, later, chance)
        file = "\n".join([COLUMNS, *map(",".join, rows), ""]).encode()
        began, before = time.perf_counter(), time.process_time()
        load_roster(source_named(f"jail-{number:04}"), io.BytesIO(file), now() + timedelta(days=day))
        loaded["seconds"].append(time.perf_counter() - began)
        loaded["processor"] += time.process_time() - before
    loaded["megabytes"] = peak_megabytes()
    print(json.dumps(loaded))


if __name__ == "__main__":
    main()
