"""What this room does by the clock."""

from procrastinate.contrib.django import app

from watchword.notices import actions


@app.periodic(cron="7 * * * *")
@app.task(queue="upkeep", queueing_lock="notices.end_watches")
def end_watches(timestamp: int) -> None:
    """Hourly: watches whose limit has passed. A worker plans the notices of it."""
    actions.end_watches()
