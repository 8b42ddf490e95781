"""The desk's commands, as an operator types them."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.county import County
from tests.integration.desk.test_counter import JUDGES, convicted, taken
from tests.integration.desk.test_what_if import AMENDMENT, LARCENY
from watchword import cli
from watchword.desk.staff.models import Staff

pytestmark = pytest.mark.django_db(transaction=True)

WHO = ("--by", "Operator Example", "--reason", "They work here.")


def run(*words: str) -> str:
    result = CliRunner().invoke(cli.app, [*words], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def told(*words: str) -> Any:
    return json.loads(run(*words, "--json"))


def test_an_account_is_made_listed_reset_shut_out_and_let_in_again() -> None:
    made = told("staff", "add", "ana.reyes", "--role", "officer", *WHO)
    assert Staff.objects.get().check_password(made["password"])
    (listed,) = told("staff", "list")
    assert (listed["name"], listed["role"], listed["active"], listed["has_authenticator"]) == (
        *("ana.reyes", "officer"),
        *(True, False),
    )
    assert "password" not in listed
    again = told("staff", "reset", "ana.reyes", *WHO)
    assert not Staff.objects.get().check_password(made["password"])
    assert Staff.objects.get().check_password(again["password"])
    run("staff", "disable", "ana.reyes", *WHO)
    assert not Staff.objects.get().is_active
    run("staff", "enable", "ana.reyes", *WHO)
    assert Staff.objects.get().is_active


def test_what_if_and_the_reports_are_there_without_a_page(county: County, tmp_path: Path) -> None:
    convicted(taken(county, warrant=JUDGES, possible_tsdb_match=False, incarceration=[]), LARCENY)
    amendment, pdf = tmp_path / "amendment.yaml", tmp_path / "report.pdf"
    amendment.write_text(AMENDMENT)
    changed = told("law", "what-if", "--offences", str(amendment))
    assert [(each["action"], each["before"], each["after"]) for each in changed] == [
        ("hold", "MUST NOT", "MAY"),
        ("notify_release", "MUST NOT", "MAY"),
    ]
    assert "answers would be others" in run("law", "what-if", "--as-of", "2012-06-01")
    assert told("law", "report", "doc", "2020")["lines"][0]["number"] == 1
    assert "Not decided yet" in run("law", "report", "doc", "2020", "--scaap", "5")
    assert run("law", "summary", "2019", "3", "--csv").startswith("item,what,number")
    run("law", "report", "nypd", "2020", "--pdf", str(pdf))
    assert pdf.read_bytes().startswith(b"%PDF")
