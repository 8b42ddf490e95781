"""No PIN, name or address stands in a log, in what a row shows of itself, or in an error."""

import logging
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import models

from tests.county import County
from watchword.core.errors import WatchwordError
from watchword.notices.actions import write_current_status, write_notices, write_summary
from watchword.notices.freezing import freeze_wordings
from watchword.notices.models import Notice
from watchword.notices.records import Facts, Message
from watchword.registrants.actions import (
    end,
    pause,
    register,
    resume,
    verify_contact_points,
)
from watchword.registrants.contacts import stop_contact_point
from watchword.registrants.models import ContactPoint
from watchword.registrants.pins import pin_matches

SECRETS = ("904817", "bea.secret", "5550147", "555-0147", "Bea Hidden", "Ana", "Example")
PERSONAL = ("api", "registrants", "notices", "delivery", "custody", "audit", "worklist")


def go_the_whole_way(county: County) -> None:
    person = county.person()
    registration = register(
        source_name="harbor",
        person_key="1001",
        email="bea.secret@example.org",
        phone="202-555-0147",
        language="en",
        pin="904817",
        name="Bea Hidden",
    )
    registration = verify_contact_points(registration.pk, by="Officer Vale")
    assert registration.entitled_from is not None
    write_current_status(registration.pk, registration.entitled_from)
    write_notices(county.event(person, "released").roster_id)
    pause(registration.pk)
    occasion = resume(registration.pk).entitled_from
    assert occasion is not None
    write_summary(registration.pk, occasion)
    freeze_wordings(list(Notice.objects.values_list("id", flat=True)))
    pin_matches("904817", registration.registrant.pin_hash)
    stop_contact_point(ContactPoint.objects.filter(channel="text").get().pk, "wrong_number")
    end(registration.pk)
    for wrong in ({"email": "bea.secret@@example.org"}, {"phone": "5550147"}, {"pin": "904817904817904817"}):
        given: dict[str, Any] = {"email": "bea.secret@example.org", "phone": None, "pin": "904817", **wrong}
        with pytest.raises(WatchwordError) as refused:
            register(source_name="harbor", person_key="1001", language="en", **given)
        logging.getLogger("test").warning("refused: %r", refused.value)


def test_the_whole_way_logs_nothing_personal(county: County, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("django", "psycopg", "watchword"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    go_the_whole_way(county)
    logged = "\n".join(
        f"{record.getMessage()} {record.exc_text or ''}"
        for record in caplog.records
        if "sql" not in record.__dict__
    )
    assert "refused" in logged, "the log was heard"
    assert [secret for secret in SECRETS if secret in logged] == []


def test_what_a_row_shows_of_itself_is_ids(county: County) -> None:
    go_the_whole_way(county)
    seen = 0
    for model in personal_models():
        for row in model._default_manager.all():
            seen += 1
            shown = f"{row} {row!r} {[row]!r}"
            assert str(row.pk) in shown
            assert [secret for secret in SECRETS if secret in shown] == []
    assert seen > 10


def test_the_values_that_words_are_made_of_name_nobody() -> None:
    values: list[object] = [
        Facts(
            kind="released",
            zone=ZoneInfo("UTC"),
            agency="Harbor County",
            source="List",
            number="5550147",
            first_name="Ana",
            last_name="Example",
        ),
        Message(subject="Ana", body="Example"),
    ]
    assert [secret for secret in SECRETS if secret in repr(values)] == []


def test_the_ledger_and_the_worklist_keep_ids_only(county: County) -> None:
    go_the_whole_way(county)
    for model in (apps.get_model("audit", "Entry"), apps.get_model("worklist", "Task")):
        for row in model._default_manager.values_list():
            assert [secret for secret in SECRETS if secret in str(row)] == []


def personal_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in PERSONAL]
