"""Commands about what comes in: sources, rosters, and what changed."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from watchword.cli.console import By, Json, Reason, in_words, print_json, print_rows, print_table, ready
from watchword.cli.console import moment as parsed_moment
from watchword.core.errors import WatchwordError

if TYPE_CHECKING:
    from watchword.feeds.models import Source

rosters = typer.Typer()
source = typer.Typer(help="The feeds that rosters come from.", no_args_is_help=True)
rosters.add_typer(source, name="source")
key = typer.Typer(help="What a source's own system shows to send its rosters.", no_args_is_help=True)
source.add_typer(key, name="key")
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
    from watchword.feeds.ways.visiting import schedule

    added = add_source(name, text)
    schedule(added)
    if as_json:
        print_json({"id": added.pk, "name": added.name})
    else:
        print(f"Source {added.name} is ready for its first roster: {_way_words(added)}.")


def _way_words(added: "Source") -> str:
    """How the first roster comes."""
    from watchword.feeds.mapping import load

    way = load(added.mapping).way
    match way and way.kind:
        case None:
            return f"`watchword roster load {added.name} FILE`"
        case "push":
            return f"`watchword source key make {added.name} --by NAME` lets its system send it"
        case _:
            return "`watchword up` fetches it"


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


@key.command("make")
def source_key_make(
    name: str,
    by: By,
    hours: Annotated[float, typer.Option(help="The keys that it had are good for so many hours more.")] = 0,
    as_json: Json = False,
) -> None:
    """Make a key that a source's own system sends its rosters with. It is not shown again.

    JSON: {name, key}.
    """
    ready()
    from watchword.feeds.keys import make_key

    made = make_key(name, by=by, hours=hours)
    if as_json:
        print_json({"name": name, "key": made})
    else:
        print(f"The key of {name}, which is not shown again:\n{made}")


@key.command("list")
def source_key_list(name: str, as_json: Json = False) -> None:
    """List a source's keys, without what would open anything. JSON: [{id, made_at, ends_at}]."""
    ready()
    from watchword.feeds.keys import list_keys

    print_rows(list_keys(name), as_json)


@key.command("revoke")
def source_key_revoke(name: str, by: By, reason: Reason) -> None:
    """End all keys of a source at once."""
    ready()
    from watchword.feeds.keys import revoke_keys

    ended = revoke_keys(name, by=by, reason=reason)
    print(f"{ended} {'key' if ended == 1 else 'keys'} of {name} ended.")


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
            "fault": "CANNOT BE FETCHED",
        }
        print_table(columns, ({name: in_words(value) for name, value in row.items()} for row in rows))


@roster.command("load")
def roster_load(
    source: str,
    file: Path,
    received_at: Annotated[
        str | None, typer.Option(help="When it reached us, ISO 8601; now if left out.")
    ] = None,
    changes: Annotated[
        bool,
        typer.Option(
            "--changes",
            help="The file holds single changes and not everybody; JSON if it ends in .json, .ndjson or .jsonl.",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Take in a roster: keep it, compare it, write the notices of what changed.

    JSON: {roster, rows, quarantined, events: {kind: n}, held: {kind: n}, incident, duplicate, outcome}.
    """
    moment = parsed_moment(received_at)
    ready()
    from watchword import pipeline
    from watchword.core.clock import now
    from watchword.feeds.models import Roster
    from watchword.feeds.receiving import source_named

    shape = Roster.Shape.LISTING
    if changes:
        is_json = file.suffix in (".json", ".ndjson", ".jsonl")
        shape = Roster.Shape.JSON_CHANGES if is_json else Roster.Shape.CHANGES
    found = source_named(source)
    try:
        with file.open("rb") as stream:
            loaded = pipeline.load_roster(found, stream, moment or now(), shape)
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
