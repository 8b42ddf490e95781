"""Where pushes may go, and how somebody is named in a partner's system; what cannot be one is not repeated."""

import pytest

from watchword.core.errors import WatchwordError
from watchword.registrants.addresses import AddressError, masked, normalise_push, split_push
from watchword.registrants.partners import normalise_endpoint


@pytest.mark.parametrize(
    "url",
    [
        "https://cases.example.org/watchword?office=3",
        "https://10.20.0.7:8443/",
        "http://127.0.0.1:8000/",
        "http://[::1]:8000/",
    ],
)
def test_an_endpoint_is_https_or_this_machine(url: str) -> None:
    assert normalise_endpoint(f" {url} ") == url


@pytest.mark.parametrize(
    "url",
    [
        "http://cases.example.org/",
        "http://localhost/",
        "http://127.0.0.1.example.org/",
        "http://127.1/",
        "ftp://cases.example.org/",
        "https://user:secret@cases.example.org/",
        "https:///nowhere",
        "cases.example.net",
        "https://cases.example.org/#part",
        "https://cases.example.org/" + "x" * 2000,
        "https://[::1/",
        "https://cases.example.org:port/",
        "",
    ],
)
def test_what_cannot_be_pushed_to_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(WatchwordError, match="Give an https") as refused:
        normalise_endpoint(url)
    assert not url or url not in str(refused.value)


def test_a_place_in_a_partners_system_shows_the_partner_alone() -> None:
    place = normalise_push(" harbor-shelter/Case-4711.b ")
    assert split_push(place) == ("harbor-shelter", "Case-4711.b")
    assert masked(place) == "harbor-shelter/***"


@pytest.mark.parametrize(
    "place", ["", "harbor-shelter", "/1", "harbor-shelter/", "Harbor/1", "a/Bea Hidden", "a/b/c", "a/é"]
)
def test_a_place_without_a_partner_or_with_a_name_in_it_is_refused(place: str) -> None:
    with pytest.raises(AddressError, match="case number"):
        normalise_push(place)
