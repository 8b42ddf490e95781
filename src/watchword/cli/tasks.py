"""Commands about tasks: what somebody must do."""

from dataclasses import asdict
from typing import Annotated

import typer

from watchword.cli.console import By, Json, Reason, in_words, print_json, print_rows, print_table, ready

tasks = typer.Typer()
task = typer.Typer(help="What somebody must do.", no_args_is_help=True)
tasks.add_typer(task, name="task")

_ALL = 1_000_000


@tasks.command("tasks")
def task_list(
    kind: Annotated[str, typer.Option(help="Of this kind alone, such as not_confirmed.")] = "",
    as_json: Json = False,
) -> None:
    """List the tasks that are open, those that wait longest first.

    JSON: [{id, kind, subject, summary, opened_at}].
    """
    ready()
    from watchword.worklist.queries import waiting_tasks

    rows = [
        {
            "id": one.pk,
            "kind": one.kind,
            "subject": one.subject,
            "summary": one.summary,
            "opened_at": one.opened_at,
        }
        for one in waiting_tasks(kind, most=_ALL).tasks
    ]
    print_rows(rows, as_json)


@task.command("show")
def task_show(number: int, as_json: Json = False) -> None:
    """Show a task, with what was tried; of contact points a masked form alone.

    JSON: {id, kind, subject, summary, facts, opened_at, done_at, done_by, ledger}; the ledger as `notice show` has it.
    """
    ready()
    from watchword.delivery.ledger import ledger
    from watchword.delivery.queries import notice_of
    from watchword.worklist.queries import task_numbered

    found = task_numbered(number)
    notice = notice_of(found.subject)
    lines = [] if notice is None else ledger(notice, "en")
    shown = {
        "id": found.pk,
        "kind": found.kind,
        "subject": found.subject,
        "summary": found.summary,
        "facts": found.facts,
        "opened_at": found.opened_at,
        "done_at": found.done_at,
        "done_by": found.done_by,
    }
    if as_json:
        print_json(shown | {"ledger": lines})
        return
    for name, value in shown.items():
        print(f"{name}: {in_words(value) if name != 'facts' else value}")
    if lines:
        print_table({"said_at": "WHEN", "words": "WHAT"}, map(asdict, lines))


@task.command("done")
def task_done(number: int, by: By, reason: Reason) -> None:
    """Say that a task is done, and what was done."""
    ready()
    from watchword.worklist.tasks import finish_task

    finish_task(number, by=by, reason=reason)
    print(f"Task {number} is done.")
