"""Commands about the office's own staff: who may come to the desk."""

from enum import StrEnum
from typing import Annotated

import typer

from watchword.cli.console import By, Json, Reason, print_json, print_rows, ready

staff = typer.Typer(help="Who may come to the desk, the staff's own pages.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Their account, such as ana.reyes.")]


class Role(StrEnum):
    """What an account may do."""

    OFFICER = "officer"
    READER = "reader"


@staff.command("add")
def staff_add(
    name: Name,
    role: Annotated[Role, typer.Option(help="officer: sees and decides; reader: sees.")],
    by: By,
    reason: Reason,
    as_json: Json = False,
) -> None:
    """Make an account, and show its password, which is not shown again. Give it to nobody but its owner.

    JSON: {name, password}.
    """
    ready()
    from watchword.desk.staff.actions import add_staff
    from watchword.desk.staff.models import Staff

    _show_password(name, add_staff(name, Staff.Role(role), by=by, reason=reason), as_json)


@staff.command("list")
def staff_list(as_json: Json = False) -> None:
    """List the accounts.

    JSON: [{name, role, active, has_authenticator, added_at, last_sign_in}].
    """
    ready()
    from watchword.desk.staff.queries import list_staff

    print_rows(list_staff(), as_json)


@staff.command("reset")
def staff_reset(name: Name, by: By, reason: Reason, as_json: Json = False) -> None:
    """Forget somebody's password and authenticator app, as for a lost phone, and show a new password.

    JSON: {name, password}.
    """
    ready()
    from watchword.desk.staff.actions import reset_staff

    _show_password(name, reset_staff(name, by=by, reason=reason), as_json)


@staff.command("disable")
def staff_disable(name: Name, by: By, reason: Reason) -> None:
    """Shut an account out at once. It stays in the ledger, and its name is never used again."""
    _change(name, False, by, reason)


@staff.command("enable")
def staff_enable(name: Name, by: By, reason: Reason) -> None:
    """Let a disabled account in again."""
    _change(name, True, by, reason)


def _change(name: str, is_active: bool, by: str, reason: str) -> None:
    ready()
    from watchword.desk.staff.actions import change_staff

    change_staff(name, is_active=is_active, by=by, reason=reason)
    print(f"{name} may {'sign in again' if is_active else 'not sign in any more'}.")


def _show_password(name: str, password: str, as_json: bool) -> None:
    if as_json:
        print_json({"name": name, "password": password})
    else:
        print(
            f"{name} signs in at /desk/ with this password, sets up an authenticator app there, and from then on signs "
            f"in with both:\n{password}"
        )
