"""The database: the one DATABASE_URL names, or a private PostgreSQL under WATCHWORD_HOME."""

from typing import Any
from urllib.parse import unquote, urlsplit

from watchword.config.environment import Environment


def database_settings(environment: Environment) -> dict[str, Any]:
    """Django's DATABASES entry."""
    url = urlsplit(environment.database_url or "postgresql://postgres@127.0.0.1:55432/watchword")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(url.hostname or ""),
        "PORT": str(url.port or ""),
        "CONN_MAX_AGE": None,
    }
