""" "Active when the event is recorded" has one answer, also for two people at the same instant."""

import threading

import pytest
from django.db import connection, transaction

from tests.county import County
from tests.integration.registrants.test_registering import ask
from watchword.feeds.models import Source
from watchword.notices.actions import write_notices
from watchword.notices.models import Notice
from watchword.registrants.models import Registration


@pytest.mark.django_db(transaction=True)
def test_who_registers_while_a_roster_is_compared_comes_after_its_events() -> None:
    county = County()
    person = county.person()

    def register_meanwhile() -> None:
        ask(verified=True, by="Officer Vale")
        connection.close()

    meanwhile = threading.Thread(target=register_meanwhile)
    with transaction.atomic():
        Source.objects.select_for_update(no_key=True).get()  # as a comparison does
        meanwhile.start()
        wait_until_somebody_waits_for_a_lock()
        event = county.event(person, "released")
    meanwhile.join()
    registration = Registration.objects.get()
    assert registration.entitled_from is not None
    assert registration.entitled_from > event.recorded_at
    write_notices(event.roster_id)
    assert not Notice.objects.exists(), "the state told on activation knows of the event already"


def wait_until_somebody_waits_for_a_lock() -> None:
    with connection.cursor() as cursor:
        for _ in range(1_000):
            cursor.execute(
                "SELECT count(*), pg_sleep(0.01) FROM pg_locks JOIN pg_stat_activity USING (pid) "
                "WHERE NOT granted AND datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waits: the source is not locked against the comparison")
