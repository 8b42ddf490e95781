"""What was answered so far, as the page carries it: encrypted, and for half an hour."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError

from watchword.core.clock import now
from watchword.core.encryption import EncryptionError, keyring

LASTS = timedelta(minutes=30)
"""A page that waits longer is good for nothing: whoever finds it open on a shared computer begins anew."""

_CONTEXT = "sign_up.draft"


class _Carried(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Listed(_Carried):
    """Somebody of an open source whom the look-up found."""

    number: str = Field(repr=False)
    name: str = Field(repr=False)
    facility: str
    status: str


class Point(_Carried):
    """A contact that is to be shown to be theirs, by a code or a call."""

    id: int
    channel: str
    masked: str = Field(repr=False)
    is_mine: bool = True
    """Of whoever signs up; else of the one they ask for."""
    is_shown: bool = False
    """Its code was given back, or the PIN in a call."""

    @property
    def end(self) -> str:
        """The last digits of a phone."""
        return self.masked.strip("*")

    @property
    def is_called(self) -> bool:
        """A phone that takes no texts: we call it."""
        return self.channel == "voice"


class Kept(_Carried):
    """What became of the answers: a request, with a number to come back with."""

    registrant: int
    number: str = Field(repr=False)
    pin: str = Field(repr=False)
    """Empty where whoever signs up chose it."""
    points: list[Point]
    at: int = 0
    """Place of the contact whose code is asked for; past the last, nothing more is asked."""
    is_watch: bool
    is_checked: bool
    """An officer looks at it first."""
    was_tested: bool = False


class Draft(_Carried):
    """The answers by page, and what has come of them. What it shows of itself, in a log or a debugger, is the page."""

    step: str
    answers: dict[str, dict[str, list[str]]] = Field(default_factory=dict, repr=False)
    listed: list[Listed] = Field(default_factory=list, repr=False)
    as_of: datetime | None = None
    """When the list was last received that they were looked for in."""
    sheet: UUID = Field(default_factory=uuid4)
    """Of the last page's filling in: sent twice, it is one request."""
    kept: Kept | None = None
    _places: dict[str, Any] = PrivateAttr(default_factory=dict)

    @property
    def places(self) -> dict[str, Any]:
        """Sources by name, as they were found for the page at hand (order.place_of). They do not travel."""
        return self._places

    def said(self, step: str, field: str) -> str:
        """What was answered there; empty where nothing was."""
        values = self.answers.get(step, {}).get(field) or [""]
        return values[-1]

    def sealed(self) -> str:
        """As the page carries it."""
        words = f"{now().isoformat()}\n{self.model_dump_json()}"
        return urlsafe_b64encode(keyring().encrypt(words, _CONTEXT)).decode()


def opened(sealed: str) -> Draft | None:
    """What a page carried; None where it is none of ours, or has waited longer than LASTS."""
    try:
        words = keyring().decrypt(urlsafe_b64decode(sealed.encode()), _CONTEXT)
    except (ValueError, EncryptionError):
        return None
    sealed_at, _, draft = words.partition("\n")
    if datetime.fromisoformat(sealed_at) + LASTS < now():
        return None
    try:
        return Draft.model_validate_json(draft)
    except ValidationError:  # of a version before this one
        return None
