"""A partner's system sees what its registrations had to be told, says that it was, and sees where pushes go."""

import json
from typing import Any

import pytest

from tests.county import County
from tests.integration.api.partners import System
from tests.integration.api.test_registrations import approve
from tests.integration.registrants.asking.people import held
from watchword.audit.models import Entry
from watchword.delivery.models import Delivery, TestMessage
from watchword.delivery.partners import stop_partner
from watchword.law import decide, question
from watchword.notices.models import Notice


def told(county: County, **rights: Any) -> System:
    """A partner's system with one notice, of where the person stands."""
    held(county)
    system = System(**rights)
    system.ask()
    approve()
    return system


@pytest.mark.parametrize(("gets_facts", "kind"), [(False, None), (True, "current_status")])
def test_what_happened_is_said_to_a_partner_that_gets_facts(
    gets_facts: bool, kind: str, county: County
) -> None:
    (shown,) = told(county, gets_facts=gets_facts).get("notices")["notices"]
    assert (shown["kind"], shown["urgency"], shown["confirmed_at"]) == (kind, "immediate", None)


def test_a_page_of_notices_holds_so_many_and_says_what_comes_next(county: County) -> None:
    system = told(county)
    system.ask(reached={"push": "4712"})
    approve()
    first = system.get("notices?limit=1")
    second = system.get(f"notices?limit=1&after={first['next']}")
    assert (len(second["notices"]), second["next"]) == (1, None)
    own = system.get(f"notices?registration={second['notices'][0]['registration']}")
    assert own["notices"] == second["notices"] != first["notices"]


def test_a_partner_that_is_trusted_confirms_and_the_ledger_says_so(county: County) -> None:
    system = told(county, may_confirm=True)
    (shown,) = system.get("notices")["notices"]
    for _ in range(2):
        system.post(f"notices/{shown['id']}/confirm", status=204)
    now_shown = system.get(f"notices/{shown['id']}")
    assert (now_shown["confirmed_by"], [step["what"] for step in now_shown["ledger"]]) == ("push", ["told"])
    assert Entry.objects.get(action="notice.confirm").actor == "partner:harbor-shelter"
    assert set(Delivery.objects.values_list("state", flat=True)) == {"cancelled"}


def test_no_other_partner_confirms_and_none_whose_pushes_are_stopped(county: County) -> None:
    system = told(county)
    (shown,) = system.get("notices")["notices"]
    system.post(f"notices/{shown['id']}/confirm", status=403)
    trusted = System("riverside-legal", may_confirm=True)
    trusted.post(f"notices/{shown['id']}/confirm", status=404)
    stop_partner(trusted.partner.pk, by="Officer Vale")
    trusted.ask(reached={"email": "lee@legal.example.org"})
    (registration,) = approve()
    other = Notice.objects.create(registration=registration, kind="summary", occasion="2026-03-01T12:00Z")
    trusted.post(f"notices/{other.pk}/confirm", status=403)
    assert not Notice.objects.exclude(confirmed_at=None).exists()


def test_where_pushes_go_is_shown_as_a_machine_alone_and_a_test_is_pushed(county: County) -> None:
    system = told(county)
    (hook,) = system.get("webhooks")
    assert (hook["host"], hook["may_confirm"]) == ("harbor-shelter.example.org", False)
    (push,) = system.get("webhooks/pushes")["pushes"]
    assert (push["state"], push["notice"]) == ("queued", Notice.objects.get().pk)
    for _ in range(2):
        assert system.post("webhooks/test", status=202, once="t1") == {"queued": True}
    assert TestMessage.objects.filter(channel="push").count() == 1
    assert System("riverside-legal").get("webhooks/pushes") == {"pushes": [], "next": None}
    stop_partner(system.partner.pk, by="Officer Vale")
    system.post("webhooks/test", status=422)


@pytest.mark.django_db
def test_the_law_is_answered_as_on_the_command_line() -> None:
    asked = {
        "jurisdiction": "nyc",
        "office": "doc",
        "as_of": "2019-09-09",
        "action": "hold",
        "facts": {"detainer": True, "warrant": {"issuer": "immigration_officer"}},
    }
    answer = System().post("law/decide", asked)
    assert answer == json.loads(json.dumps(decide(question(asked)).as_data(), default=str))
    wrong = System().post("law/decide", {**asked, "office": "sheriff"}, status=422)
    assert "sheriff" in wrong["detail"]
    assert System().post("law/decide", {**asked, "facts": {"status": "x"}}, status=422)["errors"]
