"""Commands about what comes in: sources, rosters, and what changed."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from watchword.cli.console import Json, in_words, print_json, print_table, ready
from watchword.cli.console import moment as parsed_moment
from watchword.core.errors import WatchwordError

rosters = typer.Typer()
source = typer.Typer(help="The feeds that rosters come from.", no_args_is_help=True)
rosters.add_typer(source, name="source")
roster = typer.Typer(help="The listings that sources send.", no_args_is_help=True)
rosters.add_typer(roster, name="roster")


@source.command("add")
def source_add(
    name: str,
    mapping: Annotated[
        Path, typer.Option(help="The mapping's YAML file, or the name of one that comes along (nyc-doc).")
    ],
    as_json: Json = False,
) -> None:
    """Add a source of rosters, or give it a new mapping."""
    text = _mapping_text(mapping)
    ready()
    from watchword.feeds.receiving import add_source

    added = add_source(name, text)
    if as_json:
        print_json({"id": added.pk, "name": added.name})
    else:
        print(
            f"Source {added.name} is ready for its first roster: `watchword roster load {added.name} FILE`."
        )


def _mapping_text(mapping: Path) -> str:
    shipped = files("watchword.feeds") / "mappings" / f"{mapping}.yaml"
    try:
        return shipped.read_text() if shipped.is_file() else mapping.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WatchwordError(f"The mapping {mapping} cannot be read: {error}.") from None


@source.command("try")
def source_try(
    mapping: Annotated[
        Path, typer.Argument(help="The mapping's YAML file, or the name of one that comes along.")
    ],
    file: Annotated[Path, typer.Argument(help="A file of the source.")],
    bad_rows: Annotated[int, typer.Option(min=0, help="Show so many of the rows that cannot be read.")] = 20,
    people: Annotated[
        int, typer.Option(min=0, help="Show so many of the people as they are understood, names among it.")
    ] = 0,
    as_json: Json = False,
) -> None:
    """Show what a mapping makes of a file. Nothing is saved, and no database is needed.

    Exit status 1 where such a roster could not be used. JSON: {verdict, is_usable, rows, readable, bad, people,
    in_custody, columns: [{field, column, read_as, looks_like, filled, unset, least, greatest, words, without_meaning}],
    unmapped: [{column, looks_like}], notes, bad_rows: [{number, column, reason, person_key}], first_people}.
    """
    from watchword.cli.trials import print_trial
    from watchword.core.clock import now
    from watchword.feeds.mapping import load
    from watchword.feeds.trying import try_mapping

    trial = try_mapping(
        load(_mapping_text(mapping)), lambda: chunks_of(file), now(), bad_rows=bad_rows, people=people
    )
    print_trial(trial, as_json)
    if not trial.is_usable:
        raise typer.Exit(1)


@source.command("draft")
def source_draft(
    file: Annotated[Path, typer.Argument(help="A file of the source.")],
    sheet: Annotated[
        str | None, typer.Option(help="Of a workbook: the sheet; the first if left out.")
    ] = None,
) -> None:
    """Propose a mapping for a file, as YAML to be finished by hand. Nothing is saved, and no database is needed."""
    from watchword.feeds.drafting import draft

    print(draft(lambda: chunks_of(file), sheet), end="")


def chunks_of(file: Path) -> Iterator[bytes]:
    """A file's bytes, a MiB at a time; WatchwordError where it cannot be read."""
    try:
        with file.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                yield chunk
    except OSError as error:
        raise WatchwordError(f"{file} cannot be read: {error.strerror}.") from None


@source.command("list")
def source_list(as_json: Json = False) -> None:
    """List the sources: what came from each, and what of it waits for a person."""
    ready()
    from watchword.feeds.queries import list_sources

    rows = list_sources()
    if as_json:
        print_json(rows)
    else:
        columns = {
            "name": "SOURCE",
            "agency": "AGENCY",
            "rosters": "ROSTERS",
            "last_received_at": "LAST RECEIVED",
            "last_outcome": "WHICH WAS",
            "open_incidents": "OPEN INCIDENTS",
        }
        print_table(columns, ({name: in_words(value) for name, value in row.items()} for row in rows))


@roster.command("load")
def roster_load(
    source: str,
    file: Path,
    received_at: Annotated[
        str | None, typer.Option(help="When it reached us, ISO 8601; now if left out.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Take in a roster: keep it, compare it, write the notices of what changed.

    JSON: {roster, rows, quarantined, events: {kind: n}, held: {kind: n}, incident, duplicate, outcome}.
    """
    moment = parsed_moment(received_at)
    ready()
    from watchword import pipeline
    from watchword.core.clock import now
    from watchword.feeds.receiving import source_named

    found = source_named(source)
    try:
        with file.open("rb") as stream:
            loaded = pipeline.load_roster(found, stream, moment or now())
    except OSError as error:
        raise WatchwordError(f"{file} cannot be read: {error.strerror}.") from None
    facts = {
        "roster": loaded.pk,
        "rows": loaded.rows,
        "quarantined": loaded.quarantined,
        "events": loaded.events,
        "held": loaded.held,
        "incident": loaded.incident_id,
        "duplicate": loaded.outcome == "duplicate",
        "outcome": loaded.outcome,
    }
    if as_json:
        print_json(facts)
    else:
        print("  ".join(f"{name}: {in_words(value)}" for name, value in facts.items()))


@rosters.command()
def events(
    source: Annotated[str | None, typer.Option(help="Only of this source.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only of this kind, such as released.")] = None,
    person: Annotated[str | None, typer.Option(help="Only of this person, by the source's number.")] = None,
    as_json: Json = False,
) -> None:
    """List what changed, oldest first; what is held is not among it.

    JSON: [{id, source, roster, person, booking, kind, source_at, recorded_at, before, after}].
    """
    ready()
    from watchword.custody.queries import events as recorded

    found = list(recorded(source=source, kind=kind, person=person))
    if as_json:
        print_json(found)
    else:
        columns = {
            "id": "ID",
            "recorded_at": "RECORDED",
            "source": "SOURCE",
            "person": "PERSON",
            "kind": "KIND",
        }
        print_table(columns, found)
