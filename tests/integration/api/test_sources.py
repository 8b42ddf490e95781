"""Sources send their rosters by themselves: with a key of their own, whole, and as often as they like."""

import base64
import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.integration.feeds.conftest import MAPPING
from watchword import intake
from watchword.audit.models import Entry
from watchword.core.errors import WatchwordError
from watchword.feeds.keys import list_keys, make_key, revoke_keys, source_opened_by
from watchword.feeds.models import Roster, SourceKey
from watchword.feeds.receiving import add_source

pytestmark = pytest.mark.django_db

MONDAY = b"id,name,charges\n1,Reyes,THEFT\n2,Okafor,THEFT\n"


@pytest.fixture
def key(settings: LazySettings, tmp_path: Path) -> str:
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"home": tmp_path})
    add_source("airport", MAPPING)
    add_source("harbor", MAPPING)
    return make_key("harbor", by="R. Officer")


def push(key: str, data: bytes = MONDAY, source: str = "harbor", digest: str = "") -> Any:
    given = {"authorization": f"Bearer {key}"} | ({"content-digest": digest} if digest else {})
    return Client().post(
        f"/api/v1/sources/{source}/rosters", data=data, content_type="text/csv", headers=given
    )


def test_a_roster_that_is_pushed_is_kept_and_taken_on(key: str) -> None:
    answer = push(key)
    assert answer.status_code == 202
    said = answer.json()
    assert (said["duplicate"], said["bytes"]) == (False, len(MONDAY))
    assert said["sha256"] == hashlib.sha256(MONDAY).hexdigest()
    assert Roster.objects.get(pk=said["roster"]).stage == "received"
    intake.drain()
    assert Roster.objects.get(pk=said["roster"]).outcome == "baseline"


def test_the_same_bytes_again_are_a_beat(key: str) -> None:
    push(key)
    intake.drain()
    assert push(key).json()["duplicate"] is True
    assert list(Roster.objects.order_by("id").values_list("outcome", "stage")) == [
        ("baseline", "done"),
        ("duplicate", "done"),
    ]


def test_a_key_opens_its_own_source_alone_and_whoever_has_none_learns_nothing(key: str) -> None:
    ended = make_key("harbor", by="R. Officer")
    SourceKey.objects.filter(digest=hashlib.sha256(ended.encode()).digest()).update(
        ends_at="2020-01-01T00:00Z"
    )
    refusals = [
        push(key, source="airport"),
        push(key, source="no-such-source"),
        push("wwsk_wrong"),
        push(""),
        push(ended),
        push(ended, source="no-such-source"),
    ]
    assert {answer.status_code for answer in refusals} == {401}
    assert len({answer.content for answer in refusals}) == 1
    assert len({str(sorted(answer.headers.items())) for answer in refusals}) == 1
    assert not Roster.objects.exists()


REFUSED: dict[str, tuple[dict[str, str], bytes, int, str]] = {
    "packed": ({"content-encoding": "gzip"}, MONDAY, 415, "unpacked"),
    "altered": ({"content-digest": "sha-256=:AAAA:"}, MONDAY, 400, "Content-Digest"),
    "with a digest that is none": ({"content-digest": "sha-256=:=A=:"}, MONDAY, 400, "Content-Digest"),
    "too large": ({}, MONDAY + b"a" * (1 << 20), 413, "larger than 1 MiB"),
    "cut": ({"content-length": str(len(MONDAY) + 9)}, MONDAY, 400, "bytes came: nothing was taken"),
    "of unknown length": ({"content-length": ""}, MONDAY, 411, "Content-Length"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_nothing_is_taken_of_a_file_that_is(name: str, key: str, settings: LazySettings) -> None:
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"largest_roster_mib": 1})
    headers, data, status, why = REFUSED[name]
    length = headers.get("content-length", str(len(data)))
    beneath: Any = {"CONTENT_LENGTH": length, "wsgi.input": io.BytesIO(data)}
    given = {"authorization": f"Bearer {key}"} | headers
    answer = Client().generic("POST", "/api/v1/sources/harbor/rosters", data, headers=given, **beneath)
    assert answer.status_code == status, answer.content
    assert why in answer.json()["detail"]
    assert not Roster.objects.exists()


def test_the_digest_that_the_sender_names_is_checked(key: str) -> None:
    digest = base64.b64encode(hashlib.sha256(MONDAY).digest()).decode()
    assert push(key, digest=f"sha-256=:{digest}:").status_code == 202


def test_only_post_is_understood(key: str) -> None:
    assert Client().get("/api/v1/sources/harbor/rosters").status_code == 405


def test_keys_are_rotated_and_revoked_and_each_change_is_in_the_ledger(key: str) -> None:
    new = make_key("harbor", by="R. Officer", hours=24)
    assert source_opened_by(key, "harbor") is not None
    assert source_opened_by(new, "harbor") is not None
    newest = make_key("harbor", by="R. Officer")
    assert source_opened_by(new, "harbor") is None
    assert revoke_keys("harbor", by="R. Officer", reason="a laptop was lost") == 1
    assert source_opened_by(newest, "harbor") is None
    assert [entry.action for entry in Entry.objects.order_by("id")] == ["source.key.make"] * 3 + [
        "source.key.revoke"
    ]
    shown = str([entry.facts for entry in Entry.objects.all()]) + str(list_keys("harbor"))
    assert key not in shown
    assert key.encode() not in {bytes(one.digest) for one in SourceKey.objects.all()}


def test_a_key_is_made_by_somebody_and_for_a_source_that_there_is(key: str) -> None:
    with pytest.raises(WatchwordError, match="Say who decides"):
        make_key("harbor", by=" ")
    with pytest.raises(WatchwordError, match="no source named"):
        make_key("nowhere", by="R. Officer")
