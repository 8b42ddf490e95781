"""What this room does by the clock."""

from procrastinate.contrib.django import app

from watchword.api import repeating


@app.periodic(cron="53 * * * *")
@app.task(queue="upkeep", queueing_lock="api.forget_old_answers")
def forget_old_answers(timestamp: int) -> None:
    """Hourly: answers that nobody waits for any more."""
    repeating.forget_old_answers()
