"""The print shop: Lob's API over its socket, and what the customer is told of a letter."""

import hashlib
import hmac
import json
from base64 import b64encode
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest

from tests.integration.carrier.customer import TOKEN, Customer, Reply

ADDRESS = "ANA EXAMPLE, 12 ELM ST, ALBANY NY 12207, US"
BOX = f"/letterboxes/{quote(ADDRESS)}"
KEY = {"Authorization": "Basic " + b64encode(f"{TOKEN}:".encode()).decode()}
FIELDS = {
    "to[name]": "ANA EXAMPLE",
    "to[address_line1]": "12 ELM ST",
    "to[address_city]": "ALBANY",
    "to[address_state]": "NY",
    "to[address_zip]": "12207",
    "to[address_country]": "US",
    "from[name]": "MAIL SERVICES",
    "from[address_line1]": "PO BOX 10",
    "metadata[reference]": "ours",
    "color": "false",
    "use_type": "operational",
}


def printed(customer: Customer, key: str = "", file: bytes = b"%PDF-1.7 ...", **changed: str | None) -> Reply:
    """What the shop answers to a letter with these fields changed, or left out (None)."""
    boundary = "a-line-that-no-letter-has"
    fields = {name: value for name, value in (FIELDS | changed).items() if value is not None}
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    parts.append(
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n".encode()
        + file
        + f"\r\n--{boundary}--\r\n".encode()
    )
    headers = KEY | {"Content-Type": f"multipart/form-data; boundary={boundary}", "Idempotency-Key": key}
    return customer.request("POST", "/v1/letters", content=b"".join(parts), headers=headers)


def events(customer: Customer) -> list[dict[str, Any]]:
    customer.settle()
    return [json.loads(heard.body) for heard in customer.told("/webhooks/lob/letter-status")]


def words(customer: Customer) -> list[str]:
    return [event["event_type"]["id"].removeprefix("letter.") for event in events(customer)]


def test_a_letter_is_printed_carried_and_told_of_at_each_step(customer: Customer) -> None:
    letter = printed(customer).json
    assert letter["id"].startswith("ltr_")
    assert words(customer) == [
        "created",
        "mailed",
        "in_transit",
        "in_local_area",
        "processed_for_delivery",
        "delivered",
    ]
    assert {event["body"]["id"] for event in events(customer)} == {letter["id"]}
    assert events(customer)[0]["body"]["metadata"] == {"reference": "ours"}
    [kept] = customer.see(f"{BOX}/letters")["letters"]
    assert (kept["to"], kept["state"]) == (ADDRESS.split(", "), "delivered")
    assert customer.request("GET", f"/exchange/letters/{letter['id']}.pdf").text.startswith("%PDF-")


def test_each_event_is_signed_over_its_time_and_its_body(customer: Customer) -> None:
    printed(customer)
    customer.settle()
    [first, *_] = customer.told("/webhooks/lob/letter-status")
    content = f"{first.headers['Lob-Signature-Timestamp']}.".encode() + first.body
    assert first.headers["Lob-Signature"] == hmac.digest(TOKEN.encode(), content, hashlib.sha256).hex()


def test_the_same_key_is_the_same_letter(customer: Customer) -> None:
    one, again, other = (printed(customer, key).json["id"] for key in ("k", "k", "l"))
    assert one == again != other
    assert customer.see("")["counts"]["letter"] == 2


def test_letters_are_found_by_what_the_customer_wrote_beside_them(customer: Customer) -> None:
    printed(customer)
    changed: dict[str, Any] = {"metadata[reference]": "another"}
    other = printed(customer, **changed).json["id"]
    found = customer.request("GET", "/v1/letters?metadata[reference]=another", headers=KEY).json["data"]
    assert [letter["id"] for letter in found] == [other]
    assert len(customer.request("GET", "/v1/letters", headers=KEY).json["data"]) == 2
    assert customer.request("GET", f"/v1/letters/{other}", headers=KEY).json["id"] == other
    assert customer.request("GET", "/v1/letters/ltr_0", headers=KEY).status == 404


@pytest.mark.parametrize(
    ("kind", "told"),
    [("return", ["created", "mailed", "in_transit", "returned_to_sender"]), ("lose", ["created"])],
)
def test_a_letterbox_does_as_it_was_set(customer: Customer, kind: str, told: list[str]) -> None:
    customer.do("PUT", BOX, {"letters": {"kind": kind}})
    assert printed(customer).status == 200
    assert words(customer) == told


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"file": b"<html>"}, 422, "invalid"),
        ({"to[name]": None}, 422, "invalid"),
        ({"from[address_line1]": None}, 422, "invalid"),
        ({"use_type": None}, 422, "invalid"),
    ],
)
def test_what_lob_would_refuse_is_refused(
    customer: Customer, changed: dict[str, Any], status: int, code: str
) -> None:
    reply = printed(customer, **changed)
    assert (reply.status, reply.json["error"]["code"]) == (status, code)


def test_an_address_that_is_none_is_refused_and_so_is_a_stranger(customer: Customer) -> None:
    customer.do("PUT", BOX, {"letters": {"kind": "refuse"}})
    assert printed(customer).json["error"]["code"] == "failed_deliverability_strictness"
    stranger = {"Authorization": aiohttp.encode_basic_auth("another", "")}
    assert customer.request("GET", "/v1/letters", headers=stranger).status == 401
    assert not events(customer)


def test_it_misbehaves_as_the_other_apis_do(customer: Customer) -> None:
    customer.do("POST", "/faults", {"api": "letters", "kind": "too_many", "seconds": 60})
    customer.do("POST", "/faults", {"api": "letters", "kind": "server_error"})
    customer.do("POST", "/faults", {"api": "callbacks", "kind": "unknown_word"})
    busy = printed(customer)
    assert (busy.status, busy.headers["ratelimit-remaining"]) == (429, "0")
    assert printed(customer).status == 500
    assert printed(customer).status == 200
    assert words(customer)[0] == "evaporated"
    customer.do("POST", "/faults", {"api": "callbacks", "kind": "unknown_id"})
    letter = printed(customer).json["id"]
    customer.settle()
    assert events(customer)[-1]["body"]["id"] == letter
    assert sum(event["body"]["id"] == "0" * 32 for event in events(customer)) == 1


def test_the_page_shows_the_letterbox_and_its_letters(customer: Customer) -> None:
    number = printed(customer).json["id"]
    customer.settle()
    page = customer.request("GET", "/").text
    assert ADDRESS in page
    assert f"/exchange/letters/{number}.pdf" in page
    form = {"kind": "return", "label": "Ana's door", "back": "/"}
    assert customer.request("POST", BOX + "/settings", form=form).status == 303
    assert customer.see(BOX)["letters"]["kind"] == "return"
    assert "Ana&#39;s door" in customer.request("GET", BOX).text
