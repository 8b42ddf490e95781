"""Six digits show whose a contact point is; what is not the code looks alike, and tries and sendings are bounded."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.county import County
from tests.integration.registrants.asking.people import WHY, held, request, who
from tests.integration.registrants.test_registering import ask
from watchword import pipeline
from watchword.core.clock import now
from watchword.delivery.codes import send_code
from watchword.delivery.models import TestMessage
from watchword.delivery.test_wording import message
from watchword.notices.models import Notice
from watchword.registrants.asking.records import ForWhom, Reached
from watchword.registrants.contact_codes import MOST_AN_HOUR, MOST_TRIES, check_code, make_code
from watchword.registrants.models import ContactCode, ContactPoint, Registration
from watchword.registrants.pins import PinError, pin_matches


def point(channel: str = "text") -> int:
    return ContactPoint.objects.filter(channel=channel).latest("id").pk


def code_of(number: int) -> str:
    made = make_code(number)
    assert made is not None
    return made


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_the_right_code_verifies_a_phone_for_texts_and_calls_and_tells_where_the_person_stands(
    county: County,
) -> None:
    county.person()
    registration = ask()
    assert pipeline.give_code(point(), f" {code_of(point())} ")
    verified = ContactPoint.objects.exclude(verified_at=None).values_list("channel", flat=True)
    assert sorted(verified) == ["text", "voice"]
    assert Registration.objects.get(pk=registration.pk).state == "active"
    assert list(Notice.objects.values_list("kind", flat=True)) == ["current_status"]


def test_a_code_is_good_once_and_only_the_newest_and_only_at_its_own_contact(county: County) -> None:
    county.person()
    ask()
    old, new = code_of(point()), code_of(point())
    assert check_code(point("email"), new) is None
    if old != new:
        assert check_code(point(), old) is None
    assert pipeline.give_code(point(), new)
    assert check_code(point(), new) is None


def test_a_code_ends_with_its_time_and_with_its_tries(county: County) -> None:
    county.person()
    ask()
    code = code_of(point())
    for _ in range(MOST_TRIES):
        assert check_code(point(), another(code)) is None
    assert check_code(point(), code) is None, "tried too often"
    code = code_of(point())
    ContactCode.objects.update(expires_at=now() - timedelta(seconds=1))
    assert check_code(point(), code) is None, "too old"


def test_what_is_not_the_code_asks_the_database_the_same(county: County) -> None:
    county.person()
    ask()
    code = code_of(point())
    asked = []
    for number, given in ((point(), another(code)), (point("email"), code), (0, code), (point(), "")):
        with CaptureQueriesContext(connection) as captured:
            assert check_code(number, given) is None
        asked.append(len(captured.captured_queries))
    assert set(asked) == {1}


def test_one_address_gets_few_codes_whoever_asks(county: County) -> None:
    county.person()
    ask()
    first = point()
    ask(email="cal@example.org")  # the same phone
    for number in (first, point(), first, point(), first):
        send_code(number)
    assert TestMessage.objects.count() == MOST_AN_HOUR
    assert (make_code(0), make_code(point("voice"))) == (None, None)


def test_the_message_brings_the_code_and_nothing_of_the_case(county: County) -> None:
    county.person()
    ask()
    for number in (point(), point("email")):
        send_code(number)
    for sent in TestMessage.objects.select_related("contact_point__registrant"):
        out = message(sent)
        assert sent.contact_point_id is not None
        digits = "".join(letter for letter in out.body if letter.isdigit())[:6]
        assert "código" in out.body
        assert not any(word in f"{out.subject} {out.body}" for word in ("Ana", "Example", "1001", "Jail"))
        assert check_code(sent.contact_point_id, digits) is not None
        assert digits.encode() not in bytes(sent.secret or b"")


def test_whom_somebody_else_asked_for_sets_a_pin_of_their_own(county: County) -> None:
    held(county)
    sister = Reached(email="ada@example.org", language="en")
    taken = request(for_whom=ForWhom.BOTH, pin=None, other=sister)
    _, theirs = pipeline.approve_request(taken.request, "1001", **WHY)
    (email,) = theirs.registrant.contact_points.values_list("id", flat=True)
    with pytest.raises(PinError):
        pipeline.give_code(email, code_of(email), pin="111111")
    assert pipeline.give_code(email, code_of(email), pin="520913")
    theirs.refresh_from_db()
    assert theirs.state == "active"
    assert pin_matches("520913", theirs.registrant.pin_hash)
    before = who(taken).pin_hash
    helper = who(taken).contact_points.get(channel="email").pk
    assert pipeline.give_code(helper, code_of(helper), pin="520913")
    assert who(taken).pin_hash == before, "a PIN that is there stays"
