"""Commands about what comes in: sources, rosters, what changed, and what waits for a person."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import typer

from watchword.cli.console import By, Json, Reason, print_json, print_table, ready
from watchword.core.errors import WatchwordError

rosters = typer.Typer()
source = typer.Typer(help="The feeds that rosters come from.", no_args_is_help=True)
rosters.add_typer(source, name="source")
roster = typer.Typer(help="The listings that sources send.", no_args_is_help=True)
rosters.add_typer(roster, name="roster")
incident = typer.Typer(help="What was held until a person has looked.", no_args_is_help=True)
rosters.add_typer(incident, name="incident")


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
        print_table(columns, ({name: _in_words(value) for name, value in row.items()} for row in rows))


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
    moment = _moment(received_at)
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
        print("  ".join(f"{name}: {_in_words(value)}" for name, value in facts.items()))


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is not a time in ISO 8601, such as 2026-03-01T06:00:00-05:00."
        ) from None
    return moment if moment.tzinfo else moment.astimezone()


def _in_words(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{count} {kind}" for kind, count in value.items()) or "none"
    return "none" if value is None else str(value)


@rosters.command()
def incidents(as_json: Json = False) -> None:
    """List the incidents, newest first.

    JSON: [{id, kind, state, source, roster, summary, held: {kind: n}, facts, opened_at, closed_at, closed_by, reason}].
    """
    ready()
    from watchword.custody.incidents import list_incidents

    found = list_incidents()
    if as_json:
        print_json(found)
    else:
        columns = {
            "id": "ID",
            "state": "STATE",
            "source": "SOURCE",
            "kind": "KIND",
            "held": "HELD",
            "summary": "SUMMARY",
        }
        print_table(columns, ({**asdict(one), "held": _in_words(one.held)} for one in found))


@incident.command("show")
def incident_show(number: int, as_json: Json = False) -> None:
    """Show one incident: what is held, against what is normal."""
    ready()
    from watchword.custody.incidents import show

    found = show(number)
    if as_json:
        print_json(found)
    else:
        for name, value in asdict(found).items():
            print(f"{name + ':':<11} {_in_words(value) if name == 'held' else value}")


@incident.command("release")
def incident_release(number: int, by: By, reason: Reason, as_json: Json = False) -> None:
    """Let what an incident holds go on, and tell everyone who must be told."""
    ready()
    from watchword import pipeline
    from watchword.custody.incidents import show

    pipeline.release_incident(number, by=by, reason=reason)
    _print_decided(show(number), as_json)


@incident.command("discard")
def incident_discard(number: int, by: By, reason: Reason, as_json: Json = False) -> None:
    """Decide that what an incident holds was wrong: nobody is told, and the records stay."""
    ready()
    from watchword.custody.incidents import discard, show

    discard(number, by=by, reason=reason)
    _print_decided(show(number), as_json)


def _print_decided(decided: Any, as_json: bool) -> None:
    if as_json:
        print_json(decided)
    else:
        print(f"Incident {decided.id} is {decided.state}.")


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
