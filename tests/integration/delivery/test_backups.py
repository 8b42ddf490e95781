"""A backup is asked to reach the registrant, in words that name nobody and no case."""

import pytest

from tests.county import County
from tests.deliveries import PIN, planned, release
from watchword.core.signing import sign
from watchword.delivery.claims import Room, claim
from watchword.delivery.confirmation import confirm_on_page
from watchword.delivery.models import Delivery
from watchword.notices.models import Notice
from watchword.registrants.models import ContactPoint

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("channel", ["email", "text"])
def test_what_a_backup_gets_is_neutral_even_where_a_contact_point_allows_detail(
    county: County, channel: str
) -> None:
    ways = ["voice", channel]
    planned(release(county), 1, ways, allows_detail=True)
    ContactPoint.objects.filter(channel=channel).update(backup=True)
    (sent,) = claim(channel, "any", Room(free=9, routine=9), 1)
    assert "named you" in sent.body
    assert not {"Ana", "Example", "released", "Jail", "custody"} & set(sent.body.replace(".", " ").split())
    assert sign("delivery", sent.delivery) in sent.body


def test_the_registrants_own_pin_confirms_on_a_backups_page_too(county: County) -> None:
    planned(release(county), 1, ["email", "text"])
    ContactPoint.objects.filter(channel="email").update(backup=True)
    backup = Delivery.objects.get(channel="email")
    assert confirm_on_page(sign("delivery", backup.pk), PIN)
    assert Notice.objects.get().state == "confirmed"
