"""Commands about a registrant's contact points: their order, hours in which nothing is sent, and backups."""

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from watchword.cli.console import By, Json, print_json, print_table, ready

if TYPE_CHECKING:
    from watchword.registrants.models import SilentTime

contact = typer.Typer(help="How a registrant is reached, and when not.", no_args_is_help=True)

From = Annotated[
    datetime, typer.Option("--from", formats=["%H:%M"], help="By the registrant's own clock, such as 22:00.")
]
Until = Annotated[
    datetime, typer.Option("--until", formats=["%H:%M"], help="If not later than --from, on the next day.")
]
Days = Annotated[str, typer.Option(help="Weekdays on which they begin, 1 is Monday, such as 1,2,3,4,5.")]
Always = Annotated[
    bool, typer.Option("--always", help="Hold back even what is immediate, such as an escape.")
]
WakeForRelease = Annotated[
    bool,
    typer.Option(
        "--wake-for-release",
        help="Hold back what is immediate too, but not what says that the person may be out: a release, a furlough, "
        "an escape, or that they are no longer listed.",
    ),
]
Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Such as 2026-12-24.")]


@contact.command("list")
def contact_list(registration: int, as_json: Json = False) -> None:
    """List the contact points of a registrant in the ladder's order, addresses masked, and their silent times.

    JSON: {contact_points: [{id, channel, address, rung, backup, detail, voicemail_says_more, tty, verified_at,
    stopped_at, stopped_why, muted_at}], silent_times: [{id, kind, keeps_back, contact_point, days, starts, ends,
    first_day, last_day}]}. `muted_at`: mail about this registration alone was stopped there.
    """
    ready()
    from watchword.registrants.preferences import registrant_of
    from watchword.registrants.queries import contact_points_of, silent_times_of

    registrant_of(registration)
    points, times = contact_points_of(registration), silent_times_of(registration)
    if as_json:
        print_json({"contact_points": points, "silent_times": times})
        return
    columns = "id", "channel", "address", "rung", "backup", "stopped_why", "muted_at"
    print_table({name: name.upper() for name in columns}, points)
    if times:
        print()
        print_table({name: name.upper() for name in times[0]}, times)


@contact.command("test")
def contact_test(
    registration: int,
    by: By,
    number: Annotated[
        int | None,
        typer.Option("--contact", help="Only to this contact point; else to all that are verified."),
    ] = None,
) -> None:
    """Have a real message sent that says it is a test, and tells nothing else. A worker sends it."""
    ready()
    from watchword.delivery.testing import request_tests
    from watchword.registrants.preferences import registrant_of

    for test in request_tests(registrant_of(registration).pk, by=by, contact_point=number):
        print(f"A test {test.channel} goes to contact point {test.contact_point_id}.")


@contact.command("rung")
def contact_rung(number: int, rung: int, by: By) -> None:
    """Put a contact point on a rung of the ladder: 1 comes first, ties are allowed."""
    ready()
    from watchword.registrants.preferences import set_rung

    set_rung(number, rung, by=by)
    print(f"Contact point {number} is on rung {rung}.")


@contact.command("voicemail")
def contact_voicemail(
    number: int, says_more: Annotated[bool, typer.Option("--more/--less", help="What it may say.")], by: By
) -> None:
    """Say whether a voicemail there may say more than "please call back"; never of the case."""
    ready()
    from watchword.registrants.preferences import set_voicemail

    set_voicemail(number, says_more=says_more, by=by)
    print(f"A voicemail at contact point {number} says {'more' if says_more else 'as little as can be'}.")


@contact.command("tty")
def contact_tty(
    number: int,
    is_tty: Annotated[bool, typer.Option("--tones/--speech", help="What calls sound like.")],
    by: By,
) -> None:
    """Say whether calls there go to a text telephone (TTY), and so are tones that it prints."""
    ready()
    from watchword.registrants.preferences import set_tty

    set_tty(number, is_tty=is_tty, by=by)
    print(f"Calls to contact point {number} are {'tones that a TTY prints' if is_tty else 'spoken'}.")


@contact.command("backup")
def contact_backup(
    registration: int,
    by: By,
    email: Annotated[str | None, typer.Option(help="The other person's email address.")] = None,
    phone: Annotated[str | None, typer.Option(help="The other person's phone number.")] = None,
    letter: Annotated[
        str | None, typer.Option(help="The other person's postal address, lines between semicolons.")
    ] = None,
    verified: Annotated[
        bool, typer.Option("--verified", help="This person is who was named, and agrees.")
    ] = False,
) -> None:
    """Name another person who is asked to reach the registrant when nothing else did."""
    ready()
    from watchword.registrants.preferences import name_backup

    for point in name_backup(registration, email=email, phone=phone, letter=letter, verified=verified, by=by):
        print(f"Contact point {point.pk} is a backup.")


@contact.command("quiet")
def contact_quiet(
    registration: int,
    starts: From,
    ends: Until,
    by: By,
    days: Days = "1,2,3,4,5,6,7",
    always: Always = False,
    wake_for_release: WakeForRelease = False,
) -> None:
    """Keep quiet hours: nothing routine is sent in them."""
    ready()
    from watchword.registrants.preferences import keep_quiet, registrant_of

    _print_kept(
        keep_quiet(
            registrant_of(registration),
            starts=_clock(starts),
            ends=_clock(ends),
            days=_weekdays(days),
            keeps_back=_keeps_back(always, wake_for_release),
            by=by,
        )
    )


@contact.command("blackout")
def contact_blackout(
    registration: int,
    first: Day,
    last: Day,
    by: By,
    always: Always = False,
    wake_for_release: WakeForRelease = False,
) -> None:
    """Send nothing routine on these days, the first and the last among them."""
    ready()
    from watchword.registrants.preferences import black_out, registrant_of

    _print_kept(
        black_out(
            registrant_of(registration),
            first_day=_day(first),
            last_day=_day(last),
            keeps_back=_keeps_back(always, wake_for_release),
            by=by,
        )
    )


@contact.command("unsafe")
def contact_unsafe(number: int, starts: From, ends: Until, by: By, days: Days = "1,2,3,4,5,6,7") -> None:
    """Send nothing at all to a contact point in these hours: somebody else may see or hear it."""
    ready()
    from watchword.registrants.preferences import never_safe

    _print_kept(never_safe(number, starts=_clock(starts), ends=_clock(ends), days=_weekdays(days), by=by))


@contact.command("unquiet")
def contact_unquiet(silent_time: int, by: By) -> None:
    """End quiet hours, days without messages, or never-safe hours."""
    ready()
    from watchword.registrants.preferences import end_silence

    end_silence(silent_time, by=by)
    print(f"Silent time {silent_time} is over.")


def _print_kept(silent: Any) -> None:
    print(f"Silent time {silent.pk} is kept.")


def _keeps_back(always: bool, wake_for_release: bool) -> "SilentTime.KeepsBack":
    from watchword.registrants.models import SilentTime

    if always and wake_for_release:
        raise typer.BadParameter("Give --always or --wake-for-release, not both.")
    if always:
        return SilentTime.KeepsBack.ALL
    return SilentTime.KeepsBack.ALL_BUT_RELEASES if wake_for_release else SilentTime.KeepsBack.ROUTINE


def _clock(given: datetime) -> time:
    return given.time()


def _day(given: datetime) -> date:
    return given.date()


def _weekdays(given: str) -> list[int]:
    try:
        return [int(day) for day in given.split(",")]
    except ValueError:
        raise typer.BadParameter("Give weekdays as numbers, such as 1,2,3,4,5.") from None
