"""How long from a roster's file to its committed events, against a bare COPY of the same file?

`python -m bench.diff` writes a roster of 2 million rows and 22 columns, takes it as a baseline, and then loads version
after version of it, each with one row in a hundred changed (transfers, dates, charges, releases, absences, bookings),
in turns with a bare COPY of the very same file into a temporary table. Every load is a process of its own, so its peak
memory is its own.
"""

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.scratch import connect_to, peak_megabytes, scratch_database, set_up

COLUMNS = (
    "person_no,booking_no,last,first,middle,suffix,aka,born,country,facility,status,status_at,booked_at,release_kind,"
    "destination,expected_release,next_court,court_place,charges,protected,bed,property_bag"
)
MAPPING = """
agency: Great State Department of Correction
title: Statewide custody roster
time_zone: America/Chicago
rhythm: 1 day
absence: {means: vanished, after: 1}
format: {kind: csv}
columns:
  person_key: person_no
  booking_key: booking_no
  last_name: last
  first_name: first
  middle_name: middle
  suffix: suffix
  also_known_as: {column: aka, separator: ";"}
  birth_date: born
  birth_country: country
  facility: facility
  status: status
  status_at: status_at
  booked_at: booked_at
  release_kind: release_kind
  destination: destination
  expected_release_on: expected_release
  next_court_at: next_court
  next_court_place: court_place
  charges: {column: charges, separator: ";"}
  protected: protected
"""
KINDS = ("move", "court", "release_date", "charges", "release", "absent", "new")
SHARES = (50, 20, 10, 10, 4, 3, 3)
DAY_ONE = datetime(2026, 1, 1)  # noqa: DTZ001 - as a source writes it


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--rows", type=int, default=2_000_000)
    options.add_argument("--changed", type=float, default=0.01)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--load", nargs=3, metavar=("DATABASE", "FILE", "DAY"), help=argparse.SUPPRESS)
    chosen = options.parse_args()
    set_up()
    if chosen.load:
        print(json.dumps(load(*chosen.load)))
        return
    with scratch_database("bench_diff") as database, tempfile.TemporaryDirectory() as folder:
        measure(database, Path(folder) / "roster.csv", chosen.rows, chosen.changed, chosen.rounds)


def measure(database: str, file: Path, rows: int, changed: float, rounds: int) -> None:
    from django.db import connection

    from watchword.feeds.receiving import add_source

    add_source("state", MAPPING)
    versions = versions_of(rows, changed)
    write(file, next(versions))
    first = load_apart(database, file, 0)
    print(
        f"{rows:,} rows of 22 columns, {file.stat().st_size / 1e6:,.0f} MB; {changed:.0%} changed a roster."
    )
    print(f"The baseline took {first['seconds']:.1f} s and {first['megabytes']:,.0f} MB.\n")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")  # as autovacuum would have, a minute later
    ours: list[float] = []
    bare: list[float] = []
    memory: list[float] = []
    events: dict[str, int] = {}
    for day in range(1, rounds + 1):
        write(file, next(versions))
        bare.append(copy(file))
        loaded = load_apart(database, file, day)
        ours.append(loaded["seconds"])
        memory.append(loaded["megabytes"])
        events = loaded["events"]
    ratios = sorted(one / other for one, other in zip(ours, bare, strict=True))
    print(f"| | median of {rounds} | least | most |\n|---|---|---|---|")
    for name, times in (("roster to committed events", ours), ("bare COPY into a temporary table", bare)):
        print(f"| {name} | {statistics.median(times):.2f} s | {min(times):.2f} s | {max(times):.2f} s |")
    print(f"| ratio, pair by pair | {statistics.median(ratios):.2f} | {ratios[0]:.2f} | {ratios[-1]:.2f} |")
    print(f"\nPeak memory of our process: {max(memory):,.0f} MB. Events of the last roster: {events}.")


def load_apart(database: str, file: Path, day: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.diff", "--load", database, str(file), str(day)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    result: dict[str, Any] = json.loads(said)
    return result


def load(database: str, file: str, day: str) -> dict[str, Any]:
    """In a process of its own: receive and compare one roster."""
    import watchword.feeds.fingerprints  # noqa: F401 - with its library, which a process loads once
    from watchword.core.clock import now
    from watchword.custody.comparing import compare
    from watchword.feeds.receiving import receive, source_named

    connect_to(database)
    source = source_named("state")
    began = time.perf_counter()
    with Path(file).open("rb") as stream:
        roster = compare(receive(source, stream, now() + timedelta(days=int(day))))
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "megabytes": peak_megabytes(), "events": roster.events, "held": roster.held}


def copy(file: Path) -> float:
    """Seconds of a bare COPY of the file into a temporary table of text columns."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE bare ({', '.join(f'{name} text' for name in COLUMNS.split(','))})")
        began = time.perf_counter()
        with cursor.copy("COPY bare FROM STDIN (FORMAT csv, HEADER)") as sink, file.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                sink.write(chunk)
        seconds = time.perf_counter() - began
        cursor.execute("DROP TABLE bare")
    return seconds


def versions_of(rows: int, changed: float) -> Iterator[list[str]]:
    """The rows, and again with a share of them changed, and so on."""
    chance = random.Random(20260101)
    people = [person(number, chance) for number in range(rows)]
    yield [",".join(row) for row in people]
    next_number, day = rows, 0
    while True:
        day += 1
        gone = []
        for at in chance.sample(range(len(people)), int(len(people) * changed)):
            kind = chance.choices(KINDS, SHARES)[0]
            if kind == "absent":
                gone.append(at)
            elif kind == "new":
                people.append(person(next_number, chance, day))
                next_number += 1
            else:
                change(people[at], kind, day, chance)
        for at in sorted(gone, reverse=True):
            people[at] = people[-1]
            people.pop()
        yield [",".join(row) for row in people]


def person(number: int, chance: random.Random, day: int = 0) -> list[str]:
    booked = DAY_ONE + timedelta(days=day, minutes=-chance.randrange(1, 1_000 if day else 3_000_000))
    return [
        f"P{number:08}", f"B{number:08}", f"Family{chance.randrange(30_000)}", f"Given{chance.randrange(9_000)}",
        f"M{chance.randrange(40)}", "", f"Alias{number % 7_000};Other{number % 501}",
        f"{1950 + number % 55}-0{1 + number % 9}-1{number % 10}", f"Country{number % 150}",
        f"Facility {number % 120}", "in_custody", "", booked.isoformat(" ", "minutes"), "", "",
        f"2027-0{1 + number % 9}-2{number % 9}", f"2026-0{1 + number % 9}-15 09:30", f"Court {number % 60}",
        f"{100 + number % 400}.{number % 60};{number % 990}.05",
        "N", f"bed-{chance.randrange(99_999)}", f"bag-{chance.randrange(999_999)}",
    ]  # fmt: skip


def change(row: list[str], kind: str, day: int, chance: random.Random) -> None:
    if kind == "move":
        row[9] = f"Facility {chance.randrange(1_000)}"
    elif kind == "court":
        day_of_month, hour, minute = chance.randrange(10, 29), chance.randrange(8, 10), chance.randrange(60)
        row[16] = f"2026-1{chance.randrange(3)}-{day_of_month} {hour:02}:{minute:02}"
    elif kind == "release_date":
        row[15] = f"2028-1{chance.randrange(3)}-{10 + chance.randrange(19)}"
    elif kind == "charges":
        row[18] += f";{chance.randrange(999)}.10"
    else:
        row[10], row[13] = "released", "bail"
        row[11] = (DAY_ONE + timedelta(days=day)).isoformat(" ", "minutes")


def write(file: Path, lines: list[str]) -> None:
    with file.open("w") as stream:
        stream.write(COLUMNS + "\n")
        stream.writelines(line + "\n" for line in lines)


if __name__ == "__main__":
    main()
