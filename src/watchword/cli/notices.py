"""Commands about notices: what was done to tell one, and how each kind presses."""

from dataclasses import asdict
from typing import Annotated

import typer

from watchword.cli.console import By, Json, Reason, print_json, print_rows, print_table, ready

notices = typer.Typer()
notice = typer.Typer(help="What somebody must be told.", no_args_is_help=True)
notices.add_typer(notice, name="notice")
urgency = typer.Typer(help="How each kind of notice presses.", no_args_is_help=True)
notices.add_typer(urgency, name="urgency")


@notices.command("notices")
def notice_list(as_json: Json = False) -> None:
    """List the notices: who must be told what, and whether it is confirmed.

    JSON: [{id, registration, event, kind, person, source, state, confirmed_at, confirmed_by_channel}]; the event is
    null for what is told without one: current_status, summary, watch_ended.
    """
    ready()
    from watchword.notices.queries import list_notices

    print_rows(list_notices(), as_json)


@notices.command()
def deliveries(as_json: Json = False) -> None:
    """List the deliveries of notices to contact points, with their states (docs/statuses.md).

    JSON: [{id, notice, channel, state, attempts, repeat, reference, last_error, handed_over_at}].
    """
    ready()
    from watchword.delivery.queries import list_deliveries

    print_rows(list_deliveries(), as_json)


@notice.command("show")
def notice_show(number: int, as_json: Json = False) -> None:
    """Show what was done to tell a notice, in its registrant's language and time zone.

    JSON: [{at, said_at, channel, what, words}], oldest first; of contact points a masked form alone.
    """
    ready()
    from watchword.delivery.ledger import ledger

    lines = ledger(number)
    if as_json:
        print_json(lines)
    elif lines:
        print_table({"said_at": "WHEN", "words": "WHAT"}, map(asdict, lines))
    else:
        print("Nothing was sent yet.")


@urgency.command("list")
def urgency_list(as_json: Json = False) -> None:
    """List how each kind presses; a correction presses as what it takes back.

    JSON: [{kind, urgency}].
    """
    ready()
    from watchword.notices.urgency import urgencies

    print_rows([{"kind": kind, "urgency": pressing} for kind, pressing in urgencies().items()], as_json)


@urgency.command("set")
def urgency_set(
    kind: str,
    urgency: Annotated[str, typer.Argument(help="immediate or routine.")],
    by: By,
    reason: Reason,
) -> None:
    """Say how notices of a kind press from now on."""
    ready()
    from watchword.notices.urgency import set_urgency

    set_urgency(kind, urgency, by=by, reason=reason)
    print(f"From now on, {kind} is {urgency}.")
