"""How PostgreSQL plans the queue's statements: once, and for a queue of any length."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tests.county import County
from tests.deliveries import planned, release
from watchword.delivery.claims import Room, claim, complete
from watchword.delivery.plans import plan_once
from watchword.delivery.records import Accepted, Completed

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_a_worker_asks_of_the_queue_is_planned_once_and_by_the_indexes(county: County) -> None:
    planned(release(county), 6)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # so few rows would be read from end to end

    def work() -> tuple[list[tuple[int, int]], str]:
        for _ in range(3):
            claimed = claim("text", "twilio", Room(free=2, routine=0), 1)
            complete([Completed(outbound=out, result=Accepted(provider_id="SM1")) for out in claimed])
        with connection.cursor() as cursor:
            cursor.execute("SELECT generic_plans, custom_plans FROM pg_prepared_statements ORDER BY name")
            plans = cursor.fetchall()
            cursor.execute("EXPLAIN SELECT FROM delivery_delivery WHERE id = ANY(ARRAY[1, 2])")
            plan = " ".join(line for (line,) in cursor.fetchall())
        connection.close()
        return plans, plan

    with ThreadPoolExecutor(1, initializer=plan_once) as queue:
        plans, plan = queue.submit(work).result()
    assert plans == [(3, 0)] * 4  # the claim, its move, the move of what ended, and the ends of attempts
    assert "Index" in plan
    assert "Seq Scan" not in plan
