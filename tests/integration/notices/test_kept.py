"""What was said to whom can always be shown: nothing that a notice stands on can be taken away."""

import pytest
from django.db import DatabaseError, connection, transaction

from tests.county import County
from tests.integration.notices.test_writing import active
from tests.integration.registrants.test_registering import ask
from watchword.notices.actions import write_notices
from watchword.registrants.models import Registration


@pytest.mark.parametrize(
    "statement", ["DELETE FROM registrants_registration WHERE id = %s", "DELETE FROM custody_event"]
)
def test_neither_its_registration_nor_its_event_can_be_deleted(county: County, statement: str) -> None:
    person = county.person()
    told, untold = active(), ask()
    write_notices(county.event(person, "released").roster_id)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [told.pk] if "%s" in statement else None)
    assert Registration.objects.filter(pk=untold.pk).delete()[0] == 1, "one that was told nothing may go"
