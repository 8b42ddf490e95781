"""What this room does by the clock."""

from django.contrib.sessions.backends.db import SessionStore
from procrastinate.contrib.django import app


@app.periodic(cron="37 3 * * *")
@app.task(queue="upkeep", queueing_lock="desk.forget_sessions")
def forget_sessions(timestamp: int) -> None:
    """Nightly: sessions of staff that are over."""
    SessionStore.clear_expired()
