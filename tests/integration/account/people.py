"""Somebody who is registered, was told something, and has signed in."""

from uuid import uuid4

from tests.county import County
from tests.integration.registrants.test_contact_codes import code_of
from tests.integration.registrants.test_registering import ask
from watchword import pipeline
from watchword.core.clock import now
from watchword.delivery.models import Attempt, Delivery
from watchword.registrants.coming_back import sessions
from watchword.registrants.coming_back.models import Session
from watchword.registrants.models import ContactPoint, Registrant, Registration

PIN = "246813"


def signed_up(county: County, key: str = "1001", **changed: object) -> Registration:
    """Bea, verified: an email and a phone, and told where Jon Mercer stands."""
    county.person(key, first_name="Jon", last_name="Mercer")
    registration = ask(person_key=key, **{"language": "en", "name": "Bea Example", **changed})
    pipeline.verify_registration(registration.pk, by="Officer Vale")
    hand_over_all()
    return Registration.objects.get(pk=registration.pk)


def hand_over_all() -> None:
    """What is planned has been handed to a provider, as far as the database knows."""
    for delivery in Delivery.objects.filter(handed_over_at=None):
        delivery.reference, delivery.handed_over_at = uuid4(), now()
        delivery.state, delivery.attempts = "handed_over", 1
        delivery.save()
        Attempt.objects.create(
            reference=delivery.reference,
            delivery=delivery,
            number=1,
            provider="smtp",
            outcome="accepted",
        )


def contact(registrant: Registrant, channel: str) -> ContactPoint:
    return registrant.contact_points.get(channel=channel, backup=False)


def by_pin(registrant: Registrant, *, sure: bool = False) -> Session:
    """Signed in with number and PIN; `sure`: and a code given back that went to the email address."""
    session = sessions.current(sessions.begin(registrant, "en"))
    assert session is not None
    if sure:
        email = contact(registrant, "email").pk
        assert sessions.prove_by_code(session, email, code_of(email))
    return session


def by_link(registrant: Registrant, channel: str = "email") -> Session:
    session = sessions.current(sessions.begin(registrant, "en", contact(registrant, channel)))
    assert session is not None
    return session
