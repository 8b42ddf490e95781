"""People who ask to be told, and whom they ask about."""

from datetime import date
from typing import Any

from tests.county import County
from tests.integration.custody.test_finding import wait_and_catch_up
from watchword.custody.finding.records import Sought
from watchword.custody.models import Person
from watchword.registrants.asking.actions import ask
from watchword.registrants.asking.models import Relation
from watchword.registrants.asking.records import Asked, ForWhom, Reached, Taken
from watchword.registrants.models import Registrant
from watchword.registrants.numbers import registrant_id_of

BORN = date(1988, 3, 9)
BEA = Reached(email="bea@example.org", phone="202 555 0123", name="Bea Example", language="es")
WHY: dict[str, Any] = {"by": "Officer Vale", "reason": "Case 26-118 names her."}


def held(county: County, key: str = "1001", **record: Any) -> Person:
    """Somebody in custody, in the search."""
    named = {"first_name": "Jon", "last_name": "Mercer", "birth_date": BORN}
    person = county.person(key, **{**named, **record})
    wait_and_catch_up(person)
    return person


def asked(**changed: Any) -> Asked:
    """What Bea asks, a victim who looks for Jon Mercer."""
    usual: dict[str, Any] = {
        "source": "harbor",
        "sought": Sought(name="Jon Mercer", born=BORN),
        "relation": Relation.VICTIM,
        "for_whom": ForWhom.MYSELF,
        "reached": BEA,
        "pin": "904817",
        "evidence": "Case 26-118",
    }
    return Asked(**{**usual, **changed})


def request(**changed: Any) -> Taken:
    return ask(asked(**changed))


def who(taken: Taken) -> Registrant:
    """Whoever comes back with this number."""
    return Registrant.objects.get(pk=registrant_id_of(taken.number) or 0)
