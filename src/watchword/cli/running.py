"""Commands that run things: this installation, the demo, the carrier to try with, the benchmarks."""

import io
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from watchword.cli.console import By, Json, Reason, print_json, print_table, ready, set_up_django
from watchword.core.errors import WatchwordError

running = typer.Typer()


@running.command()
def up() -> None:
    """Run this installation in the foreground: web server, worker and what fetches rosters, until Ctrl-C."""
    set_up_django()
    from watchword.config.serving import up

    up()


@running.command()
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


@running.command()
def work(
    drain: Annotated[bool, typer.Option("--drain", help="Stop when nothing is due any more.")] = False,
) -> None:
    """Send what is due, until stopped."""
    ready()
    from watchword import pipeline
    from watchword.delivery import worker

    worker.run(drain, before=pipeline.resume)


@running.command()
def intake(
    drain: Annotated[bool, typer.Option("--drain", help="Stop when nothing waits any more.")] = False,
) -> None:
    """Fetch rosters from the sources whose mapping says how, and take on what they sent, until stopped."""
    ready()
    from watchword import intake
    from watchword.config.processes import told_to_end

    if drain:
        intake.drain()
        return
    with told_to_end() as told:
        intake.run(told)


@running.command()
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


@running.command()
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
    from watchword.cli import app  # which has this module's commands among its own

    stdin, sys.stdin = sys.stdin, io.StringIO(typed)
    try:
        with redirect_stdout(io.StringIO()) as printed:
            app(arguments, standalone_mode=False)
    finally:
        sys.stdin = stdin
    return printed.getvalue()


@running.command()
def carrier(
    smtp_port: Annotated[int | None, typer.Option(help="Port of the post office.")] = None,
    http_port: Annotated[int | None, typer.Option(help="Port of the exchange's API and page.")] = None,
    smpp_port: Annotated[int | None, typer.Option(help="Port of the message centre.")] = None,
) -> None:
    """Run a post office and phone exchange for trying and testing, until stopped."""
    set_up_django()
    from django.conf import settings

    from watchword.carrier.server import Carrier, run
    from watchword.delivery.links import public_url

    environment = settings.WATCHWORD

    def say_where(started: Carrier) -> None:
        print(
            f"Phones and mailboxes: {started.url}  post office: port {started.smtp_port}  "
            f"message centre: port {started.smpp_port}",
            file=sys.stderr,
        )

    run(
        environment.carrier_host,
        http_port or environment.carrier_http_port,
        smtp_port or environment.carrier_smtp_port,
        environment.carrier_account,
        environment.carrier_token,
        webhook_base=public_url(),
        ready=say_where,
        own_number=environment.voice_from,
        smpp_port=smpp_port or environment.carrier_smpp_port,
    )


@running.command()
def bench(
    name: Annotated[
        str | None, typer.Argument(help="Such as diff or fanout; all of them if left out.")
    ] = None,
) -> None:
    """Measure, from a checkout: see bench/."""
    if not Path("bench").is_dir():
        raise WatchwordError("The benchmarks are part of a checkout: run this in its top folder.")
    for one in [name] if name else sorted(path.stem for path in Path("bench").glob("[a-z]*.py")):
        subprocess.run([sys.executable, "-m", f"bench.{one}"], check=True)
