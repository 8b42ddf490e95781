"""From where somebody asks: only what our own proxies said is believed."""

import pytest
from django.conf import settings
from django.test import RequestFactory

from watchword.site.asker import address_of


@pytest.mark.parametrize(
    ("proxies", "forwarded", "meant"),
    [
        (0, "", "192.0.2.1"),
        (0, "203.0.113.7", "192.0.2.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.9, 203.0.113.7", "203.0.113.7"),
        (2, "198.51.100.9, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        (2, "203.0.113.7", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "somewhere", "192.0.2.1"),
    ],
)
def test_only_what_our_own_proxies_said_is_believed(
    monkeypatch: pytest.MonkeyPatch, proxies: int, forwarded: str, meant: str
) -> None:
    monkeypatch.setattr(
        settings, "WATCHWORD", settings.WATCHWORD.model_copy(update={"http_proxies": proxies})
    )
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert address_of(RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", headers=headers)) == meant
