"""Single changes are pushed as they are entered: kept before they are read, taken once, and told."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.integration.feeds.conftest import MAPPING
from watchword import intake
from watchword.custody.models import Event
from watchword.feeds import raw
from watchword.feeds.keys import make_key
from watchword.feeds.models import Roster
from watchword.feeds.receiving import add_source

pytestmark = pytest.mark.django_db(transaction=True)

THEFT = {"id": "3", "name": "Osei", "charges": "THEFT"}
JSON = "application/json"


@pytest.fixture
def key(settings: LazySettings, tmp_path: Path) -> str:
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"home": tmp_path})
    add_source("airport", MAPPING)
    add_source("harbor", MAPPING)
    return make_key("harbor", by="R. Officer")


def push(key: str, body: object, kind: str = JSON, source: str = "harbor", request: str = "") -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"authorization": f"Bearer {key}"} | ({"idempotency-key": request} if request else {})
    return Client().post(f"/api/v1/sources/{source}/changes", data=data, content_type=kind, headers=headers)


AS: dict[str, tuple[object, str]] = {
    "an object": (THEFT, JSON),
    "an object on several lines": (json.dumps(THEFT, indent=2).encode(), JSON),
    "a list": ([THEFT], f"{JSON}; charset=utf-8"),
    "one a line": (json.dumps(THEFT).encode() + b"\n", "application/x-ndjson"),
    "rows of the source's own format": (b"name,id,charges\nOsei,3,THEFT\n", "text/csv"),
}


@pytest.mark.parametrize("name", AS)
def test_a_change_may_come_as(name: str, key: str) -> None:
    body, kind = AS[name]
    answer = push(key, body, kind)
    assert answer.status_code == 202
    taken = Roster.objects.get(pk=answer.json()["roster"])
    assert taken.stage == "received", "it is kept, and was not read yet"
    assert b"Osei" in b"".join(raw.chunks(taken.source_id, bytes(taken.sha256)))
    intake.drain()
    assert list(Event.objects.values_list("person__key", "kind")) == [("3", "booked")]


def test_a_key_makes_it_once_and_the_same_again_gets_the_same_answer(key: str) -> None:
    first = push(key, THEFT, request="entry-77").json()
    intake.drain()
    again = push(key, THEFT, request="entry-77").json()
    assert (first["duplicate"], again["duplicate"]) == (False, True)
    assert first["roster"] == again["roster"]
    assert push(key, THEFT | {"name": "Ito"}, request="entry-77").status_code == 422
    assert Roster.objects.count() == 1


def test_without_a_key_the_same_bytes_as_the_last_are_taken_once(key: str) -> None:
    push(key, THEFT)
    intake.drain()
    assert push(key, THEFT).json()["duplicate"] is True
    push(key, {"id": "3", "name": "Ito"})
    assert push(key, THEFT).json()["duplicate"] is False, "said again after something else, it is news"


def test_a_key_opens_the_changes_of_its_own_source_alone(key: str) -> None:
    refusals = [
        push(key, THEFT, source="airport"),
        push("wwsk_wrong", THEFT),
        push(key, THEFT, source="none"),
    ]
    assert {answer.status_code for answer in refusals} == {401}
    assert not Roster.objects.exists()


@pytest.mark.parametrize("request_key", ["two words", "x" * 256, "é"])
def test_a_key_that_cannot_be_kept_is_refused(request_key: str, key: str) -> None:
    assert push(key, THEFT, request=request_key).status_code == 400
    assert not Roster.objects.exists()


def test_what_is_no_json_is_an_incident_and_tells_nobody(key: str) -> None:
    push(key, b'{"id": "3", "na')
    intake.drain()
    assert Roster.objects.get().outcome == "unreadable"
    assert not Event.objects.exists()
