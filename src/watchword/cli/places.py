"""Commands about places: what an office calls its facilities, and what sources mean by the names they use."""

from pathlib import Path
from typing import Annotated

import typer

from watchword.cli.console import By, Json, Reason, print_rows, ready
from watchword.core.errors import WatchwordError

place = typer.Typer(
    help="What the office calls its facilities, and what sources mean by the names they use.",
    no_args_is_help=True,
)

Number = Annotated[int, typer.Argument(help="The spelling's number, as `watchword place list` shows it.")]


@place.command("list")
def place_list(
    spellings: Annotated[
        bool, typer.Option("--spellings", help="How sources spell places, and what that means.")
    ] = False,
    unknown: Annotated[bool, typer.Option("--unknown", help="Only spellings that match nothing.")] = False,
    as_json: Json = False,
) -> None:
    """List the office's facilities, or how sources spell places.

    JSON: [{id, name, city, kind, spellings}]; with --spellings or --unknown: [{id, source, field, said, state, means}].
    """
    ready()
    from watchword.feeds.places.queries import list_facilities, list_spellings

    if spellings or unknown:
        print_rows(list_spellings(unknown=unknown), as_json)
        return
    found = list_facilities()
    if not as_json:
        found = [row | {"spellings": " | ".join(row["spellings"])} for row in found]
    print_rows(found, as_json)


@place.command("add")
def place_add(
    name: str,
    by: By,
    reason: Reason,
    kind: Annotated[str, typer.Option(help="Such as jail, prison or hospital.")] = "",
    city: Annotated[str, typer.Option(help="Tells it from others of its name.")] = "",
    spelling: Annotated[
        list[str] | None, typer.Option(help="Another way in which any source names it; may be given again.")
    ] = None,
) -> None:
    """Add a facility, or give the one of this name and city a new kind and spellings. It tells nobody anything."""
    ready()
    from watchword.feeds.places.gazetteer import Facility, set_facilities

    facility = Facility(name=name, kind=kind, city=city, spellings=tuple(spelling or ()))
    set_facilities([facility], by=by, reason=reason)
    print(f"{name} is in the gazetteer.")


@place.command("import")
def place_import(file: Path, by: By, reason: Reason) -> None:
    """Add or change the facilities of a CSV file: name, and if need be city, kind and spellings (between |)."""
    ready()
    from watchword.feeds.places.gazetteer import read_facilities, set_facilities

    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            count = set_facilities(read_facilities(lines), by=by, reason=reason)
    except (OSError, UnicodeDecodeError) as error:
        raise WatchwordError(f"{file} cannot be read: {error}.") from None
    print(f"{count} {'facility is' if count == 1 else 'facilities are'} in the gazetteer.")


@place.command("same-as")
def place_same_as(
    spelling: Number,
    name: Annotated[
        str, typer.Argument(help="The facility's name or number, or the country's name or two letters.")
    ],
    by: By,
    reason: Reason,
) -> None:
    """Say which facility or country a source means by a spelling. It tells nobody anything."""
    ready()
    from watchword.feeds.places.gazetteer import same_as

    print(f"Spelling {spelling} means {same_as(spelling, name, by=by, reason=reason)}.")


@place.command("keep")
def place_keep(spelling: Number, by: By, reason: Reason) -> None:
    """Say that a spelling means itself: it is shown as the source says it, and not asked about again."""
    ready()
    from watchword.feeds.places.gazetteer import keep

    keep(spelling, by=by, reason=reason)
    print(f"Spelling {spelling} stays as it is said.")
