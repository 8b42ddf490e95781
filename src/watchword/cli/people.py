"""Commands about the people in custody whom others look for: finding them, and hiding them."""

from datetime import datetime
from typing import Annotated

import typer

from watchword.cli.console import By, Json, Reason, print_rows, ready

people = typer.Typer()

Person = Annotated[str, typer.Argument(help="The source's number of the person.")]
Source = Annotated[str, typer.Option(help="The source that lists, or may list, the person.")]


@people.command()
def find(
    name: Annotated[str, typer.Option(help="In any order and spelling; give one more fact with it.")] = "",
    number: Annotated[str, typer.Option(help="The source's number of the person or booking.")] = "",
    born: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The birth date.")] = None,
    age: Annotated[int | None, typer.Option(help="The age in years.")] = None,
    country: Annotated[str, typer.Option(help="The country of birth: two letters, such as MX.")] = "",
    source: Annotated[str | None, typer.Option(help="Only of this source.")] = None,
    hidden: Annotated[
        bool, typer.Option("--hidden", help="Among those who must not be found, and nobody else.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Find a person by number, or by name and one more fact.

    JSON: [{source, person, status, likeness}].
    """
    ready()
    from watchword.custody.finding.queries import find, standing
    from watchword.custody.finding.records import Sought
    from watchword.feeds.receiving import source_named

    sought = Sought(
        number=number, name=name, born=born.date() if born else None, age=age, birth_country=country
    )
    found = find(sought, source=source_named(source).pk if source else None, hidden=hidden)
    print_rows(standing(found), as_json)


@people.command()
def protect(person: Person, source: Source, by: By, reason: Reason) -> None:
    """Hide a person at once, whatever the source says: nobody finds them, and who is registered is told no more."""
    ready()
    from watchword.protecting import protect

    withheld = protect(source, person, by=by, reason=reason)
    print(f"{person} is protected. Registrations withheld: {', '.join(map(str, withheld)) or 'none'}.")


@people.command()
def unprotect(person: Person, source: Source, by: By, reason: Reason) -> None:
    """Hide a person no more; the source's own word holds. Registrations that were withheld stay so."""
    ready()
    from watchword.custody.protection import unprotect

    unprotect(source, person, by=by, reason=reason)
    print(f"{person} is protected no more.")


@people.command()
def restore(registration: int, by: By, reason: Reason) -> None:
    """Let a withheld registration go on: its registrant may know of the protected person."""
    ready()
    from watchword.protecting import restore

    print(f"Registration {registration} is {restore(registration, by=by, reason=reason).state}.")
