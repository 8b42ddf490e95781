"""A letter from its plan to the mail room's folder, and from the paper to the PIN."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests.county import County
from tests.deliveries import PIN, Carrier, happening, phone_number, planned, release
from watchword.core.clock import now
from watchword.core.errors import WatchwordError
from watchword.delivery.channels.outbox.client import OutboxProvider
from watchword.delivery.channels.registry import names_for, routes
from watchword.delivery.ledger import ledger
from watchword.delivery.links import Links
from watchword.delivery.models import Delivery
from watchword.delivery.records import Answer, Found, NoAnswer, NotFound, Outbound, Refused, Result, Sought
from watchword.delivery.states import State
from watchword.delivery.testing import request_tests
from watchword.notices.models import Notice
from watchword.registrants.actions import register
from watchword.registrants.models import ContactPoint
from watchword.worklist.models import Task

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.system("libpangoft2-1.0")]

REFERENCE = UUID("5f0c1b1e-7f0a-4a67-9b1d-0c5e2f7a9d31")


@pytest.fixture
def outbox(carrier: Carrier, settings: Any, tmp_path: Path) -> Path:
    """The mail room's folder, in use."""
    settings.WATCHWORD = carrier.settings(letter_providers="outbox", letter_outbox=tmp_path)
    return tmp_path


def letters(outbox: Path) -> list[str]:
    return sorted(path.name for path in outbox.glob("*.pdf"))


def test_a_letter_lies_in_the_folder_and_only_the_pin_confirms_it(
    county: County, outbox: Path, drain: Callable[[], None]
) -> None:
    (notice,) = planned(release(county), 1, ["letter"])
    drain()
    delivery = Delivery.objects.get()
    assert (delivery.state, letters(outbox)) == (State.HANDED_OVER, [f"{delivery.reference}.pdf"])
    assert not list(outbox.glob("*.part"))
    assert (outbox / f"{delivery.reference}.pdf").stat().st_mode & 0o077 == 0
    assert Notice.objects.get().state == Notice.State.AT_DESK
    typed = Links("").on_paper(delivery.pk).upper().replace("/M/", "/m/")
    assert Client().post(typed, {"pin": "161803"}).status_code == 200
    assert Notice.objects.get().state == Notice.State.AT_DESK
    assert "Ana Example" in Client().post(typed, {"pin": PIN}).content.decode()
    assert Notice.objects.get().confirmed_by_channel == "letter"
    assert [line.words for line in ledger(notice.pk)] == [
        "A person in our office was asked to help",
        "Letter to ***07 handed over to be mailed",
        "You entered your PIN on the page that a letter named",
    ]


@pytest.mark.parametrize("lost_later", [False, True])
def test_an_immediate_notice_with_a_letter_alone_left_is_before_the_desk_at_once_and_the_letter_goes(
    county: County, carrier: Carrier, outbox: Path, drain: Callable[[], None], lost_later: bool
) -> None:
    planned(release(county), 1, ["text", "letter"] if lost_later else ["letter"])
    if lost_later:
        assert not Task.objects.exists()
        carrier.ask("PUT", f"phones/{phone_number(0)}", texts={"kind": "invalid"})
    drain()
    task = Task.objects.get()
    assert (task.kind, task.subject) == (Task.Kind.LETTER_ALONE, f"notice:{Notice.objects.get().pk}")
    assert Delivery.objects.get(channel="letter").state == State.HANDED_OVER
    assert len(letters(outbox)) == 1


def test_what_is_routine_may_come_by_letter(county: County, outbox: Path, drain: Callable[[], None]) -> None:
    (notice,) = planned(happening(county, "transferred"), 1, ["letter"])
    drain()
    assert not Task.objects.exists()
    assert Notice.objects.get(pk=notice.pk).state == Notice.State.OPEN


def test_whoever_got_a_strangers_letter_can_stop_them(
    county: County, outbox: Path, drain: Callable[[], None]
) -> None:
    planned(release(county), 1, ["letter"])
    drain()
    Client().post(f"{Links('').on_paper(Delivery.objects.get().pk)}/not-mine")
    assert ContactPoint.objects.get().stopped_why == "wrong_number"


def test_a_letter_is_one_rung_among_others(county: County, outbox: Path) -> None:
    planned(release(county), 1, ["text", "letter"])
    assert {(d.channel, d.rung, d.wording.channel) for d in Delivery.objects.select_related("wording")} == {
        ("text", 1, "text"),
        ("letter", 1, "email"),
    }


def test_an_office_that_sends_no_letters_takes_no_postal_address(county: County, settings: Any) -> None:
    assert names_for("letter") == []
    county.person("1001")
    asked: dict[str, Any] = {
        "source_name": "harbor",
        "person_key": "1001",
        "email": None,
        "phone": None,
        "letter": "Ana Example; 12 Elm St; Albany NY 12207",
        "language": "en",
        "pin": PIN,
    }
    with pytest.raises(WatchwordError, match="sends no letters"):
        register(**asked)
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"letter_providers": "outbox"})
    register(**asked)
    assert [point.channel for point in ContactPoint.objects.all()] == ["letter"]
    with pytest.raises(WatchwordError, match="WATCHWORD_LETTER_OUTBOX must name"):
        routes()


def test_a_test_letter_says_that_it_is_one(county: County, outbox: Path, drain: Callable[[], None]) -> None:
    planned(release(county), 1, ["letter"])
    point = ContactPoint.objects.get()
    (test,) = request_tests(point.registrant_id, by="officer")
    drain()
    test.refresh_from_db()
    assert test.delivered_at is not None
    assert f"{test.reference}.pdf" in letters(outbox)


def message() -> Outbound:
    return Outbound(
        delivery=7,
        reference=REFERENCE,
        channel="letter",
        provider="outbox",
        urgent=True,
        to="ANA EXAMPLE\n12 ELM ST\nALBANY NY 12207\nUS",
        subject="A message",
        body="Words.",
        language="en",
    )


def asked(folder: Path) -> Answer:
    wanted = Sought(
        delivery=7,
        reference=REFERENCE,
        channel="letter",
        provider="outbox",
        to="",
        mark="",
        since=now(),
        waited=timedelta(),
    )
    return asyncio.run(OutboxProvider(folder).find(wanted))


def written(folder: Path) -> Result:
    async def write() -> Result:
        provider = OutboxProvider(folder)
        await provider.open()
        try:
            return await provider.send(message())
        finally:
            await provider.close()

    return asyncio.run(write())


def names(*endings: str) -> list[str]:
    return [f"{'.' if ending != 'pdf' else ''}{REFERENCE}.{ending}" for ending in endings]


@pytest.mark.parametrize(
    ("left", "answer"),
    [
        (names(), NotFound()),  # killed before it began
        (names("part"), NotFound()),  # while writing
        (names("part", "sent"), NotFound()),  # just before the file got its name
        (names("sent", "pdf"), Found(provider_ids=(str(REFERENCE),))),  # just after
        (names("sent"), Found(provider_ids=(str(REFERENCE),))),  # the mail room was quick
    ],
)
def test_what_a_crash_left_tells_how_far_it_came(tmp_path: Path, left: list[str], answer: Answer) -> None:
    for name in left:
        (tmp_path / name).touch()
    assert asked(tmp_path) == answer
    assert asked(tmp_path) == answer  # however often it is asked
    assert not list(tmp_path.glob(".*.part"))


def test_a_letter_said_not_to_be_there_is_never_finished_by_a_worker_that_comes_back(tmp_path: Path) -> None:
    (tmp_path / f".{REFERENCE}.part").touch()
    assert asked(tmp_path) == NotFound()
    assert not letters(tmp_path)
    with pytest.raises(FileNotFoundError):
        (tmp_path / f".{REFERENCE}.part").rename(tmp_path / f"{REFERENCE}.pdf")


def test_a_folder_that_is_away_is_a_fault_of_ours_and_no_answer(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    assert written(gone) == Refused(code="ENOENT", permanent=False)
    assert asked(gone) == NoAnswer()


def test_a_letter_is_written_once_under_our_reference(tmp_path: Path) -> None:
    written(tmp_path)
    first = (tmp_path / f"{REFERENCE}.pdf").read_bytes()
    written(tmp_path)
    assert letters(tmp_path) == [f"{REFERENCE}.pdf"]
    assert (tmp_path / f"{REFERENCE}.pdf").read_bytes() == first
    assert first.startswith(b"%PDF-")
