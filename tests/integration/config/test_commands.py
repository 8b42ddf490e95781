"""A command brings up what it needs, says so once, and fails in one sentence."""

import json
from pathlib import Path
from subprocess import Popen

import pytest

from tests.integration.config.conftest import Command

SECRET = "hunter2"


def ended(process: "Popen[str]") -> tuple[int, str, str]:
    out, errors = process.communicate()
    return process.returncode, out, errors


def test_the_first_command_starts_and_migrates_the_second_only_starts(watchword: Command) -> None:
    status, out, said = ended(watchword("source", "list", "--json"))
    assert (status, json.loads(out)) == (0, [])
    assert "Started the private PostgreSQL" in said
    assert "Brought the database up to date" in said
    status, out, said = ended(watchword("source", "list", "--json"))
    assert (status, json.loads(out)) == (0, [])
    assert "Brought" not in said


def test_of_commands_that_come_at_once_one_starts_and_one_migrates(watchword: Command) -> None:
    results = [ended(process) for process in [watchword("source", "list") for _ in range(3)]]
    assert [status for status, _, _ in results] == [0, 0, 0]
    assert sum("Brought the database up to date" in said for _, _, said in results) == 1


def test_a_database_that_does_not_answer_is_told_in_one_sentence(watchword: Command) -> None:
    url = f"postgresql://somebody:{SECRET}@127.0.0.1:1/nowhere"
    status, out, said = ended(watchword("source", "list", DATABASE_URL=url))
    assert (status, out) == (1, "")
    assert said.startswith("watchword: The database does not answer")
    assert SECRET not in said
    assert "Traceback" not in said


@pytest.mark.parametrize("arguments", [["nonsense"], ["source", "list", "--nonsense"], ["roster", "load"]])
def test_bad_usage_ends_with_2(watchword: Command, arguments: list[str]) -> None:
    status, out, _ = ended(watchword(*arguments))
    assert (status, out) == (2, "")


def test_doctor_shows_every_setting_and_no_secret(watchword: Command) -> None:
    status, out, _ = ended(
        watchword(
            "doctor",
            "--json",
            WATCHWORD_CARRIER_TOKEN=SECRET,
            WATCHWORD_SMTP_URL=f"smtp://mailer:{SECRET}@127.0.0.1:1",
            WATCHWORD_OFFICE_NAME="Harbor County",
        )
    )
    found = json.loads(out)
    settings = {setting["name"]: setting for setting in found["settings"]}
    assert status == 0
    assert SECRET not in out
    assert settings["WATCHWORD_CARRIER_TOKEN"]["value"] == "(set)"
    assert settings["WATCHWORD_SMTP_URL"]["value"] == "smtp://mailer:***@127.0.0.1:1"
    assert settings["WATCHWORD_OFFICE_NAME"] | {"description": ""} == {
        "name": "WATCHWORD_OFFICE_NAME",
        "value": "Harbor County",
        "origin": "environment",
        "description": "",
    }
    assert {check["name"] for check in found["checks"]} >= {
        "PostgreSQL",
        "mail server",
        "carrier",
        "web server",
    }


def test_doctor_finds_what_is_wrong(watchword: Command) -> None:
    status, out, _ = ended(
        watchword("doctor", "--json", DATABASE_URL="postgresql://127.0.0.1:1/nowhere", WATCHWORD_HTP_PORT="1")
    )
    faults = {check["name"] for check in json.loads(out)["checks"] if check["verdict"] == "fault"}
    assert status == 1
    assert faults == {"PostgreSQL", "WATCHWORD_HTP_PORT"}


def test_doctor_says_what_a_worker_would_of_providers_that_cannot_be_used(
    watchword: Command, home: Path
) -> None:
    given = {
        "WATCHWORD_TEXT_PROVIDERS": "twilio,sinalwire",
        "WATCHWORD_VOICE_PROVIDERS": "twilio,telnyx",
        "WATCHWORD_EMAIL_PROVIDERS": "postmark",
        "WATCHWORD_LETTER_PROVIDERS": "outbox",
    }
    status, out, _ = ended(watchword("doctor", "--json", **given))
    checks = {check["name"]: check for check in json.loads(out)["checks"]}
    found = {
        channel: (checks[f"{channel} providers"]["verdict"], checks[f"{channel} providers"]["finding"])
        for channel in ("text", "voice", "email", "letter", "push")
    }
    assert status == 1
    assert found["push"] == ("ok", "push")
    faults = {channel: said for channel, (verdict, said) in found.items() if verdict == "fault"}
    assert set(faults) == {"text", "voice", "email", "letter"}
    assert "WATCHWORD_TEXT_PROVIDERS can name" in faults["text"]
    assert "WATCHWORD_TELNYX does not give our account there" in faults["voice"]
    assert "WATCHWORD_ANYMAIL" in faults["email"]
    assert "WATCHWORD_LETTER_OUTBOX" in faults["letter"]
    assert not list(home.iterdir()), "it changes nothing"
    _, _, said = ended(watchword("work", "--drain", **given))
    assert faults["text"] in said
