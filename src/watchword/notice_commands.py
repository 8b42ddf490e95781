"""Commands about notices: what was done to tell one, and how each kind presses."""

from dataclasses import asdict
from typing import Annotated

import typer

from watchword.console import By, Json, Reason, print_json, print_rows, print_table, ready

notice = typer.Typer(help="What somebody must be told.", no_args_is_help=True)
urgency = typer.Typer(help="How each kind of notice presses.", no_args_is_help=True)


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
