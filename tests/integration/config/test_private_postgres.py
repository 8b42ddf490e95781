"""The private PostgreSQL: whoever comes first starts it, the last to leave stops it, and nothing is in between."""

import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

import watchword
from tests.environment import throw_away_postgres
from watchword.config.private_postgres import PrivatePostgres
from watchword.core.errors import WatchwordError

JOIN = """
import sys
from pathlib import Path
from watchword.config.private_postgres import PrivatePostgres
server = PrivatePostgres(Path(sys.argv[1]))
print(server.join(), server.account.name, flush=True)
sys.stdin.read()
server.leave()
"""
AnotherHome = Callable[[str], Path]
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs programs under other accounts")


def ask(server: PrivatePostgres, question: str) -> Any:
    with psycopg.connect(make_conninfo(**server.connection_options)) as connection:
        answer = connection.execute(question).fetchone()
        return answer[0] if answer else None


def do(server: PrivatePostgres, *statements: str) -> None:
    with psycopg.connect(make_conninfo(**server.connection_options)) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.fixture(scope="module")
def running() -> Iterator[PrivatePostgres]:
    """A server for the tests that only look at it."""
    with throw_away_postgres() as server:
        yield server


def another_process(home: Path) -> "subprocess.Popen[str]":
    """Another user of the same home: it leaves when its standard input ends."""
    return subprocess.Popen(
        [sys.executable, "-c", JOIN, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def first_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().split()[0]


def postmaster(server: PrivatePostgres) -> int:
    return int((server.data / "postmaster.pid").read_text().split()[0])


def test_a_fresh_home_gets_a_server(home: Path) -> None:
    server = PrivatePostgres(home)
    assert not server.answers()
    assert server.join()
    assert server.answers()
    assert server.leave()
    assert not server.answers()


def test_only_this_machine_and_this_account_reach_it(running: PrivatePostgres) -> None:
    assert ask(running, "SHOW listen_addresses") == ""
    for folder in (running.folder, running.socket_folder, running.data):
        assert folder.stat().st_uid == running.account.uid
        assert folder.stat().st_mode & 0o077 == 0


def test_the_role_is_no_administrator(running: PrivatePostgres) -> None:
    assert ask(running, "SELECT NOT rolsuper AND rolcreatedb FROM pg_roles WHERE rolname = current_user")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(running, "SELECT pg_read_file('pg_hba.conf')")


def test_words_of_every_language_are_understood(running: PrivatePostgres) -> None:
    assert ask(running, "SELECT lower('ÉÑÇ ŁÓDŹ ИГОРЬ')") == "éñç łódź игорь"


def test_the_log_does_not_repeat_what_a_statement_was_about(running: PrivatePostgres) -> None:
    do(running, "CREATE TABLE contact (address text UNIQUE)")
    with pytest.raises(psycopg.errors.UniqueViolation):
        do(running, "INSERT INTO contact VALUES ('a@example.org'), ('a@example.org')")
    assert "unique constraint" in running.log.read_text()
    assert "example.org" not in running.log.read_text()


def test_the_last_to_leave_stops_it(home: Path) -> None:
    first, second = PrivatePostgres(home), PrivatePostgres(home)
    assert first.join()
    assert not second.join()
    assert not first.leave()
    assert second.answers()
    assert second.leave()


def test_joining_and_leaving_twice_counts_once(home: Path) -> None:
    server = PrivatePostgres(home)
    assert server.join()
    assert not server.join()
    assert server.leave()
    assert not server.leave()


def test_two_homes_are_two_systems(home: Path, another_home: AnotherHome) -> None:
    one, other = PrivatePostgres(home), PrivatePostgres(another_home("another"))
    assert one.join()
    assert other.join()
    do(one, "CREATE TABLE here ()")
    assert ask(one, "SELECT to_regclass('here')") == "here"
    assert ask(other, "SELECT to_regclass('here')") is None
    assert other.leave()
    assert one.answers()
    one.leave()


def test_of_many_who_come_at_once_to_an_empty_home_one_starts_it(home: Path) -> None:
    many = [another_process(home) for _ in range(4)]
    assert sorted(map(first_line, many)) == ["False", "False", "False", "True"]
    for process in many:
        process.communicate("")
        assert process.returncode == 0
    assert not PrivatePostgres(home).answers()


def test_a_killed_server_comes_back_with_what_was_committed(home: Path) -> None:
    server = PrivatePostgres(home)
    server.join()
    do(server, "CREATE TABLE kept (v int)", "INSERT INTO kept VALUES (7)")
    os.kill(postmaster(server), signal.SIGKILL)
    after = PrivatePostgres(home)
    assert after.join()
    assert ask(after, "SELECT v FROM kept") == 7
    assert not server.leave()
    assert after.leave()


def test_leaving_a_server_that_was_killed_is_no_trouble(home: Path) -> None:
    server = PrivatePostgres(home)
    server.join()
    os.kill(postmaster(server), signal.SIGKILL)
    assert server.leave()
    assert not server.answers()


def test_what_a_killed_user_left_running_the_next_one_uses_and_stops(home: Path) -> None:
    user = another_process(home)
    assert first_line(user) == "True"
    user.kill()
    user.communicate()
    server = PrivatePostgres(home)
    assert server.answers()
    assert not server.join()
    assert server.leave()


def test_a_process_number_that_is_another_programs_by_now_is_no_obstacle(home: Path) -> None:
    server = PrivatePostgres(home)
    server.join()
    note = (server.data / "postmaster.pid").read_text().split("\n")
    server.leave()
    (server.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *note[1:]]))
    assert server.join()
    server.leave()


def test_a_first_start_that_was_killed_half_way_is_begun_again(home: Path) -> None:
    server = PrivatePostgres(home)
    (home / "postgres").mkdir(mode=0o700)
    os.chown(home / "postgres", server.account.uid, server.account.gid)
    (home / "postgres" / "data.new").mkdir()
    os.chown(home / "postgres" / "data.new", server.account.uid, server.account.gid)
    (home / "postgres" / "data.new" / "half").write_text("of it")
    assert server.join()
    server.leave()


@pytest.mark.parametrize(
    "name", ["a " * 60, "it's, so", 'say "now"', "$HOME"], ids=["long", "comma", "quote", "dollar"]
)
def test_any_folder_will_do(another_home: AnotherHome, name: str) -> None:
    server = PrivatePostgres(another_home(name))
    server.join()
    assert ask(server, "SELECT current_user") == "watchword"
    server.leave()


def test_data_of_another_major_version_is_left_alone(home: Path) -> None:
    server = PrivatePostgres(home)
    server.join()
    server.leave()
    (server.data / "PG_VERSION").write_text("14\n")
    with pytest.raises(WatchwordError, match="made by PostgreSQL 14"):
        server.join()
    assert not server.answers()


@needs_root
def test_root_runs_it_under_another_account_and_where_that_can_reach(another_home: AnotherHome) -> None:
    closed = another_home("closed")
    closed.chmod(0o700)
    server = PrivatePostgres(closed)
    server.join()
    assert server.account.uid != 0
    assert Path(f"/proc/{postmaster(server)}").stat().st_uid == server.account.uid
    assert server.folder.parent == Path("/var/lib/watchword")
    assert PrivatePostgres(closed).folder == server.folder
    server.leave()


@needs_root
def test_an_ordinary_user_runs_it_and_root_may_use_it_too(home: Path) -> None:
    user = pwd.getpwnam("nobody")
    os.chown(home, user.pw_uid, user.pw_gid)
    places = [str(Path(module.__path__[0]).parent) for module in (watchword, psycopg)]
    environment = {"PYTHONPATH": os.pathsep.join(places), "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.defpath}
    as_user: Callable[..., Any] = lambda *command: subprocess.Popen(  # noqa: E731
        command, env=environment, user=user.pw_uid, group=user.pw_gid, extra_groups=[], cwd="/",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    for interpreter in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        try:
            as_user(interpreter, "-c", "import watchword.config.private_postgres").communicate()
        except OSError:
            continue
        process = as_user(interpreter, "-c", JOIN, str(home))
        assert process.stdout.readline().split() == ["True", "nobody"], process.communicate()
        server = PrivatePostgres(home)
        assert server.account.name == "nobody"
        assert ask(server, "SELECT current_user") == "watchword"
        process.communicate("")
        assert process.returncode == 0
        return
    pytest.skip("this Python is in a folder that no other user can reach")
