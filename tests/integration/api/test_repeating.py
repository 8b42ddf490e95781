"""A write that comes again is done once, and answered as the first time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from tests.county import County
from tests.integration.api.partners import System
from watchword.api.models import Answer
from watchword.api.repeating import KEPT_FOR, forget_old_answers
from watchword.core.clock import now
from watchword.registrants.asking.models import Request


def test_the_same_wish_is_taken_once_with_the_same_number_and_pin(county: County) -> None:
    system = System()
    first = system.ask(once="entry-1")
    assert system.ask(once="entry-1") == first
    assert System().ask(once="entry-1") == first, "another key of the same partner, after a rotation"
    assert System("riverside-legal").ask(once="entry-1") != first
    assert system.ask(once="entry-2")["number"] != first["number"]
    assert Request.objects.count() == 3


def test_another_wish_under_the_same_name_is_refused(county: County) -> None:
    system = System()
    shown = system.ask(once="entry-1")["registration"]
    assert (
        "used for another request" in system.ask(once="entry-1", note="He has moved.", status=422)["detail"]
    )
    system.post(f"registrations/{shown['id']}/end", once="entry-1", status=422)
    assert Request.objects.get().state == "waiting"


def test_what_was_refused_may_be_sent_again_put_right(county: County) -> None:
    system = System()
    system.ask(once="entry-1", evidence="", status=422)
    system.ask(once="entry-1")
    assert Request.objects.count() == 1


@pytest.mark.parametrize("name", ["", "two words", "é", "a" * 256])
def test_a_name_that_cannot_be_one_is_refused(name: str, county: County) -> None:
    system = System()
    system.ask(once=name or " ", status=400)
    assert not Request.objects.exists()


def test_answers_are_kept_unreadable_and_not_for_long(county: County) -> None:
    system = System()
    taken = system.ask(once="entry-1")
    kept = Answer.objects.get()
    assert taken["pin"].encode() not in bytes(kept.body)
    assert forget_old_answers() == 0
    Answer.objects.update(made_at=now() - KEPT_FOR - timedelta(seconds=1))
    assert forget_old_answers() == 1
    assert system.ask(once="entry-1") != taken


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_the_second_gets_the_first_ones_answer(county: County) -> None:
    system = System()

    def send(_: int) -> object:
        try:
            return system.ask(once="entry-1")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    assert all(answer == answers[0] for answer in answers)
    assert Request.objects.count() == 1
