"""Settings: where they come from, and what is said of a wrong one."""

from pathlib import Path

import pytest

from watchword.config.environment import read_environment, unknown_variables
from watchword.core.errors import WatchwordError


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHWORD_HOME", str(tmp_path))


def test_the_file_in_the_home_is_read_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("WATCHWORD_HTTP_PORT=8001\nWATCHWORD_OFFICE_NAME='Harbor County'\n")
    monkeypatch.setenv("WATCHWORD_HTTP_PORT", "8002")
    assert read_environment().office_name == "Harbor County"
    assert read_environment().http_port == 8002


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("WATCHWORD_HTTP_PORT", "secret"),
        ("WATCHWORD_HTTP_PORT", "0"),
        ("WATCHWORD_HTTP_PORT", "65536"),
        ("WATCHWORD_PROVIDER_CONCURRENCY", "0"),
        ("WATCHWORD_CONFIRM_WITHIN_HOURS", "-1"),
        ("WATCHWORD_DEBUG", "secret"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not_repeated(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(WatchwordError, match=variable) as raised:
        read_environment()
    assert "secret" not in str(raised.value)


def test_a_misspelt_setting_in_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("WATCHWORD_OFICE_NAME=Harbor County\n")
    with pytest.raises(WatchwordError, match="WATCHWORD_OFICE_NAME"):
        read_environment()


def test_a_misspelt_variable_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHWORD_OFICE_NAME", "Harbor County")
    assert unknown_variables() == ["WATCHWORD_OFICE_NAME"]
