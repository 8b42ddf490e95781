"""A partner's key opens what it is for, as often as it may, until it is ended; and every error is a problem."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.integration.api.partners import System
from watchword.api.keys import add_key, list_keys, opened_by, revoke_key
from watchword.api.models import PartnerKey, Scope
from watchword.api.v1 import api
from watchword.audit.models import Entry
from watchword.core.clock import now
from watchword.core.errors import WatchwordError

pytestmark = pytest.mark.django_db

NEEDED = {
    "GET registrations": Scope.REGISTRATIONS_READ,
    "POST registrations": Scope.REGISTRATIONS_WRITE,
    "GET registrations/{id}": Scope.REGISTRATIONS_READ,
    "POST registrations/{id}/pause": Scope.REGISTRATIONS_WRITE,
    "POST registrations/{id}/resume": Scope.REGISTRATIONS_WRITE,
    "POST registrations/{id}/end": Scope.REGISTRATIONS_WRITE,
    "POST registrations/{id}/contacts/1/send-code": Scope.REGISTRATIONS_WRITE,
    "POST registrations/{id}/contacts/1/code": Scope.REGISTRATIONS_WRITE,
    "GET notices": Scope.NOTICES_READ,
    "GET notices/1": Scope.NOTICES_READ,
    "POST notices/1/confirm": Scope.CONFIRMATIONS,
    "GET webhooks": Scope.WEBHOOKS,
    "GET webhooks/pushes": Scope.WEBHOOKS,
    "POST webhooks/test": Scope.WEBHOOKS,
    "POST law/decide": Scope.LAW,
}
"""Each address, and the one scope that opens it."""


def call(what: str, key: str) -> Any:
    method, path = what.replace("{id}", "6f1c7a52-8a3e-4a0e-9d8c-1f0e5b3a7c21").split()
    headers = {"Authorization": f"Bearer {key}"}
    return Client().generic(method, f"/api/v1/{path}", headers=headers, content_type="application/json")


def test_each_address_is_opened_by_its_own_scope_alone() -> None:
    System()
    paths = api.get_openapi_schema(path_prefix="")["paths"]
    described = sum(len(methods) for path, methods in paths.items() if not path.startswith("/sources"))
    assert described == len(NEEDED)
    for what, needed in NEEDED.items():
        others = [scope for scope in Scope.values if scope != needed]
        refused = call(what, add_key("harbor-shelter", others, by="Officer Vale"))
        assert (refused.status_code, needed in refused.json()["detail"]) == (403, True), what
        taken = call(what, add_key("harbor-shelter", [needed], by="Officer Vale"))
        assert taken.status_code not in (401, 403) or "word for it" in taken.json()["detail"], what


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer wwpk_wrong", "Basic wwpk_wrong", "Bearer wwsk_wrong"]
)
def test_whoever_has_no_key_gets_one_and_the_same_answer(given: str) -> None:
    answer = Client().get("/api/v1/registrations", headers={"Authorization": given})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json()["title"] == "Unauthorized"


def test_a_key_makes_so_many_requests_a_minute_and_is_told_when_it_may_go_on() -> None:
    system = System(a_minute=3)
    for _ in range(3):
        system.get("registrations")
    refused = call("GET registrations", system.key)
    assert (refused.status_code, refused.headers["Content-Type"]) == (429, "application/problem+json")
    assert 1 <= int(refused.headers["Retry-After"]) <= 20
    System(a_minute=3).get("registrations")  # another key of the same partner has its own
    PartnerKey.objects.update(free_at=now() + timedelta(seconds=39))
    system.get("registrations")  # a third of a minute on, there is one more
    assert call("GET registrations", system.key).status_code == 429


def test_keys_are_kept_as_digests_ended_one_by_one_and_each_change_is_in_the_ledger() -> None:
    system = System(scopes=["law"])
    other = add_key("harbor-shelter", ["law", "law"], by="Officer Vale")
    newest, first = list_keys("harbor-shelter")
    assert (newest["scopes"], newest["a_minute"]) == ("law", 120)
    revoke_key("harbor-shelter", first["id"], by="Officer Vale", reason="a laptop was lost")
    assert (opened_by(system.key), opened_by(other) is not None) == (None, True)
    with pytest.raises(WatchwordError, match="no key"):
        revoke_key("harbor-shelter", first["id"], by="Officer Vale", reason="again")
    acts = list(Entry.objects.filter(action__startswith="partner.key").order_by("id"))
    assert [entry.action for entry in acts] == ["partner.key.add", "partner.key.add", "partner.key.revoke"]
    assert other not in str([entry.facts for entry in acts]) + str(list_keys("harbor-shelter"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"scopes": []},
        {"scopes": ["everything"]},
        {"scopes": ["law"], "a_minute": 0},
        {"scopes": ["law"], "by": " "},
    ],
)
def test_no_key_is_made_without_a_scope_a_limit_and_somebody_who_decides(wrong: dict[str, Any]) -> None:
    System()
    with pytest.raises(WatchwordError):
        add_key("harbor-shelter", **{"by": "Officer Vale", **wrong})


@pytest.mark.parametrize(
    ("path", "method", "status"), [("nowhere", "GET", 404), ("registrations", "PUT", 405)]
)
def test_what_django_refuses_by_itself_is_a_problem_too(path: str, method: str, status: int) -> None:
    answer = Client().generic(method, f"/api/v1/{path}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert ("Allow" in answer.headers) == (status == 405)


def test_a_fault_of_ours_is_a_problem_that_says_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object, **__: object) -> None:
        raise RuntimeError("bea@example.org")

    monkeypatch.setattr("watchword.api.webhooks.newest_pushes", break_down)
    client = Client(raise_request_exception=False)
    answer = client.get("/api/v1/webhooks/pushes", headers={"Authorization": f"Bearer {System().key}"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, "application/problem+json")
    assert b"bea@" not in answer.content
