"""Commands about registrations: who is to be told about whom, and whether they want to be."""

import sys
from typing import Annotated

import typer

from watchword.cli.console import By, Json, print_json, ready

registrations = typer.Typer()


@registrations.command()
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


@registrations.command()
def verify(registration: int, by: By) -> None:
    """Say that a pending registration's contacts were verified in person: it becomes active."""
    ready()
    from watchword import pipeline

    print(f"Registration {registration} is {pipeline.verify_registration(registration, by=by).state}.")


@registrations.command("hand-over")
def hand_over(
    registration: int,
    by: By,
    email: Annotated[str | None, typer.Option(help="The colleague's email address.")] = None,
    phone: Annotated[str | None, typer.Option(help="The colleague's phone number.")] = None,
) -> None:
    """Leave a client to a colleague, who takes over once they have given the code that is sent to them."""
    ready()
    from watchword.delivery.codes import send_code
    from watchword.registrants.handing_over import hand_over as hand_registration_over

    made = hand_registration_over(registration, email=email, phone=phone, by=by)
    for point in made.registrant.contact_points.values_list("id", flat=True):
        send_code(point, by=by)
    print(
        f"Registration {made.pk} takes over from {registration} when its contact is verified by the code sent to it."
    )


@registrations.command()
def pause(registration: int, by: By) -> None:
    """The registrant wants quiet; one summary follows on resuming."""
    ready()
    from watchword.registrants.actions import pause as pause_registration

    print(f"Registration {registration} is {pause_registration(registration, by=by).state}.")


@registrations.command()
def resume(registration: int, by: By) -> None:
    """The registrant's quiet is over."""
    ready()
    from watchword import pipeline

    print(f"Registration {registration} is {pipeline.resume_registration(registration, by=by).state}.")


@registrations.command()
def end(registration: int, by: By) -> None:
    """The registrant wants to be told no more."""
    ready()
    from watchword.registrants.actions import end as end_registration

    print(f"Registration {registration} is {end_registration(registration, by=by).state}.")
