"""The database is restored from a copy made before everything was sent: nobody hears anything twice unmarked."""

import json
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import connection

from tests.county import County
from tests.crash.copies import Copy
from tests.crash.workers import Start, drain_with_a_new_worker, sent, watchword
from tests.deliveries import Carrier, planned, release, until, worker_process
from watchword.audit.models import Entry
from watchword.delivery import heartbeat
from watchword.delivery.models import Attempt, Delivery, Heartbeat
from watchword.delivery.states import State
from watchword.worklist.models import Incident

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def copies() -> Iterator[Callable[[], Copy]]:
    """Make copies, which end with the test."""
    made: list[Copy] = []

    def copy() -> Copy:
        made.append(Copy())
        return made[-1]

    yield copy
    for each in made:
        each.drop()


def test_nothing_is_sent_from_a_restored_database_until_a_person_has_reconciled_it(
    county: County, carrier: Carrier, start: Start, copies: Callable[[], Copy]
) -> None:
    event = release(county)
    planned(event, 3, ["text", "voice", "email"])
    assert heartbeat.beat()
    yesterday = copies()
    drain_with_a_new_worker(carrier)
    assert sum(sent(carrier).values()) == 9

    yesterday.restore()
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.QUEUED}, "they look as if unsent"
    planned(event, 1, ["text"])  # and this one is
    assert worker_process(carrier, drain=True).wait(60) == 1
    assert sum(sent(carrier).values()) == 9
    incident = Incident.objects.get(state=Incident.State.OPEN)
    assert incident.kind == Incident.Kind.DATABASE_RESTORED
    assert "`watchword reconcile`" in watchword(carrier, "incident", "show", str(incident.pk)).stdout
    checks = json.loads(watchword(carrier, "doctor", "--json").stdout)["checks"]
    assert [check["verdict"] for check in checks if check["name"] == "sending"] == ["fault"]

    start()  # it waits for the person, and goes on then
    done = watchword(carrier, "reconcile", "--by", "Officer Example", "--reason", "the disk died", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {name: found[name] for name in ("sent_already", "may_be_repeats", "to_be_sent")} == {
        "sent_already": 6,
        "may_be_repeats": 3,
        "to_be_sent": 1,
    }
    assert Entry.objects.get(action="delivery.reconcile").actor == "Officer Example"
    until(lambda: not Delivery.objects.exclude(state=State.HANDED_OVER).exists())
    assert len(carrier.log("text")) == 4
    assert len(carrier.log("call")) == 3
    mails = Delivery.objects.filter(channel="email")
    assert len(carrier.log("mail")) == 6
    assert all(mails.values_list("repeat", flat=True)), "who may be told twice is told so"
    assert not Delivery.objects.exclude(channel="email").filter(repeat=True).exists()
    assert not Attempt.objects.filter(outcome=None).exists()
    incident.refresh_from_db()
    assert (incident.state, incident.closed_by) == ("released", "Officer Example")
    assert watchword(carrier, "reconcile", "--by", "A", "--reason", "again").returncode == 1


def test_nothing_goes_on_while_a_provider_does_not_say_what_it_was_given(
    county: County, carrier: Carrier
) -> None:
    planned(release(county), 1, ["text"])
    assert heartbeat.beat()
    row = Heartbeat.objects.get()
    heartbeat.remember(row.database, row.count + 1)  # as if the newest count had been lost
    carrier.fault("reads", "server_error")
    failed = watchword(carrier, "reconcile", "--by", "Officer Example", "--reason", "the disk died")
    assert failed.returncode == 1
    assert "does not answer" in failed.stderr
    assert not heartbeat.beat()
    assert worker_process(carrier, drain=True).wait(60) == 1
    assert not sent(carrier)


@pytest.mark.parametrize(("silent_hours", "may_send"), [(0, True), (2, False)])
def test_a_home_that_never_saw_the_database_may_send_only_where_others_did_lately(
    county: County, monkeypatch: pytest.MonkeyPatch, tmp_path: object, silent_hours: int, may_send: bool
) -> None:
    assert heartbeat.beat()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE delivery_heartbeat SET at = at - %s * interval '1 hour'", [silent_hours])
    elsewhere = settings.WATCHWORD.model_copy(update={"home": tmp_path})
    monkeypatch.setattr(settings, "WATCHWORD", elsewhere)
    assert heartbeat.beat() is may_send
    assert Incident.objects.filter(kind=Incident.Kind.DATABASE_RESTORED).exists() is not may_send
