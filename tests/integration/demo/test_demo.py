"""The main job from end to end: `watchword demo --once`, as a person types it."""

import socket
from urllib.parse import urlsplit

from tests.integration.demo.playing import playing


def test_the_story_ends_with_exactly_the_expected_notices_confirmed_and_nothing_left_running() -> None:
    with playing("--once") as demo:
        status = demo.process.wait(180)
        printed = demo.printed.read_text()
        assert status == 0, printed
        for address in (demo.url, demo.phones):
            with socket.socket() as attempt:
                assert attempt.connect_ex(("127.0.0.1", urlsplit(address).port or 0)) != 0
    assert "All 19 notices were confirmed" in printed
    assert "a request failed" not in printed
    assert "text   Deportaron a" in printed, "a text in Spanish, with the detail that it may have"
    assert "page   " in printed, "an email's page, read after the PIN"
