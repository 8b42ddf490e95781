"""DATABASE_URL in all of PostgreSQL's forms."""

from typing import Any

import pytest

from watchword.config.connection import database_settings
from watchword.config.environment import Environment
from watchword.core.errors import WatchwordError

PLANNING = "-c random_page_cost=1.1 -c jit=off"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://ann:p%40ss@db.example.org:5433/watch%20word?sslmode=verify-full",
            {
                "NAME": "watch word",
                "USER": "ann",
                "PASSWORD": "p@ss",
                "HOST": "db.example.org",
                "PORT": "5433",
                "OPTIONS": {"sslmode": "verify-full", "options": PLANNING},
            },
        ),
        (
            "postgresql:///watchword?host=/run/postgresql",
            {"NAME": "watchword", "HOST": "/run/postgresql", "PORT": "", "OPTIONS": {"options": PLANNING}},
        ),
        (
            "postgresql:///watchword?options=-c%20random_page_cost%3D4",
            {"NAME": "watchword", "OPTIONS": {"options": f"{PLANNING} -c random_page_cost=4"}},
        ),
    ],
)
def test_an_address_becomes_djangos_settings(url: str, expected: dict[str, Any]) -> None:
    made = database_settings(Environment.model_validate({"DATABASE_URL": url}))
    assert {name: made[name] for name in expected} == expected


@pytest.mark.parametrize(
    "url", ["mysql://root:secret@localhost/x", "postgresql://localhost/x?password_=secret"]
)
def test_what_is_no_address_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(WatchwordError, match="DATABASE_URL") as raised:
        database_settings(Environment.model_validate({"DATABASE_URL": url}))
    assert url not in str(raised.value)
