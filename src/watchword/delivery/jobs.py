"""What this room does by the clock."""

from procrastinate.contrib.django import app

from watchword.delivery import bounces, changes, silent_feeds, testing


@app.periodic(cron="* * * * *")
@app.task(queue="upkeep", queueing_lock="delivery.fetch_bounces")
def fetch_bounces(timestamp: int) -> None:
    """Every minute: mails that came back."""
    bounces.fetch()


@app.periodic(cron="41 * * * *")
@app.task(queue="upkeep", queueing_lock="delivery.send_canaries")
def send_canaries(timestamp: int) -> None:
    """Hourly: a test to the office's own contacts through every provider. A worker sends them."""
    testing.request_canaries()


@app.periodic(cron="*/5 * * * *")
@app.task(queue="upkeep", queueing_lock="delivery.listen_for_canaries")
def listen_for_canaries(timestamp: int) -> None:
    """Every five minutes: an alarm for tests that did not arrive, also where no worker runs at all."""
    testing.listen_for_canaries()


@app.periodic(cron="* * * * *")
@app.task(queue="upkeep", queueing_lock="delivery.look_after_sources")
def look_after_sources(timestamp: int) -> None:
    """Every minute: sources that miss their beats. A worker plans the notices of it."""
    silent_feeds.look_after_sources()


@app.periodic(cron="23 * * * *")
@app.task(queue="upkeep", queueing_lock="delivery.forget_last_messages")
def forget_last_messages(timestamp: int) -> None:
    """Hourly: where the last message to somebody went whose data were erased."""
    changes.forget_last_messages()
