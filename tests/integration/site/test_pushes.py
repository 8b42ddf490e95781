"""The page of pushes: for whoever has a fresh link, and for nobody else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from tests.county import County
from tests.deliveries import NOWHERE, PIN
from watchword import pipeline
from watchword.audit.models import Entry
from watchword.core.clock import now
from watchword.delivery import links
from watchword.delivery.models import Attempt, Delivery, Replay
from watchword.delivery.replays import make_link
from watchword.delivery.states import State
from watchword.registrants.partners import add_partner

pytestmark = pytest.mark.django_db

SHELTER, LEGAL_AID = "harbor-shelter", "legal-aid"


def pushed(
    county: County, partner: str = SHELTER, state: State = State.RETRY_WAIT, key: str = "1001"
) -> Delivery:
    """A push to a new partner that was tried once, in vain."""
    add_partner(partner, "https://cases.example.org/", gets_facts=True, may_confirm=True, by="officer")
    county.person(key)
    pipeline.register(
        source_name="harbor",
        person_key=key,
        email=None,
        phone=None,
        push=f"{partner}/4711",
        language="en",
        pin=PIN,
        verified=True,
        by="officer",
        allows_detail=True,
    )
    delivery = Delivery.objects.latest("id")
    Delivery.objects.filter(pk=delivery.pk).update(state=state, attempts=1)
    Attempt.objects.create(
        reference=f"00000000-0000-0000-0000-{delivery.pk:012}",
        delivery=delivery,
        number=1,
        provider="push",
        outcome="refused",
        error="http_404",
    )
    return delivery


def page() -> str:
    return make_link(by="Officer Vale").removeprefix(links.public_url())


def test_it_shows_what_was_pushed_and_how_it_ended_and_names_nobody(county: County) -> None:
    delivery = pushed(county)
    shown = Client().get(page()).content.decode()
    for word in (f"Send {delivery.notice_id} again", SHELTER, "404", "will try again", "Officer Vale"):
        assert word in shown
    for word in ("Ana", "Example", "4711", "cases.example.org", "1001"):
        assert word not in shown


def test_it_shows_one_partners_pushes_and_goes_on_to_older_ones(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    older, newer = pushed(county), pushed(county, LEGAL_AID, key="1002")
    button = "Send {} again".format
    filtered = Client().get(f"{page()}?partner={SHELTER}").content.decode()
    assert button(older.notice_id) in filtered
    assert button(newer.notice_id) not in filtered
    monkeypatch.setattr("watchword.delivery.queries._SHOWN_PUSHES", 1)
    first = Client().get(page()).content.decode()
    assert button(newer.notice_id) in first
    assert f"before={newer.pk}" in first
    second = Client().get(f"{page()}?before={newer.pk}").content.decode()
    assert button(older.notice_id) in second
    assert "Older ones" not in second


def test_the_button_has_it_sent_again_in_the_name_of_whom_the_link_was_made_for(county: County) -> None:
    delivery, address = pushed(county), page()
    answer = Client(enforce_csrf_checks=True).post(f"{address}/{delivery.pk}", {"partner": SHELTER})
    assert (answer.status_code, answer["Location"]) == (302, f"{address}?partner={SHELTER}&asked=yes")
    assert Replay.objects.get().delivery == delivery
    entry = Entry.objects.get(action="push.replay")
    assert (entry.actor, entry.subject) == ("Officer Vale", f"delivery:{delivery.pk}")
    assert "being sent again" in Client().get(answer["Location"]).content.decode()


def test_what_cannot_be_sent_again_is_said_to_be_so(county: County) -> None:
    delivery, address = pushed(county), page()
    Delivery.objects.update(attempts=0, state=State.QUEUED)
    answer = Client().post(f"{address}/{delivery.pk}")
    assert answer["Location"].endswith("asked=no")
    assert "cannot be sent again" in Client().get(answer["Location"]).content.decode()
    assert Client().post(f"{address}/999999999").status_code == 302
    assert not Replay.objects.exists()


@pytest.fixture
def in_an_hour(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    later = (now() + timedelta(seconds=links.REPLAY_LINK_SECONDS + 2)).timestamp()
    return lambda: monkeypatch.setattr("django.core.signing.time.time", lambda: later)


def test_a_link_is_good_for_an_hour(county: County, in_an_hour: Callable[[], None]) -> None:
    delivery, address = pushed(county), page()
    assert Client().get(address).status_code == 200
    in_an_hour()
    assert Client().get(address).status_code == 404
    assert Client().post(f"{address}/{delivery.pk}").status_code == 404
    assert not Replay.objects.exists()


@pytest.mark.parametrize("salt", ["elsewhere", "watchword.pushes"])
def test_another_token_opens_nothing_from_wherever_it_comes(county: County, salt: str) -> None:
    delivery = pushed(county)
    token = signing.dumps("Officer Vale", salt=salt, key=None if salt == "elsewhere" else "another key")
    for remote in ("127.0.0.1", "192.0.2.1"):
        assert Client(REMOTE_ADDR=remote).get(f"/office/pushes/{token}").status_code == 404
        assert Client(REMOTE_ADDR=remote).post(f"/office/pushes/{token}/{delivery.pk}").status_code == 404


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "²"])
def test_an_address_that_somebody_wrote_by_hand_shows_the_first_page(county: County, before: str) -> None:
    assert Client().get(page(), {"before": before, "partner": "nobody"}).status_code == 200


def test_a_link_that_was_made_is_in_the_ledger(settings: Any) -> None:
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"public_url": NOWHERE})
    assert make_link(by="Officer Vale").startswith(f"{NOWHERE}/office/pushes/")
    assert Entry.objects.get().action == "push.link"
