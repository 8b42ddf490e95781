"""Workers in processes of their own, and what must be true whatever became of them."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable

from django.conf import settings
from django.db import connection

from tests.deliveries import NOWHERE, Carrier, until, worker_process
from tests.environment import database_url
from watchword.delivery.models import Delivery
from watchword.delivery.states import State

WORKERS = """
SELECT pid FROM pg_locks
WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""

Start = Callable[..., "subprocess.Popen[bytes]"]


def drain_with_a_new_worker(carrier: Carrier) -> None:
    assert worker_process(carrier, drain=True).wait(120) == 0


def kill(worker: "subprocess.Popen[bytes]") -> None:
    """And wait until PostgreSQL has noticed that its sessions are gone."""
    worker.kill()
    worker.wait()

    def gone() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({WORKERS}) AS alive")  # noqa: S608
            return bool(cursor.fetchone() == (0,))

    until(gone)


def sent(carrier: Carrier) -> Counter[str]:
    """How often each address was sent something, by the carrier's log."""
    return Counter(entry["to"] for kind in ("text", "mail", "call") for entry in carrier.log(kind))


def assert_each_was_sent_once_or_says_so(carrier: Carrier, count: int) -> int:
    """Nobody was left out; every address that got two is a delivery marked as a repeat. Returns how many got two."""
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.HANDED_OVER}
    times = sent(carrier)
    assert len(times) == count == Delivery.objects.count()
    twice = [address for address, number in times.items() if number > 1]
    assert max(times.values()) <= 2
    assert len(twice) <= Delivery.objects.filter(repeat=True).count()
    return len(twice)


def watchword(carrier: Carrier, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """The command, as a person types it."""
    own = {
        "DATABASE_URL": database_url(),
        "WATCHWORD_HOME": str(settings.WATCHWORD.home),
        "WATCHWORD_CARRIER_URL": carrier.url,
        "WATCHWORD_SMTP_URL": f"smtp://127.0.0.1:{carrier.smtp_port}",
        "WATCHWORD_PUBLIC_URL": NOWHERE,
    }
    return subprocess.run(
        [sys.executable, "-c", "from watchword.cli import main; main()", *words],
        env=os.environ | own | environment,
        capture_output=True,
        text=True,
    )
