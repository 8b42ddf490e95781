"""How long do others take to find what changed between the same two files?

`python -m bench.peers --peers PYTHON`, an interpreter that has what `requirements/bench.txt` names, writes two rosters
(bench/diff), and has csv-diff, DuckDB and polars find the people who are new, gone or changed between them, each in a
process of its own. Ours reads the second file against what it knows of the first, and does more: the file is kept,
encrypted; rows are checked; events are judged and committed.
"""

import argparse
import importlib
import json
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

KEY = "person_no"
Counts = dict[str, int]


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--rows", type=int, default=200_000)
    options.add_argument("--changed", type=float, default=0.01)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument(
        "--peers", type=Path, help="an interpreter that has the peers; ours alone, if left out"
    )
    options.add_argument("--part", nargs=3, metavar=("PEER", "OLD", "NEW"), help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.part:
        peer, old, new = chosen.part
        print(json.dumps(timed(peer, old, new)))
        return
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), chosen.rows, chosen.changed, chosen.rounds, chosen.peers)


def measure(folder: Path, rows: int, changed: float, rounds: int, python: Path | None) -> None:
    from bench.diff import MAPPING, load_apart, versions_of, write
    from bench.scratch import scratch_database, set_up

    set_up()
    old, new = folder / "old.csv", folder / "new.csv"
    versions = versions_of(rows, changed)
    for file in (old, new):
        write(file, next(versions))
    print(f"{rows:,} rows of 22 columns, {new.stat().st_size / 1e6:,.0f} MB; {changed:.0%} changed.\n")
    print("| | seconds, the best of the rounds | memory | new, gone and changed people |\n|---|---|---|---|")
    with scratch_database("bench_peers") as database:
        from django.db import connection

        from watchword.feeds.receiving import add_source

        add_source("state", MAPPING)
        load_apart(database, old, 0)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")  # as autovacuum would have, a minute later
        loaded = load_apart(database, new, 1)  # once: a second time it is known
        found = sum(loaded["events"].values()) + sum(loaded["held"].values())
        say("ours, to committed events", loaded["seconds"], loaded["megabytes"], f"{found:,} events")
    for peer in PEERS if python else ():
        command = [str(python), "-P", __file__, "--part", peer, str(old), str(new)]
        answers = [
            json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
            for _ in range(rounds)
        ]
        best = min(answers, key=lambda answer: answer["seconds"])
        people = ", ".join(f"{count:,} {what}" for what, count in best["found"].items())
        say(peer, best["seconds"], best["megabytes"], people)


def say(name: str, seconds: float, megabytes: float, found: str) -> None:
    print(f"| {name} | {seconds:.2f} s | {megabytes:,.0f} MB | {found} |", flush=True)


def timed(peer: str, old: str, new: str) -> dict[str, Any]:
    """In a process of its own, without our code: seconds, memory, and what was found. Its library is loaded before."""
    find = PEERS[peer]
    importlib.import_module(find.__name__)
    began = time.perf_counter()
    found = find(old, new)
    seconds = time.perf_counter() - began
    status = Path("/proc/self/status").read_text()
    most = next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))
    return {"seconds": seconds, "megabytes": most, "found": found}


def csv_diff(old: str, new: str) -> Counts:
    """As its guide uses it."""
    library: Any = importlib.import_module("csv_diff")
    with Path(old).open() as one, Path(new).open() as other:
        found = library.compare(library.load_csv(one, key=KEY), library.load_csv(other, key=KEY))
    return {"new": len(found["added"]), "gone": len(found["removed"]), "changed": len(found["changed"])}


def duckdb(old: str, new: str) -> Counts:
    """One full join; every column as text, as the others read it."""
    library: Any = importlib.import_module("duckdb")
    rows = library.execute(
        "SELECT count(*) FILTER (WHERE old.person_no IS NULL), count(*) FILTER (WHERE new.person_no IS NULL),"
        " count(*) FILTER (WHERE old.person_no = new.person_no AND old IS DISTINCT FROM new)"
        " FROM read_csv(?, all_varchar = true) AS old FULL JOIN read_csv(?, all_varchar = true) AS new"
        " ON old.person_no = new.person_no",
        [old, new],
    ).fetchone()
    return dict(zip(("new", "gone", "changed"), rows, strict=True))


def polars(old: str, new: str) -> Counts:
    """Lazily, so that it plans the whole."""
    library: Any = importlib.import_module("polars")
    before, after = (library.scan_csv(file, infer_schema=False) for file in (old, new))
    columns = [name for name in before.collect_schema().names() if name != KEY]
    both = before.join(after, on=KEY, suffix="_new")
    differs = library.any_horizontal(
        library.col(name).ne_missing(library.col(f"{name}_new")) for name in columns
    )
    counted = [
        after.join(before, on=KEY, how="anti").select(library.len()),
        before.join(after, on=KEY, how="anti").select(library.len()),
        both.filter(differs).select(library.len()),
    ]
    new_ones, gone, changed = (frame.item() for frame in library.collect_all(counted))
    return {"new": new_ones, "gone": gone, "changed": changed}


# Each function has the name of its library's module.
PEERS: dict[str, Callable[[str, str], Counts]] = {"csv-diff": csv_diff, "DuckDB": duckdb, "polars": polars}

if __name__ == "__main__":
    main()
