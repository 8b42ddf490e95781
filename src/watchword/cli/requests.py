"""Commands about requests to be told: who asks, with which right, and the office's answer."""

from dataclasses import asdict
from typing import Annotated

import typer

from watchword.cli.console import By, Json, Reason, in_words, print_json, print_rows, ready

request = typer.Typer(help="Requests to be told about a person, and the right to know.", no_args_is_help=True)

Number = Annotated[int, typer.Argument(help="The request's number, as `watchword request list` shows it.")]


@request.command("list")
def request_list(
    answered: Annotated[bool, typer.Option("--answered", help="Those that were answered.")] = False,
    as_json: Json = False,
) -> None:
    """List the requests that wait for an answer.

    JSON: [{id, source, relation, state, asked_at}].
    """
    ready()
    from watchword.registrants.asking.queries import list_requests

    print_rows(list_requests(answered=answered), as_json)


@request.command("show")
def request_show(number: Number, by: By, as_json: Json = False) -> None:
    """Show a request, who it may be about, and what speaks against it. That you saw it goes into the ledger.

    JSON: {id, source, state, relation, modes, sought, evidence, note, watch, contacts, signs, asked_at, found, hidden};
    found and hidden: [{source, person, status, likeness}].
    """
    ready()
    from watchword.custody.finding.queries import standing
    from watchword.registrants.asking.queries import disclose

    shown = disclose(number, by=by)
    said = asdict(shown) | {"found": standing(shown.found), "hidden": standing(shown.hidden)}
    if as_json:
        print_json(said)
        return
    for name, value in said.items():
        if name not in ("found", "hidden", "sought"):
            print(f"{name + ':':<10} {', '.join(value) if isinstance(value, list) else in_words(value)}")
    print(
        f"{'sought:':<10} " + ", ".join(f"{name} {value}" for name, value in said["sought"].items() if value)
    )
    print_rows(said["found"], as_json=False)
    if said["hidden"]:
        print("\nAmong those who must not be found:")
        print_rows(said["hidden"], as_json=False)


@request.command("approve")
def request_approve(
    number: Number,
    person: Annotated[str, typer.Option(help="The source's number of the person who is meant.")],
    by: By,
    reason: Reason,
    watch_days: Annotated[
        int | None, typer.Option(help="Allow a person not listed yet; the watch ends after so many days.")
    ] = None,
    over_limit: Annotated[
        bool, typer.Option("--over-limit", help="More registrations than a contact or a person may have.")
    ] = False,
) -> None:
    """Approve a request: its recipients are registered for this person."""
    ready()
    from watchword import pipeline

    approved = pipeline.approve_request(
        number, person, by=by, reason=reason, watch_days=watch_days, over_limit=over_limit
    )
    for made in approved:
        print(f"Registration {made.pk} ({made.mode}) is {made.state}.")


@request.command("refuse")
def request_refuse(number: Number, by: By, reason: Reason) -> None:
    """Refuse a request."""
    ready()
    from watchword.registrants.asking.actions import refuse

    refuse(number, by=by, reason=reason)
    print(f"Request {number} is refused.")


@request.command("rule")
def request_rule(
    source: str,
    who: Annotated[
        list[str],
        typer.Option(help="Who may ask: anyone, victim, family, witness or counsel; again for more."),
    ],
    by: By,
    reason: Reason,
    is_open: Annotated[
        bool, typer.Option("--open/--verified", help="Whether whoever asks is shown where somebody is.")
    ] = False,
) -> None:
    """Decide who may ask to be told about the people of a source. Without a rule: verified, and all but anyone."""
    ready()
    from watchword.registrants.asking.models import Relation
    from watchword.registrants.asking.rules import set_rule

    unknown = sorted(set(who) - set(Relation.values))
    if unknown:
        raise typer.BadParameter(f"{', '.join(unknown)}: give {', '.join(Relation.values)}.")
    set_rule(source, is_open=is_open, who=[Relation(each) for each in who], by=by, reason=reason)
    print(f"The rule of {source} is set.")
