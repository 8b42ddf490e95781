"""How a source's files reach us, as its mapping says it in `way`.

No password, key or token stands there: see secrets.py.
"""

from datetime import timedelta
from pathlib import PurePosixPath
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from watchword.feeds.durations import Duration

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def _is_absolute(value: str) -> str:
    if not value.startswith("/"):
        raise ValueError("write the whole path, from / on")
    return value


def _is_pattern(value: str) -> str:
    if "/" in value:
        raise ValueError("is for names in that folder, without slashes, such as *.csv")
    return value


def _is_web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise ValueError("write an address such as https://jail.example.org/roster.csv")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise ValueError(
            "a roster is fetched over https alone: whoever stands between could read and change it"
        )
    if parts.username or parts.password:
        raise ValueError("a mapping holds no user and no password; give them in WATCHWORD_FEED_CREDENTIALS")
    return value


def _is_fingerprint(value: str) -> str:
    name, _, rest = value.partition(":")
    if name != "SHA256" or len(rest.rstrip("=")) != 43:
        raise ValueError(
            "write the fingerprint of the server's key as its office gives it (`ssh-keygen -lf KEY.pub`), SHA256:..."
        )
    return value.rstrip("=")


Pattern = Annotated[str, Field(min_length=1), AfterValidator(_is_pattern)]


class _Way(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Folder(_Way):
    """A folder of this machine that files are put into. A finished file is read once, and moved to `done` in it."""

    kind: Literal["folder"]
    path: Annotated[str, AfterValidator(_is_absolute)]
    pattern: Pattern = "*"
    every: Duration = timedelta(seconds=5)
    settled: Duration = timedelta(seconds=10)


class Sftp(_Way):
    """A file on an SFTP server, or the newest of those that a pattern names, fetched when it has changed."""

    kind: Literal["sftp"]
    host: str = Field(min_length=1)
    port: int = Field(22, ge=1, le=65535)
    path: Annotated[str, AfterValidator(_is_absolute)]
    host_key: Annotated[str, AfterValidator(_is_fingerprint)]
    every: Duration | None = None

    @property
    def folder(self) -> str:
        """Where the file is."""
        return str(PurePosixPath(self.path).parent)

    @property
    def pattern(self) -> str:
        """Its name, in which * and ? may stand for others."""
        return PurePosixPath(self.path).name


class Http(_Way):
    """A file on a web server, fetched when it has changed."""

    kind: Literal["http"]
    url: Annotated[str, AfterValidator(_is_web_address)]
    every: Duration | None = None


class Push(_Way):
    """The source's own system sends its rosters to us, with a key of its own."""

    kind: Literal["push"]


Way = Annotated[Folder | Sftp | Http | Push, Field(discriminator="kind")]

_SHORTEST, _LONGEST = timedelta(minutes=1), timedelta(hours=1)
_VISITS_A_RHYTHM = 3


def interval(way: Folder | Sftp | Http, rhythm: timedelta) -> timedelta:
    """How long after a visit the next one is made: what the way says, or a third of the rhythm within reason."""
    return way.every or min(max(rhythm / _VISITS_A_RHYTHM, _SHORTEST), _LONGEST)
