"""Requests to the provider as they go over the wire, and its refusals in our words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchword.delivery.channels.twilio.client import _encoded, _result
from watchword.delivery.channels.twilio.dialects import DIALECTS
from watchword.delivery.records import Accepted, Refused, Result, Unknown


@given(st.text())
def test_a_form_is_read_as_it_was_written(text: str) -> None:
    from urllib.parse import parse_qsl

    written = text.encode(errors="ignore").decode()
    assert dict(parse_qsl(_encoded({"Body": written}).decode(), keep_blank_values=True)) == {"Body": written}


# status, body, Retry-After, what it means
ANSWERS: list[tuple[int, str, str | None, Result]] = [
    (201, '{"sid": "SM1", "status": "queued"}', None, Accepted(provider_id="SM1")),
    (200, '{"sid": "SM1"}', None, Accepted(provider_id="SM1")),
    (201, "<html>", None, Unknown(code="unreadable_answer")),
    (201, '["SM1"]', None, Unknown(code="unreadable_answer")),
    (201, '{"sid": 7}', None, Unknown(code="unreadable_answer")),
    (400, '{"code": 21211}', None, Refused(code="21211", permanent=True)),
    (400, '{"code": 21610}', None, Refused(code="21610", permanent=True, opted_out=True)),
    (
        400,
        '{"code": 21212}',
        None,
        Refused(code="21212", permanent=False),
    ),  # our own number is set up wrongly
    (400, '{"code": 99999}', None, Refused(code="99999", permanent=False)),
    (401, '{"code": 20003}', None, Refused(code="20003", permanent=False)),
    (404, "", None, Refused(code="http_404", permanent=False)),
    (429, '{"code": 20429}', "7", Refused(code="20429", permanent=False, retry_after=7)),
    (429, "", "Wed, 21 Oct 2026 07:28:00 GMT", Refused(code="http_429", permanent=False)),
    (503, "", "3", Refused(code="http_503", permanent=False, retry_after=3)),
    (500, '{"code": 20500}', None, Unknown(code="20500")),
    (502, "<html>", None, Unknown(code="http_502")),
    (504, "", None, Unknown(code="http_504")),
]


@pytest.mark.parametrize(("status", "body", "retry_after", "meaning"), ANSWERS)
def test_an_answer_means(status: int, body: str, retry_after: str | None, meaning: Result) -> None:
    headers = {"Retry-After": retry_after} if retry_after else {}
    assert _result(DIALECTS["twilio"], status, headers, body.encode()) == meaning
