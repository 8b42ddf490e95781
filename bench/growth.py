"""Does a roster take more time a row the more people it lists?

`python -m bench.growth` takes a first roster of each size and then one with one row in a hundred changed, each in a
process of its own, and prints the time, the time a row, and the memory. The aim is linear or better.
"""

import argparse
import tempfile
from pathlib import Path

from bench.diff import MAPPING, load_apart, versions_of, write
from bench.scratch import scratch_database, set_up

SIZES = (10_000, 50_000, 200_000, 1_000_000, 2_000_000)


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="people, ascending")
    options.add_argument("--changed", type=float, default=0.01)
    chosen = options.parse_args()
    set_up()
    print(f"22 columns; {chosen.changed:.0%} of the rows changed in the later roster.\n")
    print("| people | first roster | a row | memory | later roster | a row | memory |")
    print("|---|---|---|---|---|---|---|")
    for people in chosen.sizes:
        with scratch_database("bench_growth") as database, tempfile.TemporaryDirectory() as folder:
            measure(database, Path(folder) / "roster.csv", people, chosen.changed)


def measure(database: str, file: Path, people: int, changed: float) -> None:
    from django.db import connection

    from watchword.feeds.receiving import add_source

    add_source("state", MAPPING)
    cells = [f"{people:,}"]
    versions = versions_of(people, changed)
    for day in range(2):
        write(file, next(versions))
        loaded = load_apart(database, file, day)
        seconds = loaded["seconds"]
        cells += [f"{seconds:.2f} s", f"{seconds / people * 1e6:.1f} µs", f"{loaded['megabytes']:,.0f} MB"]
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")  # as autovacuum would have, a minute later
    print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
