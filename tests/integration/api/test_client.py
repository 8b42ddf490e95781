"""The client of the how-to works as it stands there, over a real socket, and its types hold."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.county import County
from tests.integration.api.partners import System, asking
from tests.integration.api.test_registrations import approve
from watchword.registrants.asking.models import Request

HOWTO = Path(__file__).parents[3] / "docs/howto/use-the-api.md"


def client_of_the_howto() -> str:
    """The first program in it."""
    found = re.search(r"```python\n(.*?)```", HOWTO.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.django_db(transaction=True)
def test_it_asks_once_is_told_confirms_and_ends(county: County, live_server: LiveServer) -> None:
    there: dict[str, Any] = {}
    exec(compile(client_of_the_howto(), str(HOWTO), "exec"), there)  # noqa: S102 - the page's own
    system = System(may_confirm=True)
    client = there["Watchword"](live_server.url, system.key)
    taken = client.ask(asking(), "entry-1")
    assert client.ask(asking(), "entry-1") == taken
    assert Request.objects.count() == 1
    county.person()
    approve()
    number = taken["registration"]["id"]
    assert client.registration(number)["standing"] == "on"
    (notice,) = client.notices()
    assert (notice["registration"], notice["confirmed_at"]) == (number, None)
    client.confirm(notice["id"])
    assert [each["confirmed_at"] is None for each in client.notices()] == [False]
    assert list(client.notices(after=notice["id"])) == []
    assert client.end(number)["standing"] == "ended"


def test_its_types_hold(tmp_path: Path) -> None:
    (tmp_path / "client.py").write_text(client_of_the_howto())
    checked = subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy",
            "--strict",
            "--config-file=",
            "--cache-dir",
            str(tmp_path),
            "client.py",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout
