"""The provider's signature, against the vector it publishes, and its words in ours."""

from urllib.parse import urlencode

import pytest

from watchword.delivery.channels.twilio.webhook import read_report, signature_fits

# Published under "Validating requests": a call's webhook with its form, and the token and signature that belong to it.
TOKEN = "12345"
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FORM = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}
SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_the_published_vector_fits() -> None:
    assert signature_fits(TOKEN, URL, FORM, SIGNATURE)


@pytest.mark.parametrize(
    ("token", "url", "form", "given"),
    [
        ("12346", URL, FORM, SIGNATURE),
        (TOKEN, URL.replace("foo=1", "foo=2"), FORM, SIGNATURE),
        (TOKEN, URL, FORM | {"Digits": "1235"}, SIGNATURE),
        (TOKEN, URL, FORM | {"More": ""}, SIGNATURE),
        (TOKEN, URL, FORM, SIGNATURE.lower()),
        (TOKEN, URL, FORM, ""),
        (TOKEN, URL, FORM, "ünsigned"),
    ],
)
def test_anything_altered_does_not_fit(token: str, url: str, form: dict[str, str], given: str) -> None:
    assert not signature_fits(token, url, form, given)


@pytest.mark.parametrize(
    ("kind", "form", "meaning", "error"),
    [
        ("message", {"MessageStatus": "sent", "MessageSid": "SM1"}, "handed_over", "sent"),
        ("message", {"MessageStatus": "delivered"}, "delivered", "delivered"),
        ("message", {"MessageStatus": "undelivered", "ErrorCode": "30003"}, "not_reached", "30003"),
        ("message", {"MessageStatus": "undelivered", "ErrorCode": "30005"}, "impossible", "30005"),
        ("message", {"MessageStatus": "delivered", "ErrorCode": "30005"}, "delivered", "30005"),
        ("message", {"MessageStatus": "teleported"}, "unknown", "teleported"),
        ("message", {}, "unknown", ""),
        ("call", {"CallStatus": "no-answer"}, "not_reached", "no-answer"),
        ("call", {"CallStatus": "completed"}, "delivered", "completed"),
        ("call", {"MessageStatus": "delivered"}, "unknown", ""),
    ],
)
def test_words_are_read_in_ours(kind: str, form: dict[str, str], meaning: str, error: str) -> None:
    report = read_report(kind, urlencode(form).encode())
    assert (report.meaning, report.error) == (meaning, error)
