"""The page without JavaScript: what it shows, and what its forms do."""

import re
from html import unescape
from typing import get_args

import pytest

from tests.integration.carrier.customer import OUR_NUMBER, PHONE, Customer, Reply
from watchword.carrier.behaviours import CallBehaviour
from watchword.carrier.faults import KINDS

ASK_PIN = '<Gather numDigits="6" action="/pin"><Say language="es-MX">Su PIN, por favor.</Say></Gather>'


def page(customer: Customer, path: str = "/") -> str:
    reply = customer.request("GET", path)
    assert reply.status == 200
    return unescape(reply.text)


def send(customer: Customer, path: str, **fields: str) -> Reply:
    return customer.request("POST", path, form=fields)


def test_a_browser_that_asks_for_an_icon_unasked_is_shown_where_it_is(customer: Customer) -> None:
    reply = customer.request("GET", "/favicon.ico")
    assert reply.status == 301
    assert customer.request("GET", reply.headers["Location"]).status == 200


def test_a_form_goes_back_to_the_page_it_came_from(customer: Customer) -> None:
    reply = send(customer, f"/phones/{PHONE}/settings", back="/#phone-1", label="Rosa's phone")
    assert (reply.status, reply.headers["Location"]) == (303, "/#phone-1")
    assert "Rosa's phone" in page(customer)


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "/\\evil.example", ""])
def test_a_form_never_leads_to_another_site(customer: Customer, back: str) -> None:
    assert send(customer, "/faults/clear", back=back).headers["Location"] == "/"


def test_a_call_is_picked_up_heard_answered_and_put_down_with_forms(customer: Customer) -> None:
    customer.answers["/voice"] = ASK_PIN
    customer.answers["/pin"] = '<Say>Thank you.</Say><Pause length="60"/>'
    sid = customer.call().json["sid"]
    customer.until(lambda: "is calling" in page(customer))
    send(customer, f"/calls/{sid}/pick-up")
    customer.until(lambda: "listens for keys" in page(customer))
    assert re.search(r'<li class="said" lang="es-MX">\s*Su PIN, por favor.', page(customer))
    for key in "48291":
        assert send(customer, f"/calls/{sid}/keys", digits=key).status == 303
    customer.until(lambda: "48291…" in page(customer))
    send(customer, f"/calls/{sid}/keys", digits="3")
    assert customer.until(lambda: customer.told("/pin"))[0].fields["Digits"] == "482913"
    customer.until(lambda: "Thank you." in page(customer))
    send(customer, f"/calls/{sid}/hang-up")
    assert "Calls (1)" in page(customer)
    assert send(customer, f"/calls/{sid}/pick-up").status == 409


def test_a_phone_replies_and_calls_us_with_forms(customer: Customer) -> None:
    customer.answers["/phone/inbound"] = "<Say>Welcome.</Say>"
    customer.text(body="Open https://we.example/m/abc.")
    assert '<a href="https://we.example/m/abc"' in page(customer)
    send(customer, f"/phones/{PHONE}/text", body="482913")
    assert customer.heard[0].fields["Body"] == "482913"
    send(customer, f"/phones/{PHONE}/call")
    assert customer.until(lambda: customer.told("/phone/inbound"))[0].fields["To"] == OUR_NUMBER


def test_what_phones_are_sent_is_shown_as_words_and_never_as_html(customer: Customer) -> None:
    customer.text(body="<script>alert(1)</script> & <b>bold</b>")
    html = customer.request("GET", "/").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;bold&lt;/b&gt;" in html
    assert "<script>alert" not in html
    assert "default-src 'self'" in customer.request("GET", "/").headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        (f"/phones/{PHONE}/text", {"body": " "}, 400),
        (f"/phones/{PHONE}/text", {"body": "hi"}, 409),  # no line is known yet
        (f"/phones/{PHONE}/settings", {"keys": "12x"}, 400),
        ("/faults", {"fault": "messages drop"}, 400),
        ("/faults", {"fault": "messages cut", "count": "many"}, 400),
        ("/latency", {"latency_ms": "-1"}, 400),
        ("/calls/CA1/hang-up", {}, 409),
    ],
)
def test_a_form_that_cannot_be_carried_out_says_why(
    customer: Customer, path: str, fields: dict[str, str], status: int
) -> None:
    reply = send(customer, path, **fields)
    assert reply.status == status
    assert re.search(r"data-why>\S", reply.text)


def test_faults_and_latency_are_set_with_forms(customer: Customer) -> None:
    send(customer, "/faults", fault="messages too_many", count="2", seconds="3")
    send(customer, "/latency", latency_ms="5")
    seen = customer.see("")
    assert seen["faults"] == [{"api": "messages", "kind": "too_many", "count": 2, "seconds": 3.0}]
    assert seen["latency_ms"] == 5
    assert "messages: too many, 2 more" in page(customer)


@pytest.mark.parametrize(
    ("api", "kind"), [(api, kind) for api, kinds in KINDS.items() for kind in kinds if kind != "away"]
)
def test_every_fault_is_set_alike_by_the_page_and_by_the_api(customer: Customer, api: str, kind: str) -> None:
    assert f'value="{api} {kind}"' in page(customer)
    send(customer, "/faults", fault=f"{api} {kind}", count="2", seconds="3")
    by_page = customer.see("/faults")["faults"]
    customer.do("DELETE", "/faults")
    customer.do("POST", "/faults", {"api": api, "kind": kind, "count": 2, "seconds": 3})
    assert by_page == customer.see("/faults")["faults"] != []


@pytest.mark.parametrize("kind", get_args(CallBehaviour.model_fields["kind"].annotation))
def test_every_way_of_taking_a_call_is_set_alike_by_the_page_and_by_the_api(
    customer: Customer, kind: str
) -> None:
    send(customer, f"/phones/{PHONE}/settings", calls=kind, keys="9# 1", extension="42")
    by_page = customer.see(f"/phones/{PHONE}")["calls"]
    customer.do("POST", "/reset")
    customer.set_phone(calls={"kind": kind, "keys": ["9#", "1"], "extension": "42"})
    assert by_page == customer.see(f"/phones/{PHONE}")["calls"]
    assert f'value="{kind}" selected' in page(customer)


def test_one_phone_among_many_is_found_by_number_or_name(customer: Customer) -> None:
    for number in range(30):
        customer.text(to=f"+1202555{100 + number:04}")
    customer.set_phone("+12025550103", label="Rosa's phone")
    assert page(customer).count('<article class="phone"') == 24
    assert page(customer).index("Rosa's phone") < page(customer).index("202-555-0129")
    for sought in ("0103", "rosa", "+1 202 555 0103".replace(" ", "%20").replace("+", "%2B")):
        found = page(customer, f"/?find={sought}")
        assert found.count('<article class="phone"') == 1
        assert "Rosa's phone" in found
    assert "6 more phones" in page(customer)
