"""What this room does by the clock."""

from procrastinate.contrib.django import app

from watchword.feeds.retention import purge_raw


@app.periodic(cron="23 4 * * *")
@app.task(queue="upkeep", queueing_lock="feeds.purge_raw_files")
def purge_raw_files(timestamp: int) -> None:
    """Daily: raw bytes of rosters whose source's retention has passed."""
    purge_raw()
