"""What a call remembers: nobody reads it in an address, changes it, or uses it in another call or an hour later."""

from datetime import timedelta

import pytest

from watchword.core.clock import now
from watchword.phone import sealed as sealing
from watchword.phone.line.kept import Kept, sealed, unsealed

KEPT = Kept(then="own_status", number="0123456789", pin="904817", phone="+12025550147")


def test_it_comes_back_in_the_same_call_and_in_no_other() -> None:
    token = sealed(KEPT, "CA1")
    assert unsealed(token, "CA1") == KEPT
    assert unsealed(token, "CA2") is None
    assert unsealed(token[:-8] + "AAAAAAA=", "CA1") is None


def test_nothing_of_it_can_be_read() -> None:
    token = sealed(KEPT, "CA1")
    assert not any(secret in token for secret in ("0123456789", "904817", "5550147"))
    assert "904817" not in repr(KEPT)


def test_an_hour_later_it_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    token = sealed(KEPT, "CA1")
    monkeypatch.setattr(sealing, "now", lambda: now() + timedelta(hours=1, seconds=1))
    assert unsealed(token, "CA1") is None


def test_where_nothing_is_remembered_nothing_stands_in_the_address() -> None:
    assert sealed(Kept(), "CA1") == ""
    assert unsealed("", "CA1") == Kept()
