"""A file on a web server: fetched when it has changed, whole or not at all, and by nobody's name but the source's."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.conf import LazySettings

from tests.integration.feeds.ways.conftest import MONDAY, TUESDAY, AddSource, held, outcomes, visit
from watchword.feeds.models import Roster


@dataclass
class Jail:
    """A web server with one file, and how it behaves."""

    data: bytes = MONDAY
    etag: str = '"1"'
    faults: list[int] = field(default_factory=list)
    """Statuses that the next answers have."""
    breaks: list[int] = field(default_factory=list)
    """Bytes after which the next answers break off."""
    ranges: bool = True
    location: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)
    url: str = ""


class _Handler(BaseHTTPRequestHandler):
    jail: Jail

    def do_GET(self) -> None:
        jail = self.jail
        jail.asked.append(dict(self.headers))
        if jail.faults:
            self.send_response(jail.faults.pop(0))
            self.send_header("Location", jail.location)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if self.headers.get("If-None-Match") == jail.etag:
            self.send_response(304)
            self.end_headers()
            return
        start = 0
        if jail.ranges and self.headers.get("If-Range") == jail.etag:
            start = int(self.headers["Range"].removeprefix("bytes=").removesuffix("-"))
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(jail.data) - 1}/{len(jail.data)}")
        if jail.etag:
            self.send_header("ETag", jail.etag)
        self.send_header("Accept-Ranges", "bytes" if jail.ranges else "none")
        self.send_header("Content-Length", str(len(jail.data) - start))
        self.end_headers()
        end = jail.breaks.pop(0) if jail.breaks else len(jail.data)
        self.wfile.write(jail.data[start : max(start, end)])
        self.close_connection = True

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def jail() -> Iterator[Jail]:
    jail = Jail()
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"jail": jail})) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        jail.url = f"http://127.0.0.1:{server.server_port}/roster.csv"
        yield jail
        server.shutdown()


@pytest.fixture(autouse=True)
def _source(jail: Jail, reached: AddSource) -> None:
    reached(kind="http", url=jail.url)


def test_a_file_is_fetched_when_it_has_changed(jail: Jail) -> None:
    visit()
    visit()
    assert outcomes() == ["baseline"]
    assert jail.asked[1]["If-None-Match"] == '"1"'
    jail.data, jail.etag = TUESDAY, '"2"'
    visit()
    assert outcomes() == ["baseline", "news"]
    jail.etag = '"3"'  # written anew, the same bytes: the source lives, and nothing has changed
    visit()
    assert outcomes() == ["baseline", "news", "duplicate"]


def test_what_breaks_off_is_read_on_from_there(jail: Jail) -> None:
    jail.breaks = [20, 50]
    visit()
    assert held() == {"1", "2", "3", "4"}
    assert [one.get("Range") for one in jail.asked] == [None, "bytes=20-", "bytes=50-"]
    assert Roster.objects.get().size == len(MONDAY)


@pytest.mark.parametrize("ranges", [True, False])
def test_what_breaks_off_for_good_is_not_taken_for_whole(jail: Jail, ranges: bool) -> None:
    jail.ranges, jail.breaks = ranges, [20] * 9
    found = visit()
    assert outcomes() == []
    assert found.failures == 1
    assert "The connection broke" in found.fault
    jail.breaks = []
    visit()
    assert outcomes() == ["baseline"]


def test_a_server_in_trouble_is_asked_again_at_once(jail: Jail) -> None:
    jail.faults = [503, 502]
    assert visit().fault == ""
    assert outcomes() == ["baseline"]


@pytest.mark.parametrize(
    ("status", "why"), [(404, "answered 404"), (401, "does not let us in"), (302, "sends us elsewhere")]
)
def test_a_refusal_is_told_and_changes_nothing(jail: Jail, status: int, why: str) -> None:
    visit()
    jail.faults, jail.location = [status], "https://elsewhere.example.org/"
    found = visit()
    assert why in found.fault
    assert (outcomes(), len(jail.asked)) == (["baseline"], 2)
    assert visit().fault == ""


def test_the_credentials_are_those_of_the_source(jail: Jail, settings: LazySettings) -> None:
    given = {"harbor": {"token": "t-1"}, "airport": {"token": "t-2"}}
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"feed_credentials": given})
    visit()
    assert jail.asked[0]["Authorization"] == "Bearer t-1"


def test_a_file_without_end_is_given_up(jail: Jail, settings: LazySettings) -> None:
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"largest_roster_mib": 1})
    jail.data = b"id,name,charges\n" + b"1,Reyes,\n" * 200_000
    assert "larger than 1 MiB, or has no end" in visit().fault
    assert outcomes() == []


def test_where_a_server_does_not_say_what_has_changed_the_same_bytes_are_a_beat(
    reached: AddSource, jail: Jail
) -> None:
    jail.etag = ""
    reached(kind="http", url=jail.url)
    visit()
    visit()
    assert outcomes() == ["baseline", "duplicate"]
    jail.data = TUESDAY
    visit()
    assert outcomes()[2:] == ["news"]
