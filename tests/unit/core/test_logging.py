"""What a log line holds, and what it never does."""

import json
import logging
import subprocess
import sys

SPOKEN = """
import logging, structlog
from watchword.core.logging import configure
configure()
class Record:
    resolver_match = type("Match", (), {"view_name": "message"})
try:
    try:
        raise KeyError("ana@example.org")
    except KeyError:
        raise ValueError("Key (address)=(+12025550101) already exists.")
except ValueError:
    structlog.get_logger("ours").exception("it failed", delivery=7)
    logging.getLogger("library").exception("theirs failed")
logging.getLogger("django.request").warning(
    "%s: %s", "Not Found", "/m/token", extra={"status_code": 404, "request": Record()}
)
"""


def spoken() -> tuple[str, list[dict[str, object]]]:
    text = subprocess.run([sys.executable, "-c", SPOKEN], capture_output=True, text=True, check=True).stderr
    return text, [json.loads(line) for line in text.splitlines()]


def test_lines_carry_a_constant_text_and_facts() -> None:
    _, (ours, theirs, request) = spoken()
    assert (ours["event"], ours["delivery"], ours["level"], ours["logger"]) == (
        "it failed",
        7,
        "error",
        "ours",
    )
    assert theirs["event"] == "theirs failed"
    assert (request["status"], request["page"]) == (404, "message")


def test_an_exception_is_its_kinds_and_places_without_its_words() -> None:
    text, (ours, _, _) = spoken()
    kinds = [link["kind"] for link in ours["exception"]]  # type: ignore[attr-defined]
    assert kinds == ["builtins.ValueError", "builtins.KeyError"]
    assert "example.org" not in text
    assert "12025550101" not in text


def test_the_address_of_a_message_is_not_logged() -> None:
    text, _ = spoken()
    assert "token" not in text


def test_libraries_that_say_much_are_quiet() -> None:
    assert not logging.getLogger("procrastinate.blueprints").isEnabledFor(logging.INFO)
