"""The command line: a thin face over the apps' actions and queries.

A command that needs the database calls `ready()` first and imports what it uses after it, so that `--help` and
`doctor` need no server and make nothing. Data goes to standard output, everything else to standard error.
Exit status: 0 done, 1 failed (a WatchwordError, in one sentence), 2 bad usage.
"""

import io
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import asdict
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import typer

from watchword.console import By, Json, Reason, print_json, print_rows, print_table, ready, set_up_django
from watchword.contact_commands import contact
from watchword.core.errors import WatchwordError
from watchword.notice_commands import notice, urgency
from watchword.partner_commands import partner

app = typer.Typer(
    help="Watches where a person is held and sends word, the moment that changes, to those with the right to know.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
source = typer.Typer(help="The feeds that rosters come from.", no_args_is_help=True)
app.add_typer(source, name="source")
roster = typer.Typer(help="The listings that sources send.", no_args_is_help=True)
app.add_typer(roster, name="roster")
incident = typer.Typer(help="What was held until a person has looked.", no_args_is_help=True)
app.add_typer(incident, name="incident")
app.add_typer(contact, name="contact")
app.add_typer(notice, name="notice")
app.add_typer(urgency, name="urgency")
app.add_typer(partner, name="partner")


def main() -> None:
    """Run the command line."""
    try:
        app()
    except WatchwordError as error:
        print(f"watchword: {error}", file=sys.stderr)
        sys.exit(1)


@app.command()
def up() -> None:
    """Run this installation in the foreground: web server and worker, until Ctrl-C."""
    set_up_django()
    from watchword.config.serving import up

    up()


@app.command()
def doctor(as_json: Json = False) -> None:
    """Show every setting and where it comes from, and check what this installation needs. Changes nothing."""
    from watchword.config.doctor import examine

    findings = examine()
    if as_json:
        print_json(findings)
    else:
        print_table({"name": "SETTING", "value": "VALUE", "origin": "FROM"}, map(asdict, findings.settings))
        print()
        print_table({"name": "CHECK", "verdict": "", "finding": "FINDING"}, map(asdict, findings.checks))
    if not findings.healthy:
        sys.exit(1)


@app.command()
def work(
    drain: Annotated[bool, typer.Option("--drain", help="Stop when nothing is due any more.")] = False,
) -> None:
    """Send what is due, until stopped."""
    ready()
    from watchword import pipeline
    from watchword.delivery import worker

    worker.run(drain, before=pipeline.resume)


@app.command()
def reconcile(by: By, reason: Reason, as_json: Json = False) -> None:
    """After a database was restored: ask the providers what was sent since, mark that, and let sending go on.

    JSON: {since, sent_already, may_be_repeats, to_be_sent}.
    """
    ready()
    from watchword.delivery import reconciling

    found = reconciling.reconcile(by=by, reason=reason)
    if as_json:
        print_json(found)
        return
    print(
        f"Sent already, and not sent again: {found.sent_already}. Sent now, marked as repeats: {found.may_be_repeats}. "
        f"Never sent, and sent now: {found.to_be_sent}."
    )
    print(
        f"The database knows nothing of what happened since {found.since.isoformat(timespec='minutes')}. Load the "
        "rosters received since then again; whoever was told of what they say is told once more, unmarked."
    )


@app.command()
def demo(
    once: Annotated[
        bool, typer.Option("--once", help="Play it to its end without a screen; exit 0 if all is right.")
    ] = False,
) -> None:
    """Show the main job on an invented county: rosters come in, phones ring, notices are confirmed."""
    from watchword.demo.runner import run

    sys.exit(run(once, _printed_by))


def _printed_by(arguments: Sequence[str], typed: str) -> str:
    """What a command prints when it is run in this process, with `typed` on its standard input."""
    stdin, sys.stdin = sys.stdin, io.StringIO(typed)
    try:
        with redirect_stdout(io.StringIO()) as printed:
            app(arguments, standalone_mode=False)
    finally:
        sys.stdin = stdin
    return printed.getvalue()


@app.command()
def carrier(
    smtp_port: Annotated[int | None, typer.Option(help="Port of the post office.")] = None,
    http_port: Annotated[int | None, typer.Option(help="Port of the exchange's API and page.")] = None,
) -> None:
    """Run a post office and phone exchange for trying and testing, until stopped."""
    set_up_django()
    from django.conf import settings

    from watchword.carrier.server import Carrier, run
    from watchword.delivery.links import public_url

    environment = settings.WATCHWORD

    def say_where(started: Carrier) -> None:
        print(f"Phones and mailboxes: {started.url}  post office: port {started.smtp_port}", file=sys.stderr)

    run(
        environment.carrier_host,
        http_port or environment.carrier_http_port,
        smtp_port or environment.carrier_smtp_port,
        environment.carrier_account,
        environment.carrier_token,
        webhook_base=public_url(),
        ready=say_where,
    )


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


@app.command()
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


@app.command()
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


@app.command()
def register(
    source: Annotated[str, typer.Option(help="The source that lists the person.")],
    person: Annotated[str, typer.Option(help="The source's number of the person.")],
    language: Annotated[str, typer.Option(help="Such as en or es.")],
    pin_stdin: Annotated[
        bool, typer.Option("--pin-stdin", help="Read the PIN (6 digits or more) from standard input.")
    ] = False,
    email: Annotated[str | None, typer.Option(help="An email address.")] = None,
    phone: Annotated[str | None, typer.Option(help="A phone number, for texts and calls.")] = None,
    letter: Annotated[
        str | None,
        typer.Option(
            help='A postal address, its lines between semicolons: "A. Doe; 12 Elm St; Albany NY 12207". Another '
            "country comes last."
        ),
    ] = None,
    tty: Annotated[
        bool,
        typer.Option("--tty", help="The phone is a text telephone: calls there are tones that it prints."),
    ] = False,
    push: Annotated[
        str | None,
        typer.Option(help="A partner's name, a slash and its own case number: harbor-shelter/4711."),
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="The person may not be held yet.")] = False,
    verified: Annotated[
        bool, typer.Option("--verified", help="The contacts were verified in person.")
    ] = False,
    by: Annotated[str | None, typer.Option(help="The officer who verified them.")] = None,
    detail: Annotated[bool, typer.Option("--detail", help="Texts and emails may say what happened.")] = False,
    as_json: Json = False,
) -> None:
    """Take the registration of somebody who is to be told about one person."""
    if not pin_stdin:
        raise typer.BadParameter(
            "Give --pin-stdin and the PIN on standard input: a PIN has no place on a command line."
        )
    pin = sys.stdin.readline().strip()
    ready()
    from watchword import pipeline

    made = pipeline.register(
        source_name=source,
        person_key=person,
        email=email,
        phone=phone,
        letter=letter,
        tty=tty,
        push=push,
        language=language,
        pin=pin,
        watch=watch,
        verified=verified,
        by=by,
        allows_detail=detail,
    )
    if as_json:
        print_json({"id": made.pk, "registration": made.pk, "state": made.state, "watching": made.watching})
    elif made.state == "pending":
        print(
            f"Registration {made.pk} is pending: nothing is sent before its contacts are verified "
            f"(`watchword verify {made.pk} --by NAME`)."
        )
    else:
        print(f"Registration {made.pk} is {made.state}.")


@app.command()
def verify(registration: int, by: By) -> None:
    """Say that a pending registration's contacts were verified in person: it becomes active."""
    ready()
    from watchword import pipeline

    print(f"Registration {registration} is {pipeline.verify_registration(registration, by=by).state}.")


@app.command()
def pause(registration: int, by: By) -> None:
    """The registrant wants quiet; one summary follows on resuming."""
    ready()
    from watchword.registrants.actions import pause as pause_registration

    print(f"Registration {registration} is {pause_registration(registration, by=by).state}.")


@app.command()
def resume(registration: int, by: By) -> None:
    """The registrant's quiet is over."""
    ready()
    from watchword import pipeline

    print(f"Registration {registration} is {pipeline.resume_registration(registration, by=by).state}.")


@app.command()
def end(registration: int, by: By) -> None:
    """The registrant wants to be told no more."""
    ready()
    from watchword.registrants.actions import end as end_registration

    print(f"Registration {registration} is {end_registration(registration, by=by).state}.")


@app.command()
def notices(as_json: Json = False) -> None:
    """List the notices: who must be told what, and whether it is confirmed.

    JSON: [{id, registration, event, kind, person, source, state, confirmed_at, confirmed_by_channel}]; the event is
    null for what is told without one: current_status, summary, watch_ended.
    """
    ready()
    from watchword.notices.queries import list_notices

    print_rows(list_notices(), as_json)


@app.command()
def deliveries(as_json: Json = False) -> None:
    """List the deliveries of notices to contact points, with their states (docs/statuses.md).

    JSON: [{id, notice, channel, state, attempts, repeat, reference, last_error, handed_over_at}].
    """
    ready()
    from watchword.delivery.queries import list_deliveries

    print_rows(list_deliveries(), as_json)


@app.command()
def bench(
    name: Annotated[
        str | None, typer.Argument(help="diff, fanout or delivery; all of them if left out.")
    ] = None,
) -> None:
    """Measure, from a checkout: see bench/."""
    if not Path("bench").is_dir():
        raise WatchwordError("The benchmarks are part of a checkout: run this in its top folder.")
    for one in [name] if name else sorted(path.stem for path in Path("bench").glob("[a-z]*.py")):
        subprocess.run([sys.executable, "-m", f"bench.{one}"], check=True)
