"""What this room does by the clock."""

from procrastinate.contrib.django import app

from watchword.registrants.asking import limits, review


@app.periodic(cron="* * * * *")
@app.task(queue="upkeep", queueing_lock="registrants.look_through_requests")
def look_through_requests(timestamp: int) -> None:
    """Each minute: new requests are looked through for signs of misuse."""
    review.look_through()


@app.periodic(cron="17 * * * *")
@app.task(queue="upkeep", queueing_lock="registrants.forget_knocks")
def forget_knocks(timestamp: int) -> None:
    """Hourly: from which addresses of the internet people asked is forgotten."""
    limits.forget_knocks()
