"""Whoever had a watch is told once that it ended by its limit, so that nobody relies on a watch that is over."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django import app

from tests.county import County
from tests.integration.notices.test_writing import active, told
from tests.integration.registrants.test_registering import ask
from watchword.core.clock import now
from watchword.notices import actions, jobs
from watchword.notices.actions import end_watches, write_notices, write_summary
from watchword.notices.models import Notice
from watchword.registrants.actions import pause, resume
from watchword.registrants.models import Registration


def expire() -> None:
    Registration.objects.filter(watching=True).update(watch_ends_at=now() - timedelta(hours=1))


def test_the_end_of_a_watch_is_told_once_with_the_moment_it_ended(county: County) -> None:
    over = active(person_key="2001", watch=True)
    early = active(person_key="2002", watch=True)
    Registration.objects.filter(pk=over.pk).update(watch_ends_at=now() - timedelta(hours=1))
    assert end_watches() == 1
    assert end_watches() == 0
    assert told() == [(over.pk, "watch_ended")]
    assert Notice.objects.get().occasion == Registration.objects.get(pk=over.pk).entitled_until
    assert Registration.objects.get(pk=early.pk).state == "active"


def test_a_watch_whose_person_was_listed_does_not_end(county: County) -> None:
    matched = active(person_key="2001", watch=True)
    write_notices(county.event(county.person("2001"), "booked").roster_id)
    Registration.objects.update(watch_ends_at=now() - timedelta(hours=1))
    assert end_watches() == 0
    assert told() == [(matched.pk, "booked")]


def test_contacts_that_nobody_verified_are_told_nothing(county: County) -> None:
    pending = ask(person_key="2001", watch=True)
    expire()
    assert end_watches() == 0
    assert told() == []
    assert Registration.objects.get(pk=pending.pk).ended_why == "watch_limit"


def test_a_paused_watch_ends_after_the_quiet_and_its_end_is_told_then(county: County) -> None:
    watch = active(person_key="2001", watch=True)
    pause(watch.pk)
    expire()
    assert end_watches() == 0
    occasion = resume(watch.pk).entitled_from
    assert occasion is not None
    write_summary(watch.pk, occasion)
    assert end_watches() == 1
    assert told() == [(watch.pk, "summary"), (watch.pk, "watch_ended")]


def test_a_watch_does_not_end_if_its_end_cannot_be_told(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = active(person_key="2001", watch=True)
    expire()

    def fail(*_: object) -> int:
        raise ConnectionError

    monkeypatch.setattr(actions, "run", fail)
    with pytest.raises(ConnectionError):
        end_watches()
    assert Registration.objects.get(pk=watch.pk).state == "active"


def test_watches_are_looked_at_hourly() -> None:
    hourly = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert hourly[jobs.end_watches.name] == "7 * * * *"
