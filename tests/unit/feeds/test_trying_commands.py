"""Trying and drafting change nothing and start nothing: no home, no keys, no database."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROSTER = "Inmate No,Surname,Status,DOB\n1,Reyes,IN,02/23/1990\n2,Okafor,GONE,11/30/1988\n"


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    path = tmp_path / "monday.csv"
    path.write_text(ROSTER)
    return path


def watchword(tmp_path: Path, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """The command in a process of its own, whose database nobody answers for."""
    own = {"WATCHWORD_HOME": str(tmp_path / "home"), "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    ended = subprocess.run(
        [sys.executable, "-m", "watchword", *map(str, arguments)],
        env=os.environ | own,
        capture_output=True,
        text=True,
    )
    assert not (tmp_path / "home").exists()
    return ended


def test_a_drafted_mapping_is_tried(tmp_path: Path, roster: Path) -> None:
    mapping = tmp_path / "harbor.yaml"
    mapping.write_text(watchword(tmp_path, "source", "draft", roster).stdout)
    ended = watchword(tmp_path, "source", "try", mapping, roster, "--json")
    assert ended.returncode == 0, ended.stderr
    shown = json.loads(ended.stdout)
    assert (shown["rows"], shown["people"], shown["is_usable"]) == (2, 1, True)
    assert [row["person_key"] for row in shown["bad_rows"]] == ["2"]
    spoken = watchword(tmp_path, "source", "try", mapping, roster).stdout
    assert "of 2 rows, 1 would go to quarantine" in spoken
    assert "GONE" in spoken
    assert "Reyes" not in spoken
    assert "Reyes" in watchword(tmp_path, "source", "try", mapping, roster, "--people", "1").stdout


def test_what_cannot_be_used_ends_with_one_and_says_why(tmp_path: Path, roster: Path) -> None:
    ended = watchword(tmp_path, "source", "try", "nyc-doc", roster)
    assert ended.returncode == 1
    assert "no column for person_key: it should be one of inmateid" in ended.stdout
    for arguments in (("draft", tmp_path), ("draft", tmp_path / "none.csv"), ("try", "no-such", roster)):
        ended = watchword(tmp_path, "source", *map(str, arguments))
        assert ended.returncode == 1
        assert "cannot be read" in ended.stderr
