"""What the control API may be asked to do: each class is the JSON body of one request."""

from typing import Generic

from pydantic import BaseModel, ConfigDict, Field

from watchword.carrier.behaviours import (
    CallBehaviour,
    Keys,
    LetterBehaviour,
    MailBehaviour,
    PartnerBehaviour,
    TextBehaviour,
)
from watchword.carrier.faults import Api, Fault, Kind
from watchword.carrier.records import Behaviour


class Asked(BaseModel):
    """A JSON body of the control API: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class PhoneSetting(Asked):
    """What may be set of a phone; what is left out stays."""

    label: str | None = Field(None, max_length=60)
    calls: CallBehaviour | None = None
    texts: TextBehaviour | None = None


class BoxSetting(Asked, Generic[Behaviour]):
    """What may be set of a mailbox, a letterbox or a partner; what is left out stays."""

    label: str | None = Field(None, max_length=60)
    behaviour: Behaviour | None = None


class MailboxSetting(BoxSetting[MailBehaviour]):
    """Of a mailbox."""

    behaviour: MailBehaviour | None = Field(None, alias="mail")


class LetterboxSetting(BoxSetting[LetterBehaviour]):
    """Of a letterbox."""

    behaviour: LetterBehaviour | None = Field(None, alias="letters")


class PartnerSetting(BoxSetting[PartnerBehaviour]):
    """Of another office's system."""

    behaviour: PartnerBehaviour | None = Field(None, alias="pushes")


class LineSetting(Asked):
    """The webhooks of one of the customer's own numbers."""

    message_url: str | None = None
    voice_url: str | None = None


class NewText(Asked):
    """A text from a phone; `to` unset: the line that last reached it."""

    body: str = Field(min_length=1, max_length=1600)
    to: str = ""


class NewCall(Asked):
    """A call from a phone; `keys` unset: a person presses keys one by one."""

    to: str = ""
    keys: list[Keys] | None = None
    pace: float = Field(0, ge=0, le=10)


class PickUp(Asked):
    """How long what is said takes: 0 no time, 1 as in life."""

    pace: float = Field(0, ge=0, le=10)


class PressedKeys(Asked):
    """Keys to press once the call listens for them, waiting at most so long."""

    digits: str = Field(pattern=r"^[0-9*#]+$", max_length=64)
    wait_ms: int = Field(5_000, ge=0, le=60_000)


class NewFault(Asked):
    """Harm for the next `count` requests of one API."""

    api: Api
    kind: Kind
    count: int = Field(1, ge=1, le=1_000_000)
    seconds: float = Field(1, ge=0, le=3_600)

    def fault(self) -> Fault:
        """The fault that is asked for."""
        return Fault(api=self.api, kind=self.kind, remaining=self.count, seconds=self.seconds)


class Latency(Asked):
    """How long every answer takes."""

    latency_ms: float = Field(ge=0, le=600_000)
