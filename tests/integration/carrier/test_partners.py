"""Other offices' systems: what is pushed to them, over the carrier's socket, by its control API and on its page."""

import json
from typing import Any

import pytest

from tests.integration.carrier.customer import Customer, Reply

PLACE = "/partners/harbor-shelter"
LINK = "http://127.0.0.1:8600/m/x?lang=en"
BODY = {"type": "notice.created", "data": {"notice": 7, "link": LINK, "facts": [{"first_name": "<Ana>"}]}}


def pushed(customer: Customer, name: str = "msg_1", body: Any = BODY, **headers: str) -> Reply:
    signed = {"webhook-id": name, "webhook-signature": "v1,x", "Content-Type": "application/json"}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return customer.request("POST", "/pushes/Harbor-Shelter", content=content, headers=signed | headers)


def taken(customer: Customer) -> list[dict[str, Any]]:
    return list(customer.see(f"{PLACE}/pushes")["pushes"])


def test_a_push_is_taken_and_kept_as_it_was_signed(customer: Customer) -> None:
    assert pushed(customer).status == 204
    (push,) = taken(customer)
    assert (push["id"], push["to"], json.loads(push["body"])) == ("msg_1", "harbor-shelter", BODY)
    (entry,) = customer.see("/log?kind=push")["log"]
    assert (entry["to"], entry["id"], entry["body"]) == ("harbor-shelter", "msg_1", push["body"])
    assert customer.see("")["counts"]["push"] == 1


def test_what_nobody_signed_is_not_taken(customer: Customer) -> None:
    assert customer.request("POST", "/pushes/harbor-shelter", content=b"{}", headers={}).status == 401
    assert not taken(customer)


@pytest.mark.parametrize(("kind", "status"), [("refuse", 404), ("gone", 410)])
def test_a_system_that_takes_none_says_so(customer: Customer, kind: str, status: int) -> None:
    customer.do("PUT", PLACE, {"pushes": {"kind": kind}})
    assert pushed(customer).status == status
    assert not taken(customer)


def test_it_misbehaves_as_the_providers_do(customer: Customer) -> None:
    customer.do("POST", "/faults", {"api": "pushes", "kind": "too_many", "seconds": 60})
    customer.do("POST", "/faults", {"api": "pushes", "kind": "server_error"})
    busy = pushed(customer)
    assert (busy.status, busy.headers["Retry-After"]) == (429, "60")
    assert pushed(customer).status == 500
    assert pushed(customer).status == 204
    assert len(taken(customer)) == 1


@pytest.mark.parametrize(("body", "says"), [(BODY, "&lt;Ana&gt;"), (b"<b>[", "&lt;b&gt;["), ([1], "[1]")])
def test_the_page_shows_the_system_and_what_it_was_told_and_never_as_html(
    customer: Customer, body: Any, says: str
) -> None:
    pushed(customer, body=body)
    page = customer.request("GET", "/").text
    assert "/pushes/harbor-shelter" in page
    assert says in page
    assert (f'href="{LINK}"' in page) is (body is BODY)
    form = {"kind": "gone", "label": "The shelter", "back": "/"}
    assert customer.request("POST", PLACE + "/settings", form=form).status == 303
    assert customer.see(PLACE)["pushes"]["kind"] == "gone"
    assert "The shelter" in customer.request("GET", PLACE).text
