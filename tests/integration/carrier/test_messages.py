import re
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException

import pytest

from tests.integration.carrier.customer import ACCOUNT, OUR_NUMBER, PHONE, Customer
from watchword.core import clock


def statuses(customer: Customer, path: str) -> list[str]:
    return [heard.fields["MessageStatus"] for heard in customer.told(path)]


def test_a_text_arrives_and_its_receipts_come_signed_and_in_order(customer: Customer) -> None:
    reply = customer.text(body="Hola ó", StatusCallback=customer.base + "/receipt?ref=a1")
    customer.settle()
    assert reply.status == 201
    message = reply.json
    assert (message["status"], message["to"], message["from"], message["body"], message["num_segments"]) == (
        "queued",
        PHONE,
        OUR_NUMBER,
        "Hola ó",
        "1",
    )
    assert re.fullmatch(r"SM[0-9a-f]{32}", message["sid"])
    assert customer.texts() == ["Hola ó"]
    assert statuses(customer, "/receipt?ref=a1") == ["queued", "sent", "delivered"]
    assert all(heard.signed_rightly for heard in customer.heard)
    assert {heard.fields["MessageSid"] for heard in customer.heard} == {message["sid"]}
    fetched = customer.request("GET", message["uri"]).json
    assert (fetched["status"], fetched["sid"]) == ("delivered", message["sid"])


@pytest.mark.parametrize(
    ("kind", "expected", "error_code", "arrives"),
    [
        ("undelivered", ["queued", "sent", "undelivered"], "30003", False),
        ("failed", ["queued", "sent", "failed"], "30008", False),
        ("silent", [], None, True),
    ],
)
def test_a_phone_can_fail_a_text_or_keep_silent(
    customer: Customer, kind: str, expected: list[str], error_code: str | None, arrives: bool
) -> None:
    customer.set_phone(texts={"kind": kind})
    customer.text(StatusCallback=customer.base + "/receipt")
    customer.settle()
    assert statuses(customer, "/receipt") == expected
    assert [heard.fields.get("ErrorCode") for heard in customer.heard][-1:] == (
        [error_code] if expected else []
    )
    assert bool(customer.texts()) is arrives


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"To": ""}, 21604),
        ({"From": ""}, 21603),
        ({"Body": ""}, 21602),
        ({"To": "555"}, 21211),
        ({"To": "+0123456789"}, 21211),
        ({"From": "us"}, 21212),
        ({"Body": "a" * 1601}, 21617),
        ({"StatusCallback": "ftp://we.example/x"}, 21609),
    ],
)
def test_a_wrong_request_is_refused_in_twilios_words(
    customer: Customer, fields: dict[str, str], code: int
) -> None:
    form = {"To": PHONE, "From": OUR_NUMBER, "Body": "x"} | fields
    reply = customer.request("POST", customer.api("Messages.json"), form=form)
    assert (reply.status, reply.json["code"], reply.json["status"]) == (400, code, 400)
    assert reply.json["more_info"].endswith(str(code))
    assert customer.see("/log")["log"] == []


@pytest.mark.parametrize(("kind", "code"), [("invalid", 21211), ("landline", 21614), ("opted_out", 21610)])
def test_a_phone_can_be_of_the_wrong_sort(customer: Customer, kind: str, code: int) -> None:
    customer.set_phone(texts={"kind": kind})
    assert customer.text().json["code"] == code


@pytest.mark.parametrize("authorization", ["", "Basic QUM6eA==", "Bearer x"])
def test_a_stranger_is_refused(customer: Customer, authorization: str) -> None:
    for method, path in [("POST", "Messages.json"), ("GET", "Messages.json"), ("GET", "Calls/CA1.json")]:
        reply = customer.request(method, customer.api(path), headers={"Authorization": authorization})
        assert (reply.status, reply.json["code"]) == (401, 20003)
        assert reply.headers["WWW-Authenticate"].startswith("Basic")


def test_another_account_is_out_of_reach(customer: Customer) -> None:
    assert customer.request("GET", customer.api("Messages.json", "AC" + "1" * 32)).json["code"] == 20003


def test_an_unknown_message_is_not_found(customer: Customer) -> None:
    reply = customer.request("GET", customer.api("Messages/SM1.json"))
    assert (reply.status, reply.json["code"]) == (404, 20404)
    assert f"/Accounts/{ACCOUNT}/Messages/SM1.json" in reply.json["message"]


def test_messages_are_listed_by_number_and_time_in_pages_that_new_ones_do_not_shift(
    customer: Customer,
) -> None:
    for number in range(5):
        customer.text(body=f"to one {number}")
        customer.text(to="+12025550142", body=f"to the other {number}")
    path = customer.api(f"Messages.json?To=%2B12025550141&PageSize=2&From=%2B{OUR_NUMBER[1:]}")
    bodies: list[str] = []
    while path:
        page = customer.request("GET", path).json
        bodies += [message["body"] for message in page["messages"]]
        path = page["next_page_uri"]
        customer.text(body="a later one")
    assert bodies == [f"to one {number}" for number in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("DateSent>=2000-01-01", True),
        ("DateSent%3E=2000-01-01T00:00:00Z", True),
        ("DateSent<=2000-01-01", False),
        ("DateSent=2000-01-01", False),
        ("DateSent>=2999-01-01", False),
        ("DateSent<=2999-01-01T12:00:00%2B02:00&DateSent>=2000-01-01", True),
        ("To=%2B12025550199", False),
    ],
)
def test_a_list_is_filtered_by_the_time_of_sending(customer: Customer, query: str, found: bool) -> None:
    customer.text()
    assert bool(customer.request("GET", customer.api(f"Messages.json?{query}")).json["messages"]) is found


def test_a_list_from_the_very_second_of_sending_holds_the_message(customer: Customer) -> None:
    customer.text()
    at = customer.see("/log")["log"][0]["at"][:19]
    for operator in ("", "<", ">"):
        query = f"Messages.json?DateSent{operator}={at}"
        assert len(customer.request("GET", customer.api(query)).json["messages"]) == 1


def test_a_list_from_just_before_the_sending_holds_the_message_however_fine_the_time(
    customer: Customer,
) -> None:
    before = clock.now().isoformat().replace("+", "%2B")
    customer.text()
    assert (
        len(customer.request("GET", customer.api(f"Messages.json?DateSent>={before}")).json["messages"]) == 1
    )


def test_a_list_by_a_time_that_is_none_is_refused(customer: Customer) -> None:
    assert customer.request("GET", customer.api("Messages.json?DateSent=yesterday")).json["code"] == 20001


# What phones send


def test_a_phone_texts_us_and_gets_the_answer(customer: Customer) -> None:
    customer.answers["/webhooks/carrier/message"] = lambda fields: (
        f"<Message>You said {fields['Body']}</Message>"
    )
    customer.text()
    sent = customer.do("POST", f"/phones/{PHONE}/texts", {"body": "482913"})
    webhook = customer.heard[-1]
    assert webhook.signed_rightly
    assert {name: webhook.fields[name] for name in ("From", "To", "Body", "NumSegments", "MessageSid")} == {
        "From": PHONE,
        "To": OUR_NUMBER,
        "Body": "482913",
        "NumSegments": "1",
        "MessageSid": sent["text"]["sid"],
    }
    assert sent["webhook_status"] == 200
    assert customer.texts() == ["You have a message", "482913", "You said 482913"]


def test_a_phone_can_reply_by_itself_but_not_to_a_reply(customer: Customer) -> None:
    customer.answers["/webhooks/carrier/message"] = "<Message>Thank you.</Message>"
    customer.set_phone(texts={"reply": "482913", "after_ms": 1})
    customer.text()
    customer.settle()
    assert customer.texts() == ["You have a message", "482913", "Thank you."]
    assert len(customer.told("/webhooks/carrier/message")) == 1


def test_a_phone_that_texts_first_must_know_our_number(customer: Customer) -> None:
    assert customer.request("POST", f"/exchange/phones/{PHONE}/texts", body={"body": "hi"}).status == 409
    customer.do("POST", f"/phones/{PHONE}/texts", {"body": "hi", "to": OUR_NUMBER})
    assert customer.heard[-1].fields["To"] == OUR_NUMBER


def test_a_line_can_have_a_webhook_of_its_own(customer: Customer) -> None:
    customer.do("PUT", f"/lines/{OUR_NUMBER}", {"message_url": customer.base + "/mine"})
    customer.do("POST", f"/phones/{PHONE}/texts", {"body": "hi", "to": OUR_NUMBER})
    assert [heard.path for heard in customer.heard] == ["/mine"]


def test_stop_blocks_that_line_for_that_phone_until_start(customer: Customer) -> None:
    customer.text()
    stopped = customer.do("POST", f"/phones/{PHONE}/texts", {"body": " Stop "})
    assert "unsubscribed" in stopped["replies"][0]["body"]
    assert customer.heard[-1].fields["Body"] == " Stop "  # the webhook learns of it too
    assert (customer.text().status, customer.text().json["code"]) == (400, 21610)
    assert customer.text(to="+12025550142").status == 201
    assert customer.text(From="+12025550111").status == 201
    started = customer.do("POST", f"/phones/{PHONE}/texts", {"body": "START", "to": OUR_NUMBER})
    assert "re-subscribed" in started["replies"][0]["body"]
    assert customer.text().status == 201


def test_help_is_answered_by_the_carrier_and_yes_from_a_subscriber_is_an_ordinary_text(
    customer: Customer,
) -> None:
    customer.text()
    assert customer.do("POST", f"/phones/{PHONE}/texts", {"body": "help"})["replies"]
    assert customer.do("POST", f"/phones/{PHONE}/texts", {"body": "yes"})["replies"] == []


# Misbehaving


@pytest.mark.parametrize(("kind", "status", "code"), [("server_error", 500, 20500), ("too_many", 429, 20429)])
def test_a_fault_refuses_as_many_requests_as_it_is_set_for(
    customer: Customer, kind: str, status: int, code: int
) -> None:
    customer.do("POST", "/faults", {"api": "messages", "kind": kind, "count": 2, "seconds": 7})
    replies = [customer.text() for _ in range(3)]
    assert [reply.status for reply in replies] == [status, status, 201]
    assert replies[0].json["code"] == code
    assert replies[0].headers.get("Retry-After") == ("7" if kind == "too_many" else None)
    assert len(customer.see("/log")["log"]) == 1


@pytest.mark.parametrize(("kind", "accepted"), [("cut", 1), ("hang", 0)])
def test_a_socket_is_cut_after_acceptance_or_after_hanging(
    customer: Customer, kind: str, accepted: int
) -> None:
    customer.do("POST", "/faults", {"api": "messages", "kind": kind, "seconds": 0.05})
    with pytest.raises((HTTPException, ConnectionError)):
        customer.text()
    assert len(customer.see("/log")["log"]) == accepted
    assert customer.text().status == 201


def test_garbage_is_not_an_answer_although_the_text_arrives(customer: Customer) -> None:
    customer.do("POST", "/faults", {"api": "messages", "kind": "garbage"})
    with pytest.raises(ValueError, match="Expecting value"):
        _ = customer.text().json
    assert customer.texts() == ["You have a message"]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"kind": "drop"}, ["sent", "delivered"]),
        ({"kind": "twice"}, ["queued", "queued", "sent", "delivered"]),
        ({"kind": "late", "seconds": 0.2}, ["sent", "delivered", "queued"]),
        ({"kind": "overtaken"}, ["sent", "queued", "delivered"]),
        ({"kind": "overtaken", "count": 9}, ["delivered", "sent", "queued"]),
        ({"kind": "unknown_word", "count": 2}, ["evaporated", "evaporated", "delivered"]),
    ],
)
def test_receipts_can_be_lost_doubled_overtaken_and_not_understood(
    customer: Customer, fault: dict[str, object], expected: list[str]
) -> None:
    customer.do("POST", "/faults", {"api": "callbacks", **fault})
    customer.text(StatusCallback=customer.base + "/receipt")
    customer.settle()
    assert statuses(customer, "/receipt") == expected


def test_a_text_can_arrive_although_the_answer_denies_it(customer: Customer) -> None:
    customer.do("POST", "/faults", {"api": "messages", "kind": "denied", "seconds": 7})
    answer = customer.text()
    assert (answer.status, answer.headers["Retry-After"]) == (429, "7")
    assert customer.texts() == ["You have a message"]


def test_a_receipt_can_be_about_something_that_was_never_taken(customer: Customer) -> None:
    customer.do("POST", "/faults", {"api": "callbacks", "kind": "unknown_id"})
    sid = customer.text(StatusCallback=customer.base + "/receipt?ref=1").json["sid"]
    customer.settle()
    [strange] = (heard.fields["MessageSid"] for heard in customer.told("/receipt"))
    assert strange not in ("", sid)
    known = [heard.fields["MessageSid"] for heard in customer.told("/receipt?ref=1")]
    assert known == [sid, sid]


def test_a_slow_answer_comes_when_the_text_has_long_arrived(customer: Customer) -> None:
    customer.do("POST", "/faults", {"api": "messages", "kind": "slow", "seconds": 0.3})
    with ThreadPoolExecutor(1) as thread:
        answer = thread.submit(customer.text)
        customer.until(lambda: customer.texts() and not answer.done())
        assert answer.result().status == 201


def test_a_carrier_that_is_away_refuses_connections_and_comes_back(customer: Customer) -> None:
    customer.do("POST", "/faults", {"api": "web", "kind": "away", "seconds": 1})

    def refused() -> bool:
        try:
            customer.text()
        except ConnectionRefusedError:
            return True
        except (HTTPException, ConnectionError):
            pass  # it was still leaving
        return False

    def back() -> bool:
        try:
            return customer.text(body="Are you there?").status == 201
        except (HTTPException, ConnectionError):
            return False

    customer.until(refused)
    customer.until(back)
    assert customer.texts()[-1] == "Are you there?"


def test_a_failed_text_can_have_any_code(customer: Customer) -> None:
    customer.set_phone(texts={"kind": "failed", "error_code": 30005})
    customer.text(StatusCallback=customer.base + "/receipt")
    customer.settle()
    assert customer.told("/receipt")[-1].fields["ErrorCode"] == "30005"


def test_a_receipt_is_brought_again_when_the_receiver_fails_and_no_other_overtakes_it(
    customer: Customer,
) -> None:
    customer.answers["/receipt"] = 503

    def recover() -> bool:
        if len(customer.told("/receipt")) < 1:
            return False
        customer.answers["/receipt"] = 204
        return True

    customer.text(StatusCallback=customer.base + "/receipt")
    customer.until(recover)
    customer.settle()
    assert statuses(customer, "/receipt") == ["queued", "queued", "sent", "delivered"]


def test_a_slow_carrier_accepts_first_and_answers_late(customer: Customer) -> None:
    customer.do("PUT", "/latency", {"latency_ms": 500})
    reply = customer.text(StatusCallback=customer.base + "/receipt")
    assert reply.json["status"] == "queued"
    assert statuses(customer, "/receipt")[:1] == ["queued"]  # known before the request was answered
