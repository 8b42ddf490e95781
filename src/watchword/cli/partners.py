"""Commands about partners: other offices whose systems are told by push."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from watchword.cli.console import By, Json, Reason, print_json, print_rows, ready

partner = typer.Typer(help="Other offices whose systems are told by push.", no_args_is_help=True)
key = typer.Typer(help="What a partner's system shows to use the HTTP API.", no_args_is_help=True)
partner.add_typer(key, name="key")

Facts = Annotated[
    bool, typer.Option("--facts", help="A push may say what happened, where the registrant allows it.")
]
MayConfirm = Annotated[
    bool, typer.Option("--may-confirm", help="Its system may say that a person there told the registrant.")
]


@partner.command("add")
def partner_add(
    name: Annotated[str, typer.Argument(help="Short, such as harbor-shelter.")],
    url: Annotated[str, typer.Argument(help="Where its system takes pushes, https://...")],
    by: By,
    facts: Facts = False,
    may_confirm: MayConfirm = False,
    as_json: Json = False,
) -> None:
    """Add a partner, and show the secret that it verifies our pushes with. It is not shown again.

    JSON: {name, secret}.
    """
    ready()
    from watchword.registrants.partners import add_partner

    made, secret = add_partner(name, url, gets_facts=facts, may_confirm=may_confirm, by=by)
    _show_secret(made.name, secret, as_json)


@partner.command("list")
def partner_list(as_json: Json = False) -> None:
    """List the partners.

    JSON: [{name, host, gets_facts, may_confirm, contacts, stopped_at}].
    """
    ready()
    from watchword.registrants.partners import list_partners

    print_rows(list_partners(), as_json)


@partner.command("change")
def partner_change(
    name: str,
    by: By,
    url: Annotated[str | None, typer.Option(help="Where its system takes pushes from now on.")] = None,
    facts: Annotated[
        bool | None, typer.Option("--facts/--no-facts", help="Whether a push may say what happened.")
    ] = None,
    may_confirm: Annotated[
        bool | None, typer.Option("--may-confirm/--may-not-confirm", help="Whether its system may confirm.")
    ] = None,
) -> None:
    """Change where pushes to a partner go, what it gets and what it may do."""
    ready()
    from watchword.registrants.partners import change_partner

    change_partner(name, url=url, gets_facts=facts, may_confirm=may_confirm, by=by)
    print(f"{name} is changed.")


@partner.command("rotate")
def partner_rotate(
    name: str,
    by: By,
    hours: Annotated[float, typer.Option(help="Pushes are signed with the old secret too for so long.")] = 48,
    as_json: Json = False,
) -> None:
    """Make a new secret for a partner. Until the old one ends, pushes are signed with both.

    JSON: {name, secret}.
    """
    ready()
    from watchword.registrants.partners import rotate_secret

    _show_secret(name, rotate_secret(name, hours=hours, by=by), as_json)


@partner.command("test")
def partner_test(name: str, by: By) -> None:
    """Push a test to a partner's system, which says that it is one and tells nothing."""
    ready()
    from watchword.delivery.testing import request_push_test

    request_push_test(name, by=by)
    print(f"A test is pushed to {name}, as soon as a worker runs.")


@partner.command("stop")
def partner_stop(name: str, by: By) -> None:
    """Push nothing more to a partner; its open notices go the next way, or to the desk."""
    ready()
    from watchword.delivery.partners import stop_partner
    from watchword.registrants.partners import partner_called

    stopped = stop_partner(partner_called(name).pk, by=by)
    print(f"Pushes to {name} {'are stopped' if stopped else 'were stopped before'}.")


@partner.command("resume")
def partner_resume(name: str, by: By) -> None:
    """Push to a partner again from now on. `watchword partner replay` sends what it missed."""
    ready()
    from watchword.delivery.partners import resume_partner

    resume_partner(name, by=by)
    print(f"Pushes to {name} go on.")


@partner.command("replay")
def partner_replay(
    name: str,
    by: By,
    since: Annotated[
        datetime,
        typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="In UTC, such as 2026-03-01T12:00:00."),
    ],
) -> None:
    """Send a partner's pushes since a moment once more, with the same ids: it drops those that it has."""
    ready()
    from watchword.delivery.replays import replay_since

    count = replay_since(name, since.replace(tzinfo=UTC), by=by)
    print(f"{count} {'push is' if count == 1 else 'pushes are'} sent again.")


@partner.command("replay-link")
def partner_replay_link(by: By) -> None:
    """Print the address of a page that shows the newest pushes and can send them again. It is good for an hour.

    Whoever has it can use it in your name: do not pass it on.
    """
    ready()
    from watchword.delivery.replays import make_link

    print(make_link(by=by))


@key.command("add")
def key_add(
    name: Annotated[str, typer.Argument(help="The partner's name.")],
    scope: Annotated[
        list[str],
        typer.Option(
            help="What it is good for: registrations:read, registrations:write, notices:read, confirmations, webhooks "
            "or law; again for more."
        ),
    ],
    by: By,
    a_minute: Annotated[int, typer.Option("--a-minute", help="Requests that it may make in a minute.")] = 120,
    as_json: Json = False,
) -> None:
    """Make a key for a partner's system, and show it. It is not shown again.

    JSON: {name, key}.
    """
    ready()
    from watchword.api.keys import add_key

    made = add_key(name, scope, a_minute=a_minute, by=by)
    if as_json:
        print_json({"name": name, "key": made})
    else:
        print(f"A key of {name}, which is not shown again:\n{made}")


@key.command("list")
def key_list(name: Annotated[str, typer.Argument(help="The partner's name.")], as_json: Json = False) -> None:
    """List a partner's keys, without what would open anything.

    JSON: [{id, scopes, a_minute, made_at, ends_at}].
    """
    ready()
    from watchword.api.keys import list_keys

    print_rows(list_keys(name), as_json)


@key.command("revoke")
def key_revoke(
    name: Annotated[str, typer.Argument(help="The partner's name.")],
    number: Annotated[int, typer.Argument(help="The key's id, as `watchword partner key list` shows it.")],
    by: By,
    reason: Reason,
) -> None:
    """End a key at once."""
    ready()
    from watchword.api.keys import revoke_key

    revoke_key(name, number, by=by, reason=reason)
    print(f"Key {number} of {name} has ended.")


def _show_secret(name: str, secret: str, as_json: bool) -> None:
    if as_json:
        print_json({"name": name, "secret": secret})
    else:
        print(f"The secret of {name}, which is not shown again:\n{secret}")
