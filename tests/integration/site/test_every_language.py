"""One registrant from first to last, in every language: sign up, be told, confirm, change the language, leave."""

import re
from typing import Any

import pytest

from tests.county import County
from tests.integration.account.people import hand_over_all
from tests.integration.registrants.asking.people import held
from tests.integration.registrants.test_contact_codes import code_of
from tests.integration.site.sign_up.test_walking_through import newest_code
from tests.integration.site.sign_up.walking import PIN, Walk, open_to_anyone
from watchword.config.languages import NAMES
from watchword.delivery.links import token_of
from watchword.delivery.models import Delivery
from watchword.delivery.planning import plan_deliveries
from watchword.notices.actions import write_notices
from watchword.notices.models import Notice
from watchword.registrants.models import Registrant, Registration
from watchword.registrants.numbers import number_of


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", NAMES)
def test_from_signing_up_to_leaving(county: County, settings: Any, language: str) -> None:
    settings.LANGUAGES = list(NAMES.items())
    person = held(county)
    open_to_anyone()
    walk = Walk(language).find(number="1001").answer(chosen="1001").reach(email="").finish(language=language)
    walk.answer(code=newest_code())
    bea = Registrant.objects.get()
    registration = bea.registrations.get()
    assert (bea.language, registration.state) == (language, "active")

    write_notices(county.event(person, "released").roster_id)
    plan_deliveries()
    hand_over_all()
    released = Notice.objects.get(kind="released")
    told = Delivery.objects.filter(notice=released).first()
    assert told is not None
    page = walk.client.post(f"/m/{token_of(told.pk)}", {"pin": PIN}).content.decode()
    assert "Mercer" in page
    released.refresh_from_db()
    assert released.state == "confirmed"

    walk.client.post("/my/in", {"number": number_of(bea.pk), "pin": PIN})
    own = walk.client.get("/my").content.decode()
    assert re.search(rf'<html lang="{language}"', own)
    after = next(code for code in NAMES if code != language)
    walk.client.post("/my/language", {"language": after, "time_zone": bea.time_zone})
    assert f'<html lang="{after}"' in walk.client.get("/my").content.decode()
    text = bea.contact_points.get(channel="text").pk
    walk.client.post("/my/sure", {"go": "code", "contact": str(text), "code": code_of(text)})
    walk.client.post(f"/my/signup/{registration.pk}/end")
    assert Registration.objects.get().state == "ended"
    assert walk.client.get("/my/leave").status_code == 302
    assert walk.client.get("/my").status_code == 302
