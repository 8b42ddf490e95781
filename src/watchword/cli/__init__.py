"""The command line: a thin face over the apps' actions and queries.

A command that needs the database calls `ready()` first and imports what it uses after it, so that `--help` and
`doctor` need no server and make nothing. Data goes to standard output, everything else to standard error.
Exit status: 0 done, 1 failed (a WatchwordError, in one sentence), 2 bad usage.
"""

import sys

import typer

from watchword.cli.contacts import contact
from watchword.cli.incidents import incidents
from watchword.cli.languages import languages
from watchword.cli.law import law
from watchword.cli.notices import notices
from watchword.cli.partners import partner
from watchword.cli.people import people
from watchword.cli.places import place
from watchword.cli.playing import playing
from watchword.cli.registrations import registrations
from watchword.cli.requests import request
from watchword.cli.rosters import rosters
from watchword.cli.running import running
from watchword.cli.staff import staff
from watchword.cli.tasks import tasks
from watchword.core.errors import WatchwordError

app = typer.Typer(
    help="Watches where a person is held and sends word, the moment that changes, to those with the right to know.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for part in (running, rosters, incidents, tasks, playing, people, registrations, notices, languages):
    app.add_typer(part)
app.add_typer(contact, name="contact")
app.add_typer(partner, name="partner")
app.add_typer(law, name="law")
app.add_typer(place, name="place")
app.add_typer(request, name="request")
app.add_typer(staff, name="staff")


def main() -> None:
    """Run the command line."""
    try:
        app()
    except WatchwordError as error:
        print(f"watchword: {error}", file=sys.stderr)
        sys.exit(1)
