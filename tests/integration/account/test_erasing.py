"""Erasing takes all that names somebody out of every table, keeps what docs/explanation/your-page.md names, and touches
nobody else's."""

from datetime import time
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction

from tests.county import County
from tests.integration.account.people import by_pin, contact, hand_over_all, signed_up
from tests.integration.registrants.asking.people import held, request, who
from tests.integration.registrants.test_contact_codes import code_of
from watchword import pipeline
from watchword.account.erasing import erase
from watchword.account.exporting import export
from watchword.core.clock import now
from watchword.core.encryption import EncryptionError, keyring
from watchword.delivery import changes, receipts, stopping
from watchword.delivery.confirmation import confirm_by_text
from watchword.delivery.models import Attempt, Delivery, Receipt, TestMessage
from watchword.delivery.planning import plan_deliveries
from watchword.delivery.testing import request_tests, take
from watchword.notices.actions import write_notices
from watchword.notices.models import Notice
from watchword.registrants import preferences
from watchword.registrants.asking.models import Request
from watchword.registrants.coming_back.links import LINK_CONTEXT, take_wishes, wish_for_link
from watchword.registrants.coming_back.models import Session
from watchword.registrants.contact_codes import CODE_CONTEXT
from watchword.registrants.models import Registrant
from watchword.registrants.numbers import number_of
from watchword.registrants.sign_in import sign_in
from watchword.worklist.models import Task

CONTEXTS = (
    *("contact_point.address", "registrant.name", "request.sought", "request.evidence", "request.note"),
    *(CODE_CONTEXT, LINK_CONTEXT, "receipt.raw"),
)
BEAS = ("bea@", "5550123", "Bea", "26-118", "1988-03-09", "sworn", "904817")
"""What would name her or what she wrote; the person she asked about stands in custody's tables by right."""

GOES = "rows go"
CHANGED: dict[str, set[str] | str | None] = {
    "audit_entry": None,  # what she did is added
    "delivery_attempt": set(),
    "delivery_delivery": set(),
    "delivery_pintry": GOES,
    "delivery_receipt": {"raw"},
    "delivery_testmessage": {"address", "secret", "sent_at"},
    "notices_notice": {"state"},
    "notices_wording": {"body"},
    "registrants_contactcode": GOES,
    "registrants_contactpoint": {
        *("address", "address_index", "rung", "allows_detail", "voicemail_says_more"),
        *("verified_at", "stopped_at", "stopped_why"),
    },
    "registrants_mute": GOES,
    "registrants_onetimelink": GOES,
    "registrants_recipient": GOES,
    "registrants_registrant": {"name", "pin_hash", "language", "time_zone"},
    "registrants_registration": {"state", "ended_why", "entitled", "watching"},
    "registrants_request": {"state", "answered_at", "sought", "sought_index", "evidence", "note"},
    "registrants_session": GOES,
    "registrants_signintry": GOES,
    "registrants_silenttime": GOES,
    "worklist_task": None,
}
"""Of each table that may change: the columns, or that rows go. Any other table stays as it was."""

Rows = dict[str, dict[Any, dict[str, Any]]]


def tables() -> Rows:
    """All that the database holds."""
    return {
        model._meta.db_table: {row[model._meta.pk.attname]: row for row in model._default_manager.values()}
        for model in apps.get_models()
        if model._meta.managed and not model._meta.db_table.startswith("procrastinate")
    }


def readable(value: Any) -> str:
    """What somebody with our keys can read in it."""
    if not isinstance(value, bytes | memoryview):
        return str(value)
    for context in CONTEXTS:
        try:
            return keyring().decrypt(value, context)
        except (EncryptionError, UnicodeDecodeError):
            continue
    return ""


def that_name_her(found: Rows) -> set[str]:
    return {
        f"{table}.{column}"
        for table, rows in found.items()
        if not table.startswith("custody_")
        for row in rows.values()
        for column, value in row.items()
        if any(word in readable(value) for word in BEAS)
    }


def bea_with_everything(county: County) -> Registrant:
    """Somebody who asked, was approved and told, tried this and that, and has a row in every table there is."""
    person = held(county)
    taken = request(note="He has sworn to find me.")
    (registration,) = pipeline.approve_request(
        taken.request, "1001", by="Vale", reason="The court confirmed it."
    )
    bea = who(taken)
    for channel in ("email", "text"):
        assert pipeline.give_code(contact(bea, channel).pk, code_of(contact(bea, channel).pk))
    text, email = contact(bea, "text"), contact(bea, "email")
    preferences.name_backup(registration.pk, email="bea@aunt.example", phone=None, verified=True, by="Vale")
    preferences.never_safe(text.pk, starts=time(17), ends=time(18), by="registrant")
    preferences.keep_quiet(bea, starts=time(22), ends=time(23), by="registrant")
    request_tests(bea.pk, by="registrant", contact_point=email.pk)
    write_notices(county.event(person, "released").roster_id)
    plan_deliveries()
    hand_over_all()
    sent = Attempt.objects.filter(delivery__contact_point=text).latest("started_at")
    receipts.read(receipts.keep("twilio", "message", b"To=%2B12025550123&MessageStatus=sent", sent.reference))
    confirm_by_text([text], "161803")
    with transaction.atomic():
        stopping.stop(contact(bea, "voice").pk, Task.Kind.OPTED_OUT)
        stopping.mute(registration.pk, email.pk, by="unsubscribe")
    plan_deliveries()
    wish_for_link("bea@example.org")
    take_wishes(10)
    sign_in(number_of(bea.pk), "161803")
    return bea


@pytest.fixture
def bea(county: County) -> Registrant:
    return bea_with_everything(county)


def test_nothing_that_names_her_is_left_in_any_table(bea: Registrant) -> None:
    session = by_pin(bea, sure=True)
    assert len(that_name_her(tables())) >= 6, "the test can see what it looks for"
    erase(session)
    assert that_name_her(tables()) == {"delivery_testmessage.address"}, "the last message, until it is sent"
    TestMessage.objects.filter(sent_at=None).update(sent_at=now(), outcome="accepted")
    changes.forget_last_messages()
    assert that_name_her(tables()) == set()
    assert sign_in(number_of(bea.pk), "904817") is None


def test_only_what_is_named_changes_and_nobody_elses(bea: Registrant, county: County) -> None:
    other = signed_up(county, "1002", email="cal@example.org", phone="202 555 0188", name="Cal")
    request_tests(other.registrant_id, by="registrant")
    session = by_pin(bea, sure=True)
    theirs = {point.pk for point in other.registrant.contact_points.all()}
    before = tables()
    erase(session)
    after = tables()
    for table, rows in before.items():
        columns = CHANGED.get(table, set())
        for key, row in rows.items():
            if columns == GOES:
                continue
            if isinstance(columns, set):
                changed = {name for name in row if row[name] != after[table][key][name]}
                assert changed <= columns, table
            if row.get("contact_point_id") in theirs or row.get("registrant_id") == other.registrant_id:
                assert row == after[table][key], f"somebody else's row of {table}"
        if table not in CHANGED:
            assert rows == after[table], table
    for table, columns in CHANGED.items():
        if columns == GOES:
            mine = [
                row
                for row in after[table].values()
                if row.get("registrant_id") == bea.pk or row.get("contact_point_id") not in (None, *theirs)
            ]
            assert mine == [], table


def test_nothing_is_sent_any_more_and_what_was_told_stays_in_the_ledger(
    bea: Registrant, county: County
) -> None:
    told = set(Attempt.objects.values_list("reference", flat=True))
    erase(by_pin(bea, sure=True))
    assert not Notice.objects.filter(state__in=["open", "at_desk"]).exists()
    sent = take(["twilio", "smtp"])
    assert {out.to for out in sent} <= {"+12025550123"}, "the last message alone"
    assert set(Attempt.objects.values_list("reference", flat=True)) == told
    assert not Delivery.objects.filter(contact_point__stopped_at=None).exists()


def test_a_receipt_that_comes_later_is_not_kept_as_it_came(bea: Registrant) -> None:
    sent = Attempt.objects.filter(delivery__channel="text").latest("started_at").reference
    erase(by_pin(bea, sure=True))
    receipts.read(receipts.keep("twilio", "message", b"To=%2B12025550123&MessageStatus=delivered", sent))
    assert "5550123" not in readable(Receipt.objects.latest("id").raw)


def test_a_request_that_waits_is_withdrawn_and_one_for_somebody_else_stays(county: County) -> None:
    held(county)
    alone = request()
    email = contact(who(alone), "email").pk
    assert pipeline.give_code(email, code_of(email))
    erase(by_pin(who(alone), sure=True))
    assert Request.objects.get(pk=alone.request).state == Request.State.WITHDRAWN


def test_a_death_that_is_taken_back_does_not_wake_her_again(county: County) -> None:
    registration = signed_up(county)
    person = registration.person
    write_notices(
        county.event(person, "died", before={"status": "in_custody"}, after={"status": "died"}).roster_id
    )
    erase(by_pin(registration.registrant, sure=True))
    registration.refresh_from_db()
    assert (registration.state, registration.ended_why) == ("ended", "erased")


def test_the_export_holds_what_she_gave_and_was_told(bea: Registrant) -> None:
    words = export(by_pin(bea, sure=True))
    for said in (
        "bea@example.org",
        "+12025550123",
        "Bea Example",
        "Case 26-118",
        "He has sworn",
        "Jon Mercer",
    ):
        assert said in words
    assert Session.objects.count() == 1
    for hidden in ("withheld", "Officer", "argon2", "request_signs"):
        assert hidden not in words
