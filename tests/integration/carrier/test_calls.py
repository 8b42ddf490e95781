from typing import Any

import pytest

from tests.integration.carrier.customer import OUR_NUMBER, PHONE, Customer
from watchword.phone.tty import tones

ASK_PIN = '<Gather numDigits="6" action="/pin"><Say>Please enter your PIN.</Say></Gather><Say>Goodbye.</Say>'
ALL_EVENTS = "initiated ringing answered completed"


def place(customer: Customer, **more: str) -> str:
    """Call the phone, with a receipt of every step; the call's sid."""
    reply = customer.call(
        StatusCallback=customer.base + "/receipt?ref=b2", StatusCallbackEvent=ALL_EVENTS, **more
    )
    assert (reply.status, reply.json["status"]) == (201, "queued")
    return str(reply.json["sid"])


def receipts(customer: Customer) -> list[str]:
    return [heard.fields["CallStatus"] for heard in customer.told("/receipt?ref=b2")]


def transcript(customer: Customer, sid: str) -> list[str]:
    return [f"{line['kind']} {line['text']}" for line in customer.see(f"/calls/{sid}")["transcript"]]


def picked_up(customer: Customer, **more: str) -> str:
    """A call that somebody has picked up."""
    sid = place(customer, **more)
    customer.until(lambda: customer.state(sid) == "ringing")
    customer.do("POST", f"/calls/{sid}/pick-up")
    return sid


@pytest.fixture
def asking(customer: Customer) -> Customer:
    """A customer whose calls ask for a PIN and thank for it."""
    customer.answers["/voice"] = ASK_PIN
    customer.answers["/pin"] = lambda fields: f"<Say>Thank you for {fields['Digits']}.</Say>"
    return customer


def test_somebody_picks_up_presses_keys_and_hears_the_rest(asking: Customer) -> None:
    sid = picked_up(asking)
    pressed = asking.do("POST", f"/calls/{sid}/keys", {"digits": "482913"})
    assert pressed["heard"] is True
    asking.settle()
    assert transcript(asking, sid) == [
        "said Please enter your PIN.",
        "pressed 482913",
        "said Thank you for 482913.",
    ]
    assert receipts(asking) == ["initiated", "ringing", "in-progress", "completed"]
    assert [heard.fields["SequenceNumber"] for heard in asking.told("/receipt?ref=b2")] == [
        "0",
        "1",
        "2",
        "3",
    ]
    last = asking.told("/receipt?ref=b2")[-1].fields
    assert (int(last["CallDuration"]) >= 1, last["SipResponseCode"]) == (True, "200")
    assert all(heard.signed_rightly for heard in asking.heard)
    webhook = asking.told("/pin")[0].fields
    assert (webhook["CallSid"], webhook["From"], webhook["To"], webhook["CallStatus"]) == (
        sid,
        OUR_NUMBER,
        PHONE,
        "in-progress",
    )
    assert asking.request("GET", asking.api(f"Calls/{sid}.json")).json["status"] == "completed"


def test_a_phone_answers_by_itself(asking: Customer) -> None:
    asking.set_phone(calls={"kind": "answer", "keys": ["482913"]})
    sid = place(asking)
    asking.settle()
    assert transcript(asking, sid)[-1] == "said Thank you for 482913."
    assert asking.state(sid) == "completed"


def test_a_voicemail_listens_presses_nothing_and_hangs_up(asking: Customer) -> None:
    asking.answers["/voice"] = ASK_PIN + "<Redirect>/voice</Redirect>"
    asking.set_phone(calls={"kind": "voicemail"})
    sid = place(asking)
    asking.settle()
    heard = transcript(asking, sid)
    assert heard[0] == "note Voicemail took the call."
    assert set(heard[1:]) == {
        "said Please enter your PIN.",
        "said Goodbye.",
        "note The machine beeps and records.",
    }
    assert asking.told("/pin") == []
    assert receipts(asking)[-1] == "completed"
    assert asking.see(f"/calls/{sid}")["seconds"] == 65


@pytest.mark.parametrize(
    ("kind", "wanted", "answered_by"),
    [
        ("answer", "Enable", "human"),
        ("answer", "DetectMessageEnd", "human"),
        ("voicemail", "Enable", "machine_start"),
        ("voicemail", "DetectMessageEnd", "machine_end_beep"),
    ],
)
def test_who_took_the_call_is_found_out_while_it_goes_on(
    asking: Customer, kind: str, wanted: str, answered_by: str
) -> None:
    asking.set_phone(calls={"kind": kind})
    sid = place(
        asking, MachineDetection=wanted, AsyncAmd="true", AsyncAmdStatusCallback=asking.base + "/taken?ref=b2"
    )
    asking.settle()
    (told,) = asking.told("/taken?ref=b2")
    assert (told.fields["AnsweredBy"], told.fields["CallSid"], told.signed_rightly) == (
        answered_by,
        sid,
        True,
    )
    assert "AnsweredBy" not in asking.told("/voice")[0].fields
    assert asking.request("GET", asking.api(f"Calls/{sid}.json")).json["answered_by"] == answered_by


@pytest.mark.parametrize(("kind", "answered_by"), [("answer", "human"), ("voicemail", "machine_end_beep")])
def test_or_before_the_first_document_which_is_then_asked_for_with_it(
    asking: Customer, kind: str, answered_by: str
) -> None:
    asking.set_phone(calls={"kind": kind})
    place(asking, MachineDetection="DetectMessageEnd")
    asking.settle()
    assert asking.told("/voice")[0].fields["AnsweredBy"] == answered_by
    assert asking.told("/receipt?ref=b2")[-1].fields["AnsweredBy"] == answered_by


def test_a_phone_behind_a_switchboard_is_reached_by_its_extension_alone(asking: Customer) -> None:
    asking.set_phone(calls={"kind": "answer", "keys": ["482913"], "extension": "42"})
    lost, reached = place(asking), place(asking, SendDigits="ww42")
    asking.settle()
    assert transcript(asking, lost)[0] == "note A switchboard took the call and waits for an extension."
    assert [heard.fields["CallSid"] for heard in asking.told("/pin")] == [reached]
    assert asking.state(lost) == "completed"


@pytest.mark.parametrize(
    ("kind", "status", "sip_code"),
    [
        ("busy", "busy", "486"),
        ("no_answer", "no-answer", "487"),
        ("rejected", "busy", "603"),
        ("unreachable", "failed", "480"),
        ("unassigned", "failed", "404"),
    ],
)
def test_a_call_that_is_not_answered_says_how_it_ended(
    asking: Customer, kind: str, status: str, sip_code: str
) -> None:
    asking.set_phone(calls={"kind": kind})
    sid = place(asking)
    asking.settle()
    assert receipts(asking) == ["initiated", "ringing", status]
    assert asking.told("/receipt?ref=b2")[-1].fields["SipResponseCode"] == sip_code
    assert asking.told("/voice") == []
    assert (asking.state(sid), asking.see(f"/calls/{sid}")["seconds"]) == (status, 0)


def test_a_phone_that_nobody_picks_up_stops_ringing(asking: Customer) -> None:
    sid = place(asking, Timeout="0.1")
    asking.settle()
    assert asking.state(sid) == "no-answer"


def test_only_the_events_asked_for_are_reported(asking: Customer) -> None:
    asking.set_phone(calls={"kind": "busy"})
    asking.call(StatusCallback=asking.base + "/only-the-end")
    asking.call(
        StatusCallback=asking.base + "/ringing", StatusCallbackEvent="ringing", StatusCallbackMethod="GET"
    )
    asking.settle()
    assert [heard.fields["CallStatus"] for heard in asking.told("/only-the-end")] == ["busy"]
    by_get = [heard for heard in asking.heard if heard.path.startswith("/ringing?")]
    assert [(heard.method, heard.signed_rightly) for heard in by_get] == [("GET", True)]


@pytest.mark.parametrize(
    ("status", "answered", "end"),
    [("canceled", False, "canceled"), ("completed", False, "canceled"), ("completed", True, "completed")],
)
def test_the_customer_can_end_a_call(asking: Customer, status: str, answered: bool, end: str) -> None:
    sid = picked_up(asking) if answered else place(asking)
    if answered:
        asking.until(lambda: asking.see(f"/calls/{sid}")["listening"])
    path = asking.api(f"Calls/{sid}.json")
    assert asking.request("POST", path, form={"Status": status}).json["status"] == end
    assert asking.request("POST", path, form={"Status": status}).json["code"] == 21220
    asking.settle()
    assert receipts(asking)[-1] == end


@pytest.mark.parametrize("given", ["Url", "Twiml"])
def test_the_customer_can_send_a_call_elsewhere_while_it_is_spoken(asking: Customer, given: str) -> None:
    asking.answers["/elsewhere"] = "<Say>Something else.</Say>"
    document = {
        "Url": {"Url": asking.base + "/elsewhere", "Method": "POST"},
        "Twiml": {"Twiml": "<Response><Say>Something else.</Say></Response>"},
    }[given]
    sid = picked_up(asking)
    asking.until(lambda: asking.see(f"/calls/{sid}")["listening"])
    path = asking.api(f"Calls/{sid}.json")
    assert asking.request("POST", path, form=document).json["status"] == "in-progress"
    asking.settle()
    assert transcript(asking, sid) == ["said Please enter your PIN.", "said Something else."]
    assert asking.request("POST", path, form=document).json["code"] == 21220


def test_a_ringing_call_cannot_be_sent_elsewhere(asking: Customer) -> None:
    sid = place(asking)
    asking.until(lambda: asking.state(sid) == "ringing")
    form = {"Url": asking.base + "/elsewhere"}
    assert asking.request("POST", asking.api(f"Calls/{sid}.json"), form=form).json["code"] == 21220


def test_an_answered_call_cannot_be_cancelled(asking: Customer) -> None:
    sid = picked_up(asking)
    asking.until(lambda: asking.state(sid) == "in-progress")
    reply = asking.request("POST", asking.api(f"Calls/{sid}.json"), form={"Status": "canceled"})
    assert (reply.status, reply.json["code"]) == (400, 21220)


@pytest.mark.parametrize(("pick_up", "end", "sip_code"), [(True, "completed", 200), (False, "busy", 603)])
def test_the_phone_can_be_put_down_or_the_call_declined(
    asking: Customer, pick_up: bool, end: str, sip_code: int
) -> None:
    sid = picked_up(asking) if pick_up else place(asking)
    call = asking.do("POST", f"/calls/{sid}/hang-up")
    assert (call["state"], call["sip_code"]) == (end, sip_code)


@pytest.mark.parametrize(
    ("action", "body"), [("pick-up", None), ("keys", {"digits": "1"}), ("hang-up", None)]
)
def test_a_call_that_is_over_takes_nothing_more(asking: Customer, action: str, body: Any) -> None:
    asking.set_phone(calls={"kind": "busy"})
    sid = place(asking)
    asking.settle()
    assert asking.request("POST", f"/exchange/calls/{sid}/{action}", body=body).status == 409


def test_a_ringing_call_takes_no_keys_and_is_picked_up_once(asking: Customer) -> None:
    sid = place(asking)
    assert asking.request("POST", f"/exchange/calls/{sid}/keys", body={"digits": "1"}).status == 409
    asking.until(lambda: asking.state(sid) == "ringing")
    asking.do("POST", f"/calls/{sid}/pick-up")
    assert asking.request("POST", f"/exchange/calls/{sid}/pick-up").status == 409


def test_keys_that_nobody_waits_for_are_not_heard(asking: Customer) -> None:
    asking.answers["/voice"] = "<Pause length='60'/>"
    sid = place(asking)
    asking.until(lambda: asking.state(sid) == "ringing")
    asking.do("POST", f"/calls/{sid}/pick-up", {"pace": 1})
    asking.until(lambda: transcript(asking, sid))
    assert asking.do("POST", f"/calls/{sid}/keys", {"digits": "1", "wait_ms": 10})["heard"] is False
    assert transcript(asking, sid)[-1] == "unheard 1"


def test_a_key_cuts_a_prompt_short(asking: Customer) -> None:
    asking.answers["/voice"] = '<Gather numDigits="1" action="/pin"><Pause length="300"/></Gather>'
    asking.answers["/pin"] = "<Hangup/>"
    sid = place(asking)
    asking.until(lambda: asking.state(sid) == "ringing")
    asking.do("POST", f"/calls/{sid}/pick-up", {"pace": 1})
    asking.do("POST", f"/calls/{sid}/keys", {"digits": "7"})
    asking.settle()
    assert transcript(asking, sid) == ["paused 300 s", "pressed 7"]


def test_a_person_who_presses_nothing_hears_the_next_verb(asking: Customer) -> None:
    asking.answers["/voice"] = '<Gather timeout="0.05"><Say>PIN?</Say></Gather><Say>Goodbye.</Say>'
    sid = picked_up(asking)
    asking.settle()
    assert transcript(asking, sid) == ["said PIN?", "said Goodbye."]


def test_a_document_can_come_with_the_call(asking: Customer) -> None:
    asking.set_phone(calls={"kind": "answer"})
    sid = place(asking, Twiml="<Response><Say>Hello.</Say></Response>", Url="")
    asking.settle()
    assert transcript(asking, sid) == ["said Hello."]


@pytest.mark.parametrize("webhook", [404, "<Say>broken"])
def test_a_webhook_that_fails_ends_the_call_with_an_apology(asking: Customer, webhook: Any) -> None:
    asking.answers["/voice"] = webhook
    asking.set_phone(calls={"kind": "answer"})
    sid = place(asking)
    asking.settle()
    assert transcript(asking, sid)[0].startswith("note Error 1")
    assert "application error" in transcript(asking, sid)[1]
    assert asking.state(sid) == "completed"


@pytest.mark.parametrize(
    ("behaviour", "status"), [("answer", "completed"), ("busy", "busy"), ("invalid", "failed")]
)
def test_a_caller_is_connected_with_a_person(asking: Customer, behaviour: str, status: str) -> None:
    asking.answers["/voice"] = '<Dial action="/after" callerId="+12025550100">+12025550177</Dial>'
    asking.answers["/after"] = "<Say>Goodbye.</Say>"
    asking.set_phone(calls={"kind": "answer"})
    asking.set_phone("+12025550177", calls={"kind": behaviour})
    sid = place(asking)
    asking.settle()
    after = asking.told("/after")[0].fields
    assert after["DialCallStatus"] == status
    assert transcript(asking, sid) == ["dialled +12025550177", "said Goodbye."]
    others = asking.see("/phones/+12025550177/calls")["calls"]
    assert [call["parent_sid"] for call in others] == ([] if behaviour == "invalid" else [sid])


def test_putting_the_phone_down_ends_the_dialled_call_too(asking: Customer) -> None:
    asking.answers["/voice"] = "<Dial>+12025550177</Dial>"
    sid = picked_up(asking)
    asking.until(lambda: asking.see("/phones/+12025550177/calls")["calls"])
    asking.do("POST", f"/calls/{sid}/hang-up")
    asking.settle()
    assert [call["state"] for call in asking.see("/phones/+12025550177/calls")["calls"]] == ["canceled"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"To": ""}, 21201),
        ({"From": ""}, 21213),
        ({"To": "555"}, 21211),
        ({"From": "us"}, 21212),
        ({"Url": ""}, 21205),
        ({"Url": "/voice"}, 21205),
        ({"StatusCallback": "x"}, 21609),
        ({"Method": "PUT"}, 20001),
        ({"Timeout": "long"}, 20001),
    ],
)
def test_a_wrong_request_is_refused_in_twilios_words(
    customer: Customer, fields: dict[str, str], code: int
) -> None:
    reply = customer.call(**fields)
    assert (reply.status, reply.json["code"]) == (400, code)
    assert customer.see("/log")["log"] == []


def test_an_invalid_number_is_refused(customer: Customer) -> None:
    customer.set_phone(calls={"kind": "invalid"})
    assert customer.call().json["code"] == 21211


def test_calls_are_listed_by_number_state_and_time(asking: Customer) -> None:
    asking.set_phone(calls={"kind": "busy"})
    sid = place(asking)
    asking.settle()
    asking.call(to="+12025550142")

    def listed(query: str) -> list[str]:
        return [
            call["sid"] for call in asking.request("GET", asking.api(f"Calls.json?{query}")).json["calls"]
        ]

    assert listed("Status=busy") == listed("To=%2B12025550141") == [sid]
    assert len(listed("")) == len(listed("StartTime>=2000-01-01")) == 2
    assert listed("StartTime>=2999-01-01") == listed("Status=failed") == []


# Calls from a phone


def test_a_phone_calls_us_and_presses_its_keys(asking: Customer) -> None:
    asking.answers["/phone/inbound"] = ASK_PIN
    call = asking.do("POST", f"/phones/{PHONE}/calls", {"to": OUR_NUMBER, "keys": ["482913"]})
    asking.settle()
    webhook = asking.told("/phone/inbound")[0]
    assert webhook.signed_rightly
    assert (webhook.fields["Direction"], webhook.fields["From"], webhook.fields["To"]) == (
        "inbound",
        PHONE,
        OUR_NUMBER,
    )
    assert transcript(asking, call["sid"])[-1] == "said Thank you for 482913."


@pytest.mark.parametrize(("reason", "status"), [("busy", "busy"), ("rejected", "no-answer")])
def test_we_can_reject_a_call(customer: Customer, reason: str, status: str) -> None:
    customer.answers["/phone/inbound"] = f'<Reject reason="{reason}"/>'
    call = customer.do("POST", f"/phones/{PHONE}/calls", {"to": OUR_NUMBER})
    customer.settle()
    assert customer.state(call["sid"]) == status


def test_what_a_text_telephone_prints_of_the_tones_stands_in_the_transcript(customer: Customer) -> None:
    customer.answers["/voice"] = "<Play>/tones.wav</Play><Play>/speech.wav</Play><Play>/none.wav</Play>"
    customer.answers["/tones.wav"] = tones("Hello. 2 messages")
    customer.answers["/speech.wav"] = b"RIFF of another kind"
    customer.answers["/none.wav"] = 404
    customer.set_phone(calls={"kind": "answer"})
    sid = customer.call().json["sid"]
    customer.settle()
    said = [(line["kind"], line["text"]) for line in customer.see(f"/calls/{sid}")["transcript"]]
    assert said == [
        ("played", "/tones.wav"),
        ("printed", "HELLO. 2 MESSAGES"),
        ("played", "/speech.wav"),
        ("played", "/none.wav"),
    ]
    assert "HELLO. 2 MESSAGES" in customer.request("GET", "/").text
