"""The link in each mail: one click stops mails about one registration to that address, a look at it stops nothing, and
it tells nobody anything."""

import re

import pytest
from django.test import Client

from tests.county import County
from tests.deliveries import planned, release
from watchword.delivery.links import Links, public_url
from watchword.delivery.models import Delivery
from watchword.registrants.models import ContactPoint, Mute
from watchword.worklist.models import Task

pytestmark = pytest.mark.django_db

ONE_CLICK = {"List-Unsubscribe": "One-Click"}  # RFC 8058
NOBODYS = "/u/AAAAAAAAAAAAAAAABw"


def link(county: County) -> str:
    """The link of a mail to somebody who is also reached by text."""
    planned(release(county), 1, ["email", "text"])
    return Links.here().unsubscribe(Delivery.objects.get(channel="email").id).removeprefix(public_url())


def stopped() -> list[str]:
    return list(Mute.objects.values_list("contact_point__channel", flat=True))


def test_one_click_stops_this_address_alone_and_somebody_hears_of_it(county: County) -> None:
    assert Client(enforce_csrf_checks=True).post(link(county), ONE_CLICK).status_code == 200
    assert stopped() == ["email"]
    assert not ContactPoint.objects.exclude(stopped_at=None).exists()
    assert Task.objects.filter(kind=Task.Kind.OPTED_OUT).count() == 1


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_mail_scanner_that_looks_at_the_link_stops_nothing(county: County, method: str) -> None:
    assert getattr(Client(), method)(link(county)).status_code == 200
    assert stopped() == []


def test_the_page_has_one_button_that_stops_the_mails_and_one_that_undoes_it(county: County) -> None:
    address = link(county)
    browser = Client(enforce_csrf_checks=True)
    assert b'<form method="post">' in browser.get(address).content
    done = browser.post(address).content.decode()
    undo = re.search(r'action="([^"]+)"', done)
    assert undo is not None
    assert browser.post(undo[1]).status_code == 200
    assert stopped() == []
    assert not Task.objects.filter(done=False).exists()


def test_undo_brings_back_nothing_that_was_stopped_for_another_reason(county: County) -> None:
    address = link(county)
    ContactPoint.objects.filter(channel="email").update(
        stopped_at="2026-01-01T00:00Z", stopped_why="wrong_number"
    )
    Client().post(address, ONE_CLICK)
    Client().post(f"{address}/undo")
    assert ContactPoint.objects.get(channel="email").stopped_why == "wrong_number"
    assert stopped() == []


def test_a_link_of_nobody_gets_the_same_pages(county: County) -> None:
    ours = link(county)
    for method in ("get", "post"):
        pages = [
            getattr(Client(), method)(path).content.replace(path.encode(), b"") for path in (ours, NOBODYS)
        ]
        assert pages[0] == pages[1]
    assert Client().post(f"{ours}/undo").content == Client().post(f"{NOBODYS}/undo").content


def test_a_link_of_another_purpose_stops_nothing(county: County) -> None:
    link(county)
    page = Links.here().page(Delivery.objects.get(channel="email").id, "en")
    token = page.rpartition("/")[2].partition("?")[0]
    Client().post(f"/u/{token}", ONE_CLICK)
    assert stopped() == []
