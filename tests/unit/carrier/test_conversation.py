"""What a caller hears and where keys lead, for scripted phones: no network and no waiting."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from watchword.carrier.conversation import MOST_DOCUMENTS, Conversation, Dialled, Document
from watchword.carrier.listeners import HungUp, Script
from watchword.carrier.records import Call
from watchword.carrier.twiml import Dial
from watchword.carrier.webhooks import Answer
from watchword.core import clock

APOLOGY = "said We are sorry, an application error has occurred. Goodbye."
NO_LENGTH = "<Pause> length must be a number, not below 0."
ASK = '<Gather {attributes} action="/pin"><Say>PIN?</Say></Gather><Say>Nothing.</Say>'


@dataclass
class Played:
    """A conversation that was had: what the transcript says, and what the webhooks were asked."""

    heard: list[str] = field(default_factory=list)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    rejected: str = ""
    hung_up: bool = False


def play(documents: dict[str, str], keys: list[str], hangs_up_after: float = 300) -> Played:
    """Follow the document at /start with a phone that presses `keys`; a document is what stands within Response."""
    played = Played()
    at = clock.now()
    call = Call(
        sid="CA1", at=at, updated_at=at, direction="outbound-api", from_="+12025550100", to="+12025550141"
    )

    async def fetch(url: str, method: str, params: Mapping[str, str]) -> Answer:
        path = url.removeprefix("http://we.example")
        played.asked.append((method, path, dict(params)))
        if path not in documents:
            return Answer(404)
        return Answer(200, f"<Response>{documents[path]}</Response>")

    async def connect(dial: Dial) -> Dialled:
        return Dialled("CA2", "busy" if dial.number.endswith("9") else "completed", 7)

    async def printed(url: str) -> str:
        return "HELLO" if url.endswith("/tones.wav") else ""

    async def follow() -> None:
        script = Script(keys, pace=0, hangs_up_after=hangs_up_after)
        conversation = Conversation(
            call,
            script,
            fetch,
            connect,
            lambda line: played.heard.append(f"{line.kind} {line.text}"),
            printed,
        )
        try:
            await conversation.follow(Document("http://we.example/start"))
        except HungUp:
            played.hung_up = True
        played.rejected = conversation.rejected

    asyncio.run(follow())
    return played


@pytest.mark.parametrize(
    ("attributes", "keys", "digits", "finished_by", "unheard"),
    [
        ('numDigits="6"', "482913", "482913", "", ""),
        ('numDigits="6"', "482913#", "482913", "", "#"),
        ('numDigits="6"', "48#", "48", "#", ""),
        ("", "482913#", "482913", "#", ""),
        ("", "482913", "482913", "", ""),  # the time is up: what was pressed counts
        ("", "4w8ww2#", "482", "#", ""),  # pauses between keys
        ('finishOnKey="*"', "12#3*", "12#3", "*", ""),
        ('finishOnKey=""', "12#", "12#", "", ""),
    ],
)
def test_keys_go_to_the_action_as_a_gather_takes_them(
    attributes: str, keys: str, digits: str, finished_by: str, unheard: str
) -> None:
    played = play({"/start": ASK.format(attributes=attributes), "/pin": "<Say>Thank you.</Say>"}, [keys])
    assert played.asked == [
        ("POST", "/start", {}),
        ("POST", "/pin", {"Digits": digits, "FinishedOnKey": finished_by}),
    ]
    expected = ["said PIN?", f"pressed {digits}{finished_by}", "said Thank you."]
    assert played.heard == expected[:2] + ([f"unheard {unheard}"] if unheard else []) + expected[2:]


@pytest.mark.parametrize("keys", [[], ["#"]])
def test_a_gather_without_digits_goes_on_with_the_next_verb(keys: list[str]) -> None:
    played = play({"/start": ASK.format(attributes="")}, keys)
    assert played.heard[-1] == "said Nothing."
    assert len(played.asked) == 1


def test_a_gather_can_ask_its_action_even_if_nothing_was_pressed() -> None:
    played = play({"/start": ASK.format(attributes='actionOnEmptyResult="true"'), "/pin": "<Hangup/>"}, [])
    assert played.asked[1:] == [("POST", "/pin", {"Digits": "", "FinishedOnKey": ""})]


def test_each_gather_takes_the_next_group_of_keys() -> None:
    again = '<Gather numDigits="1" action="/start"><Say>Again?</Say></Gather><Say>Bye.</Say>'
    played = play({"/start": ASK.format(attributes='numDigits="2"'), "/pin": again}, ["12", "1", "34"])
    assert [params["Digits"] for _, _, params in played.asked[1:]] == ["12", "1", "34"]
    assert played.heard[-1] == "said Bye."


def test_a_gather_without_action_asks_the_present_address() -> None:
    played = play(
        {"/start": '<Redirect method="GET">/menu?l=es</Redirect>', "/menu?l=es": "<Gather/>"}, ["5#"]
    )
    assert [(method, path) for method, path, _ in played.asked] == [
        ("POST", "/start"),
        ("GET", "/menu?l=es"),
        ("POST", "/menu?l=es"),
    ]


@pytest.mark.parametrize(
    ("documents", "heard"),
    [
        ({"/start": '<Say loop="2">Hi.</Say>'}, ["said Hi.", "said Hi."]),
        ({"/start": '<Play>/a.mp3</Play><Pause length="2"/>'}, ["played /a.mp3", "paused 2 s"]),
        ({"/start": "<Play>tones.wav</Play>"}, ["played tones.wav", "printed HELLO"]),
        ({"/start": "<Say>Bye.</Say><Hangup/><Say>Never.</Say>"}, ["said Bye."]),
        ({"/start": "<Redirect>/b</Redirect><Say>Never.</Say>", "/b": "<Say>B.</Say>"}, ["said B."]),
        ({"/start": "<Dial>+12025550177</Dial><Say>Back.</Say>"}, ["dialled +12025550177", "said Back."]),
        (
            {"/start": "<Wink/><Say>Go on.</Say>"},
            ["note <Wink> is not known here and was passed over.", "said Go on."],
        ),
        ({}, ["note Error 11200: The webhook answered 404.", APOLOGY]),
        ({"/start": '<Pause length="x"/>'}, [f"note Error 12200: {NO_LENGTH}", APOLOGY]),
    ],
)
def test_verbs_are_heard_in_order_and_errors_end_the_call(
    documents: dict[str, str], heard: list[str]
) -> None:
    assert play(documents, []).heard == heard


def test_a_dial_with_an_action_tells_it_how_the_other_call_went() -> None:
    played = play({"/start": '<Dial action="/after">+12025550179</Dial>', "/after": "<Hangup/>"}, [])
    assert played.asked[-1][2] == {"DialCallSid": "CA2", "DialCallStatus": "busy", "DialCallDuration": "7"}


def test_a_reject_ends_the_document_and_is_remembered() -> None:
    played = play({"/start": '<Reject reason="busy"/><Say>Never.</Say>'}, [])
    assert (played.rejected, played.heard) == ("busy", [])


def test_a_flow_that_never_ends_is_ended() -> None:
    played = play({"/start": "<Redirect>/start</Redirect>"}, [])
    assert len(played.asked) == MOST_DOCUMENTS
    assert played.heard == [f"note The call was ended after {MOST_DOCUMENTS} documents."]


def test_a_voicemail_puts_the_phone_down_when_it_has_heard_enough() -> None:
    endless = ASK.format(attributes='timeout="10"') + "<Redirect>/start</Redirect>"
    played = play({"/start": endless}, [], hangs_up_after=30)
    assert played.hung_up
    assert 2 <= len(played.asked) <= 3
