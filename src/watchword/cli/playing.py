"""Commands that play rosters: a folder of real ones as they came, or invented ones of any size and oddity."""

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from watchword.cli.console import Json, in_words, print_json, ready

playing = typer.Typer()


@playing.command()
def replay(
    folder: Annotated[
        Path, typer.Argument(help="A folder of rosters, named by their moments, such as 20260301.csv.")
    ],
    source: Annotated[str, typer.Option(help="The source that they are of.")],
    speed: Annotated[
        float, typer.Option(min=0, help="So many times as fast as they came; 0: without waiting.")
    ] = 0,
    as_json: Json = False,
) -> None:
    """Take in a folder of rosters as they came, one after another, as if each came at its own moment.

    Whoever is registered is told, as by any roster: try a source in an installation of its own. JSON: [{file, at,
    outcome, rows, quarantined, events: {kind: n}, held: {kind: n}, incident}].
    """
    ready()
    from watchword.feeds.receiving import source_named
    from watchword.replay import replay as play

    played = []
    for one in play(source_named(source), folder, speed=speed):
        roster = one.roster
        facts = {
            "file": one.file,
            "at": one.at,
            "outcome": roster.outcome,
            "rows": roster.rows,
            "quarantined": roster.quarantined,
            "events": roster.events,
            "held": roster.held,
            "incident": roster.incident_id,
        }
        if as_json:
            played.append(facts)
        else:
            print("  ".join(f"{name}: {in_words(value)}" for name, value in facts.items()), flush=True)
    if as_json:
        print_json(played)


@playing.command()
def simulate(
    folder: Annotated[Path, typer.Argument(help="Made if it is not there; files in it are written over.")],
    people: Annotated[int, typer.Option(min=1, help="Held at first; about as many all the time.")] = 300,
    rosters: Annotated[int, typer.Option(min=1, help="How many files.")] = 30,
    seed: Annotated[int, typer.Option(help="Another one is another jail; the same one the same.")] = 1,
    every_minutes: Annotated[int, typer.Option(min=1, help="Between two files.")] = 1440,
    begins: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%dT%H:%M"], help="Of the first file, UTC.")
    ] = datetime(2026, 1, 1, 11, 0),  # noqa: DTZ001 - UTC is put on below
    odd: Annotated[float, typer.Option(min=0, max=1, help="The share of files that are odd.")] = 0.0,
    kinds: Annotated[
        str,
        typer.Option(
            help="In which ways, comma-separated: gap, empty, truncated, stale, renumbered, mass_edit, shuffled; "
            "all of them if left out."
        ),
    ] = "",
) -> None:
    """Write the rosters of an invented jail, of any size and oddity, with what truly happened beside them.

    FOLDER gets mapping.yaml (for `watchword source add`), rosters/ (for `watchword replay`) and truth.json: {stays:
    [{person, booked, left, ...}], numbers: {number: person}, odd: {file: what}}.
    """
    from watchword.demo.operator import MAPPING
    from watchword.demo.simulating import Jail, Oddity

    try:
        wanted = tuple(Oddity(word.strip()) for word in kinds.split(",") if word.strip()) or tuple(Oddity)
    except ValueError as error:
        raise typer.BadParameter(f"{error}.") from None
    jail = Jail(
        people=people,
        begins=begins.replace(tzinfo=UTC),
        seed=seed,
        every=timedelta(minutes=every_minutes),
        odd=odd,
        kinds=wanted,
    )
    (folder / "rosters").mkdir(parents=True, exist_ok=True)
    oddities = {}
    for simulated in jail.rosters(rosters):
        name = f"{simulated.at:%Y-%m-%dT%H%M}Z.csv"
        (folder / "rosters" / name).write_bytes(simulated.file)
        if simulated.oddity:
            oddities[name] = simulated.oddity.value
    rhythm = f"rhythm: {every_minutes} minutes"
    (folder / "mapping.yaml").write_text(MAPPING.read_text().replace("rhythm: 15 minutes", rhythm))
    truth = {"stays": [asdict(stay) for stay in jail.stays], "numbers": jail.numbers, "odd": oddities}
    (folder / "truth.json").write_text(json.dumps(truth, default=str, indent=1))
    print(
        f"{rosters} rosters of {people} people are in {folder / 'rosters'}; {len(oddities)} of them are odd."
    )
