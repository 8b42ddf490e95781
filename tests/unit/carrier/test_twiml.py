import pytest

from watchword.carrier.twiml import (
    Dial,
    Gather,
    Hangup,
    Note,
    Pause,
    Play,
    Redirect,
    Reject,
    Say,
    TwimlError,
    Verb,
    parse_messages,
    parse_voice,
)


@pytest.mark.parametrize(
    ("verbs", "expected"),
    [
        ("", []),
        ("<Say>Hello\n   there</Say>", [Say("Hello there")]),
        (
            '<Say language="es-MX" voice="Polly.Mia" loop="2">Hola</Say>',
            [Say("Hola", "es-MX", "Polly.Mia", 2)],
        ),
        ("<Say>I <emphasis>mean</emphasis> it</Say>", [Say("I mean it")]),
        ("<Say>&lt;b&gt; &amp; more</Say>", [Say("<b> & more")]),
        ("<Play>https://example.org/a.mp3</Play>", [Play("https://example.org/a.mp3")]),
        ('<Play digits="ww12"/>', [Play(digits="ww12")]),
        ("<Pause/>", [Pause(1)]),
        ('<Pause length="3"/>', [Pause(3)]),
        ("<Gather/>", [Gather()]),
        (
            '<Gather numDigits="6" finishOnKey="*" timeout="8" action="/pin?a=1&amp;b=2" method="get"'
            ' actionOnEmptyResult="true" input="dtmf"><Say>PIN</Say><Pause/><Play>x.mp3</Play></Gather>',
            [
                Gather(
                    prompts=(Say("PIN"), Pause(1), Play("x.mp3")),
                    action="/pin?a=1&b=2",
                    method="GET",
                    timeout=8,
                    num_digits=6,
                    finish_on_key="*",
                    even_if_empty=True,
                )
            ],
        ),
        ('<Gather finishOnKey="" timeout="auto"/>', [Gather(finish_on_key="")]),
        ("<Redirect>/next</Redirect>", [Redirect("/next")]),
        ('<Redirect method="GET">/next</Redirect>', [Redirect("/next", "GET")]),
        ("<Dial>+12025550177</Dial>", [Dial("+12025550177")]),
        (
            '<Dial action="/done" timeout="12" callerId="+12025550100"><Number>+12025550177</Number></Dial>',
            [Dial("+12025550177", action="/done", timeout=12, caller_id="+12025550100")],
        ),
        ("<Hangup/><Say>never</Say>", [Hangup(), Say("never")]),
        ('<Reject reason="busy"/>', [Reject("busy")]),
        ("<Record/>", [Note("<Record> is not known here and was passed over.")]),
    ],
)
def test_each_verb_is_read_as_twilio_documents_it(verbs: str, expected: list[Verb]) -> None:
    document = f'<?xml version="1.0" encoding="UTF-8"?>\n<Response>{verbs}</Response>'
    assert parse_voice(document) == expected


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("", 12100),
        ("not XML", 12100),
        ("<Response><Say>unclosed</Response>", 12100),
        ("<Answer/>", 12100),
        ('<!DOCTYPE r [<!ENTITY a "b">]><Response><Say>&a;</Say></Response>', 12100),
        ('<Response><Pause length="soon"/></Response>', 12200),
        ('<Response><Gather timeout="-1"/></Response>', 12200),
        ('<Response><Redirect method="PUT">/x</Redirect></Response>', 12200),
    ],
)
def test_a_document_that_cannot_be_followed_is_refused_with_twilios_code(document: str, code: int) -> None:
    with pytest.raises(TwimlError) as raised:
        parse_voice(document)
    assert raised.value.code == code


@pytest.mark.parametrize(
    ("document", "bodies"),
    [
        ("", []),
        ("<Response/>", []),
        ("<Response><Message>Thank you.</Message></Response>", ["Thank you."]),
        ("<Response><Message><Body>One</Body></Message><Message>Two</Message></Response>", ["One", "Two"]),
        ("<Response><Message> </Message></Response>", []),
    ],
)
def test_the_answer_to_a_text_is_read_as_texts(document: str, bodies: list[str]) -> None:
    assert parse_messages(document) == bodies
