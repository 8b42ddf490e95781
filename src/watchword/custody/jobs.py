"""What this room does by the clock."""

from procrastinate.contrib.django import app

from watchword.custody.finding import index


@app.periodic(cron="* * * * *")
@app.task(queue="upkeep", queueing_lock="custody.catch_up_search")
def catch_up_search(timestamp: int) -> None:
    """Each minute: people whose entries in the search wait, as a process that died leaves them."""
    index.catch_up()


@app.periodic(cron="41 4 * * *")
@app.task(queue="upkeep", queueing_lock="custody.sweep_search")
def sweep_search(timestamp: int) -> None:
    """Daily: who left custody long ago cannot be found any more; who came of age can."""
    index.sweep()
