from watchword.carrier.signatures import signature

PARAMS = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"


def test_a_signature_is_the_one_that_twilio_publishes() -> None:
    assert signature("12345", URL, PARAMS) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_a_signature_does_not_depend_on_the_order_of_the_parameters() -> None:
    assert signature("12345", URL, dict(reversed(PARAMS.items()))) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_a_signature_changes_with_the_token_the_url_and_every_parameter() -> None:
    signatures = {
        signature("12345", URL, PARAMS),
        signature("12346", URL, PARAMS),
        signature("12345", URL + "0", PARAMS),
        *(signature("12345", URL, PARAMS | {name: value + "0"}) for name, value in PARAMS.items()),
    }
    assert len(signatures) == 3 + len(PARAMS)
