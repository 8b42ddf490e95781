"""docs/reference/commands.md."""

import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "commands.md"


def test_it_is_as_make_docs_would_write_it(tmp_path: Path) -> None:
    made = tmp_path / "commands.md"
    options = ["--name", "watchword", "--title", "The command line", "--output", str(made)]
    command = [sys.executable, "-m", "typer", "watchword.cli", "utils", "docs", *options]
    subprocess.run(command, check=True, capture_output=True)
    assert PAGE.read_text() == made.read_text()
