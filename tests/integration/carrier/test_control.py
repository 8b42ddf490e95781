import json
from http.client import HTTPConnection
from typing import Any

import pytest

from tests.integration.carrier.customer import OUR_NUMBER, PHONE, Customer


def test_the_log_holds_everything_accepted_in_order(customer: Customer) -> None:
    customer.set_phone(calls={"kind": "busy"})
    customer.text(body="one", StatusCallback=customer.base + "/receipt?ref=r1")
    customer.call()
    customer.do("POST", f"/phones/{PHONE}/texts", {"body": "two"})
    customer.text(body="one")
    customer.text(body="")  # refused, so not in the log
    customer.settle()
    log = customer.see("/log")["log"]
    assert [(entry["n"], entry["kind"], entry["to"], entry["body"]) for entry in log] == [
        (1, "text", PHONE, "one"),
        (2, "call", PHONE, customer.base + "/voice"),
        (3, "inbound_text", OUR_NUMBER, "two"),
        (4, "text", PHONE, "one"),
    ]
    assert log[0]["callback"] == customer.base + "/receipt?ref=r1"
    assert len({entry["id"] for entry in log}) == 4
    assert [entry["n"] for entry in customer.see("/log?after=1&kind=text")["log"]] == [4]
    assert [entry["n"] for entry in customer.see("/log?limit=2")["log"]] == [1, 2]
    assert customer.see("")["counts"] == {
        "text": 2,
        "call": 1,
        "mail": 0,
        "letter": 0,
        "push": 0,
        "inbound_text": 1,
        "inbound_call": 0,
    }


def test_a_phone_is_set_bit_by_bit_and_what_is_left_out_stays(customer: Customer) -> None:
    customer.set_phone(label="Rosa's phone")
    customer.set_phone(calls={"kind": "answer", "keys": ["482913#", "1"]})
    customer.set_phone(texts={"kind": "silent"})
    phone = customer.see(f"/phones/{PHONE}")
    assert (phone["label"], phone["calls"]["keys"], phone["texts"]["kind"]) == (
        "Rosa's phone",
        ["482913#", "1"],
        "silent",
    )
    assert [each["number"] for each in customer.see("/phones")["phones"]] == [PHONE]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", f"/phones/{PHONE}", {"colour": "blue"}),
        ("PUT", f"/phones/{PHONE}", {"calls": {"kind": "sing"}}),
        ("PUT", f"/phones/{PHONE}", {"calls": {"kind": "answer", "keys": ["12a"]}}),
        ("PUT", "/phones/555", {"label": "x"}),
        ("PUT", "/latency", {"latency_ms": -1}),
        ("POST", "/faults", {"api": "messages", "kind": "drop"}),
        ("POST", "/faults", {"api": "pigeons", "kind": "cut"}),
        ("POST", f"/phones/{PHONE}/texts", {"body": ""}),
        ("GET", "/log?after=x", None),
        ("GET", "/phones?limit=x", None),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(
    customer: Customer, method: str, path: str, body: Any
) -> None:
    reply = customer.request(method, f"/exchange{path}", body=body)
    assert reply.status == 400
    assert reply.json["error"]


@pytest.mark.parametrize("path", [f"/phones/{PHONE}", "/mailboxes/x@example.org", "/calls/CA1"])
def test_what_is_unknown_is_not_found(customer: Customer, path: str) -> None:
    assert customer.request("GET", f"/exchange{path}").status == 404


def test_another_web_site_cannot_use_a_browser_on_this_machine(customer: Customer) -> None:
    stranger = {"Origin": "https://evil.example"}
    assert customer.request("POST", "/exchange/reset", headers=stranger).status == 403
    assert (
        customer.request("POST", f"/phones/{PHONE}/text", form={"body": "hi"}, headers=stranger).status == 403
    )
    ourselves = {"Origin": f"http://127.0.0.1:{customer.carrier.http_port}"}
    assert customer.request("POST", "/exchange/reset", headers=ourselves).status == 200


def test_a_reset_forgets_everything_and_cuts_calls_under_way(customer: Customer) -> None:
    customer.set_phone(label="Rosa's phone")
    customer.text()
    sid = customer.call().json["sid"]
    customer.do("POST", "/faults", {"api": "messages", "kind": "server_error"})
    customer.do("PUT", "/latency", {"latency_ms": 5})
    before = customer.do("POST", "/reset")
    assert (before["counts"]["text"], before["phones"], before["calls_under_way"], before["faults"]) == (
        0,
        0,
        0,
        [],
    )
    assert before["latency_ms"] == 0
    assert customer.request("GET", f"/exchange/calls/{sid}").status == 404
    assert customer.text().status == 201


def test_faults_are_shown_and_cleared(customer: Customer) -> None:
    fault = {"api": "calls", "kind": "too_many", "count": 3, "seconds": 9.0}
    customer.do("POST", "/faults", fault)
    assert customer.see("/faults")["faults"] == [fault]
    customer.do("DELETE", "/faults")
    assert customer.call().status == 201


def test_a_watcher_is_told_of_each_event_as_it_happens(customer: Customer) -> None:
    connection = HTTPConnection("127.0.0.1", customer.carrier.http_port, timeout=10)
    connection.request("GET", "/exchange/events")
    stream = connection.getresponse()
    assert stream.getheader("Content-Type") == "text/event-stream"
    stream.readline()
    stream.readline()
    customer.set_phone(calls={"kind": "answer"})
    customer.text()
    customer.call(Twiml="<Response><Say language='es-MX'>Hola</Say></Response>")
    events: list[dict[str, str]] = []
    while not events or events[-1].get("status") != "completed":
        line = stream.readline().decode()
        if line.startswith("data: "):
            events.append(json.loads(line.removeprefix("data: ")))
    connection.close()
    assert [event["kind"] for event in events] == ["phone", "text", "call", "call", "line", "call"]
    assert (events[4]["text"], events[4]["language"]) == ("Hola", "es-MX")
    assert {event["place"] for event in events} == {PHONE}
