"""Commands about what waits for a person, and what people enter and correct themselves."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from watchword.cli.console import (
    By,
    Json,
    Reason,
    in_words,
    moment,
    print_json,
    print_rows,
    print_table,
    ready,
)

if TYPE_CHECKING:
    from watchword.decisions import Decided

incidents = typer.Typer()
incident = typer.Typer(help="What was held until a person has looked.", no_args_is_help=True)
incidents.add_typer(incident, name="incident")
departure = typer.Typer(help="Departures that people enter, as while a feed is down.", no_args_is_help=True)
incidents.add_typer(departure, name="departure")
proposals = typer.Typer(help="What waits for a second person.", no_args_is_help=True)
incidents.add_typer(proposals, name="proposals")

FirstBy = Annotated[str, typer.Option("--by", help="Who decides first; it goes into the ledger.")]
FirstReason = Annotated[str, typer.Option("--reason", help="Why; it goes into the ledger.")]
Second = Annotated[
    str,
    typer.Option("--second", help="The second person, who confirms what the first decided; given alone."),
]


Only = Annotated[
    list[str] | None,
    typer.Option(
        "--only", help="Decide this kind of change alone, such as released; the rest goes on waiting."
    ),
]


@incidents.command("incidents")
def incident_list(as_json: Json = False) -> None:
    """List the incidents, newest first.

    JSON: [{id, kind, state, source, roster, summary, held: {kind: n}, facts, opened_at, closed_at, closed_by, reason}].
    """
    ready()
    from watchword.custody.incidents import list_incidents

    found = [
        {name: value for name, value in asdict(one).items() if name != "samples"} for one in list_incidents()
    ]
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
        print_table(columns, ({**one, "held": in_words(one["held"])} for one in found))


@incident.command("show")
def incident_show(number: int, as_json: Json = False) -> None:
    """Show one incident: what is held against what is normal, some of the people, and whom it would reach.

    JSON: the incident as `incidents` lists it, with samples: {kind: [numbers of people]}, would_tell: {notices:
    {kind: n}, registrants} and waits_for_second: [{id, action, by, reason}].
    """
    ready()
    found = _seen(number)
    if as_json:
        print_json(found)
        return
    for name in ("id", "kind", "state", "source", "roster", "summary", "opened_at", "closed_by", "reason"):
        if found[name] not in (None, ""):
            print(f"{name + ':':<11} {found[name]}")
    judged = found["facts"].get("judged", {})
    rows = [
        {
            "kind": kind,
            "held": count,
            "normal": judged.get(kind, {}).get("limit", ""),
            "usual": judged.get(kind, {}).get("usual") or "",
            "notices": found["would_tell"]["notices"].get(kind, 0),
            "people": ", ".join(found["samples"].get(kind, [])),
        }
        for kind, count in found["held"].items()
    ]
    if rows:
        print()
        headings = {
            "kind": "WHAT", "held": "HELD", "normal": "AT MOST NORMAL", "usual": "USUAL", "notices": "NOTICES",
            "people": "SUCH AS",
        }  # fmt: skip
        print_table(headings, rows)
        print(f"\nReleased now, it would tell {found['would_tell']['registrants']} people.")
    for one in found["waits_for_second"]:
        print(
            f"{one['by']} decided: {one['action']} ({one['reason']}). It waits for a second person (--second)."
        )


def _seen(number: int) -> dict[str, Any]:
    from watchword.custody.incidents import show
    from watchword.notices.reach import of_incident
    from watchword.worklist.proposals import waiting

    reached = of_incident(number)
    return {
        **asdict(show(number)),
        "would_tell": {"notices": reached.notices, "registrants": reached.registrants},
        "waits_for_second": [
            {"id": one.pk, "action": one.action, "by": one.by, "reason": one.reason}
            for one in waiting(f"incident:{number}")
        ],
    }


@incident.command("release")
def incident_release(
    number: int,
    by: FirstBy = "",
    reason: FirstReason = "",
    second: Second = "",
    only: Only = None,
    as_json: Json = False,
) -> None:
    """Let what an incident holds go on, and tell everyone who must be told."""
    _decide(number, "release", by, reason, second, only, as_json)


@incident.command("discard")
def incident_discard(
    number: int,
    by: FirstBy = "",
    reason: FirstReason = "",
    second: Second = "",
    only: Only = None,
    as_json: Json = False,
) -> None:
    """Decide that what an incident holds was wrong: nobody is told, and the records stay."""
    _decide(number, "discard", by, reason, second, only, as_json)


@incident.command("correct")
def incident_correct(
    number: int,
    by: FirstBy = "",
    reason: FirstReason = "",
    second: Second = "",
    only: Only = None,
    as_json: Json = False,
) -> None:
    """Put an incident right. Open: the source changed its records (new numbers, a new name of a jail) and nobody's
    custody, which is taken over and told to nobody. Released: it was wrong after all, and everyone is told so.
    """
    _decide(number, "correct", by, reason, second, only, as_json)


def _decide(
    number: int, action: str, by: str, reason: str, second: str, only: list[str] | None, as_json: bool
) -> None:
    ready()
    from watchword.decisions import Action, decide_incident

    decided = decide_incident(number, Action(action), only=only or (), by=by, reason=reason, second=second)
    found = _seen(number)
    if as_json:
        print_json(found)
    elif not decided.done:
        kinds = "".join(f" --only {kind}" for kind in only or ())
        _say_that_it_waits(decided, f"incident {action} {number}{kinds}")
    elif found["state"] == "open":
        print(f"Done. Incident {number} still holds {in_words(found['held'])}.")
    else:
        print(f"Incident {number} is {found['state']}.")


def _say_that_it_waits(decided: "Decided", command: str) -> None:
    print(
        f"{decided.notices} notices hang on this, so a second person confirms it: `watchword {command} --second NAME`. "
        "Nothing was done yet."
    )


@incidents.command()
def correct(
    events: Annotated[list[int], typer.Argument(help="The events that were wrong, by their numbers.")],
    by: FirstBy = "",
    reason: FirstReason = "",
    second: Second = "",
    as_json: Json = False,
) -> None:
    """Take back events that were wrong: the records stand as before, and whoever was told is told so.

    JSON: {done, notices, events: {kind: n}}.
    """
    ready()
    from watchword.decisions import correct_events

    decided = correct_events(events, by=by, reason=reason, second=second)
    if as_json:
        print_json(decided)
    elif decided.done:
        print(f"Taken back: {in_words(decided.events)}.")
    else:
        _say_that_it_waits(decided, f"correct {' '.join(map(str, sorted(set(events))))}")


@departure.command("enter")
def departure_enter(
    source: Annotated[str, typer.Argument(help="The source that lists the person.")],
    person: Annotated[str, typer.Argument(help="The source's number of the person.")],
    status: Annotated[str, typer.Argument(help="released, removed, escaped, died or furloughed.")],
    by: By,
    reason: Annotated[str, typer.Option("--reason", help="Who said so, and how; it goes into the ledger.")],
    at: Annotated[str | None, typer.Option(help="When, ISO 8601; now if left out.")] = None,
    booking: Annotated[str | None, typer.Option(help="Which of several bookings.")] = None,
    release_kind: Annotated[str | None, typer.Option(help="Such as bail or sentence_served.")] = None,
    destination: Annotated[str | None, typer.Option(help="Where to.")] = None,
) -> None:
    """Enter that somebody has left, when their feed cannot say so. A second person confirms it, and it is told."""
    left_at = moment(at)
    ready()
    from watchword import decisions
    from watchword.core.clock import now
    from watchword.custody.entries import Departure

    said = Departure(
        source=source,
        person=person,
        status=status,
        at=left_at or now(),
        booking=booking,
        release_kind=release_kind,
        destination=destination,
    )
    decisions.enter_departure(said, by=by, reason=reason)
    print(f"A second person confirms it: `watchword departure confirm {source} {person} --second NAME`.")


@departure.command("confirm")
def departure_confirm(
    source: str,
    person: str,
    second: Annotated[str, typer.Option("--second", help="The second person; it goes into the ledger.")],
) -> None:
    """Confirm a departure that another person entered: it is recorded, and everyone who must be told is told."""
    ready()
    from watchword.decisions import confirm_departure

    print(f"Recorded: {in_words(confirm_departure(source, person, second=second).events)}.")


@proposals.command("list")
def proposal_list(as_json: Json = False) -> None:
    """List what waits for a second person, oldest first.

    JSON: [{id, action, subject, by, reason, facts, opened_at}].
    """
    ready()
    from watchword.worklist.proposals import waiting

    columns = "id", "action", "subject", "by", "reason", "facts", "opened_at"
    print_rows([{name: getattr(one, name) for name in columns} for one in waiting()], as_json)


@proposals.command("withdraw")
def proposal_withdraw(number: int, by: By, reason: Reason) -> None:
    """Decide that it is not to be done after all."""
    ready()
    from watchword.worklist.proposals import withdraw

    withdraw(number, by=by, reason=reason)
    print(f"Proposal {number} is withdrawn.")
