"""The commands, as scripts call them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.unit.law.cases import FACTS
from watchword.cli.law import law
from watchword.core.errors import WatchwordError

ASKED = {"jurisdiction": "nyc", "office": "doc", "as_of": "2019-09-09", "action": "hold", "facts": FACTS}
run = CliRunner().invoke


def test_one_question_gives_one_object(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(ASKED))
    told = json.loads(run(law, ["decide", str(file), "--json"]).stdout)
    assert list(told) == ["outcome", "missing", "because", "doubts", "overlays", "version", "conditions"]
    assert (told["outcome"], told["missing"]) == ("MAY", [])


def test_a_list_gives_one_answer_a_line_in_its_order(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps([ASKED, ASKED | {"action": "transfer"}]))
    lines = run(law, ["decide", str(file), "--json"]).stdout.splitlines()
    assert [json.loads(line)["outcome"] for line in lines] == ["MAY", "UNKNOWN"]


def test_options_say_another_place_office_or_day(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(ASKED))
    options = ["--office", "nypd", "--as-of", "2016-01-01", "--json"]
    version = json.loads(run(law, ["decide", str(file), *options]).stdout)["version"]
    assert (version["office"], version["in_force_from"]) == ("nypd", "2014-12-14")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is no JSON"),
        ("[3]", "A question is an object"),
        (json.dumps(ASKED | {"office": "sheriff"}), "no rules for the office"),
        (json.dumps(ASKED | {"facts": {"citizenship": "x"}}), "facts.citizenship"),
    ],
)
def test_what_cannot_be_answered_is_said_in_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "facts.json"
    file.write_text(text)
    failed = run(law, ["decide", str(file)]).exception
    assert isinstance(failed, WatchwordError)
    assert said in str(failed)


def test_charges_come_one_a_line() -> None:
    lines = run(
        law, ["charge", "110-125.25", "VTL 1192.2", "--as-of", "2014-01-01", "--json"]
    ).stdout.splitlines()
    assert [json.loads(line)["listed"] for line in lines] == [False, False]


def test_a_version_is_explained_with_citations() -> None:
    said = run(law, ["explain", "--office", "nypd", "--as-of", "2019-09-09"]).stdout
    assert "1.2. MAY by 14-154(b)(2)" in said
    assert "People ex rel. Wells v DeMarco" in said


def test_two_days_are_compared_in_words() -> None:
    said = run(law, ["diff", "2018-10-01", "2018-12-01", "--jurisdiction", "nyc"]).stdout
    assert "230.34-a" in said
