"""How long from a roster's file to the hand-over of the one message that it brings, on an idle system?

`python -m bench.latency` keeps a jail of 2,000 people, each watched by one registrant, and one sleeping worker. Again
and again a roster comes in, in which one person is released; what is measured is the time from the opening of its file
to the moment when the carrier has the text: received, kept, compared, recorded, put into words, planned, claimed,
handed over. The aim is under 1 s in 99 of 100.
"""

import argparse
import io
import statistics
import time
from datetime import UTC, datetime, timedelta

from bench.scratch import scratch_database, set_up
from bench.urgent import reached, server, worker

_PAUSE_SECONDS = 0.5  # so that the system is idle again
_FIRST_ROSTER = datetime(2026, 3, 10, 20, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rosters", type=int, default=100)
    parser.add_argument("--people", type=int, default=2_000)
    arguments = parser.parse_args()
    set_up()
    with scratch_database("bench_latency") as database:
        waits, loads = measure(database, arguments.rosters, arguments.people)
    waits.sort()
    print(f"{arguments.rosters} rosters of {arguments.people:,} people, one release in each; one worker.\n")
    print("| | median | p99 | longest |")
    print("|---|---|---|---|")
    for name, seconds in (("file to hand-over", waits), ("of which file to planned", sorted(loads))):
        p99 = seconds[max(0, -(-99 * len(seconds) // 100) - 1)]
        print(f"| {name} | {statistics.median(seconds):.3f} s | {p99:.3f} s | {seconds[-1]:.3f} s |")


def measure(database: str, rosters: int, people: int) -> tuple[list[float], list[float]]:
    """For each roster the seconds from its file to the hand-over, and to the end of its stages."""
    from tests.integration.custody.rosters import Feed, as_csv, held_person

    from watchword import pipeline

    feed = Feed()
    held = [held_person(f"P{number:06}", 2) for number in range(people)]
    pipeline.load_roster(feed.source, io.BytesIO(as_csv(held)), _FIRST_ROSTER)
    watch(feed.source.pk)
    waits, loads = [], []
    with server(0.0) as url, worker(database, url):
        time.sleep(10 * _PAUSE_SECONDS)  # the worker starts
        for number in range(rosters):
            held[number] = held_person(f"P{number:06}", 2, discharged=9)
            file = io.BytesIO(as_csv(held))
            began = time.time()
            pipeline.load_roster(feed.source, file, _FIRST_ROSTER + timedelta(minutes=number + 1))
            loads.append(time.time() - began)
            waits.append(reached(url, number) - began)
            time.sleep(_PAUSE_SECONDS)
    return waits, loads


def watch(source: int) -> None:
    """A registrant with a phone for each person of the source, in the order of their ids."""
    from psycopg.types.multirange import Multirange
    from psycopg.types.range import Range
    from tests.deliveries import registrants

    from watchword.custody.models import Person
    from watchword.registrants.models import Registration

    people = list(Person.objects.filter(source=source).order_by("key"))
    always = Multirange([Range(datetime(2026, 1, 1, tzinfo=UTC), None)])
    Registration.objects.bulk_create(
        Registration(registrant=registrant, person=person, state="active", entitled=always)
        for registrant, person in zip(registrants(len(people)), people, strict=True)
    )


if __name__ == "__main__":
    main()
