"""The ledger only grows, whoever asks the database."""

import pytest
from django.db import DatabaseError, connection, transaction

from watchword.audit.actions import record
from watchword.audit.models import Entry


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET reason = 'another'",
        "UPDATE audit_entry SET reason = 'another' WHERE false",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
    ],
)
def test_an_entry_cannot_be_changed_or_taken_away(statement: str) -> None:
    record("Officer Vale", "incident.release", "incident:1", "looked at", rows=3)
    with (
        pytest.raises(DatabaseError, match="The ledger only grows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    entry = Entry.objects.get()
    assert (entry.actor, entry.reason, entry.facts) == ("Officer Vale", "looked at", {"rows": 3})


@pytest.mark.django_db
def test_an_act_and_its_entry_fall_together() -> None:
    with transaction.atomic():
        record("Officer Vale", "incident.release", "incident:1")
        transaction.set_rollback(True)
    assert not Entry.objects.exists()
