"""The clock's work of this room is known to the one who does it."""

from procrastinate.contrib.django import app

from watchword.feeds import jobs


def test_the_purge_is_done_daily() -> None:
    daily = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert daily[jobs.purge_raw_files.name] == "23 4 * * *"
