"""What this room does by the clock."""

from procrastinate.contrib.django import app

from watchword.registrants.asking import review


@app.periodic(cron="* * * * *")
@app.task(queue="upkeep", queueing_lock="registrants.look_through_requests")
def look_through_requests(timestamp: int) -> None:
    """Each minute: new requests are looked through for signs of misuse."""
    review.look_through()
