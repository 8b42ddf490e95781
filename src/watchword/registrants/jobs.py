"""What this room does by the clock."""

from procrastinate.contrib.django import app

from watchword.registrants.actions import end_expired_watches


@app.periodic(cron="7 * * * *")
@app.task(queue="upkeep", queueing_lock="registrants.end_watches")
def end_watches(timestamp: int) -> None:
    """Hourly: watches whose limit has passed."""
    end_expired_watches()
