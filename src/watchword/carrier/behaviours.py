"""How a phone, a mailbox, a letterbox or a partner behaves by itself, as set by `/exchange/...` or on the page."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Milliseconds = Annotated[int, Field(ge=0, le=600_000)]
Extension = Annotated[str, Field(pattern=r"^[0-9]*$", max_length=20)]
Keys = Annotated[str, Field(pattern=r"^[0-9*#w]+$", max_length=64)]


class _Behaviour(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CallBehaviour(_Behaviour):
    """What a phone does when it rings."""

    kind: Literal[
        "manual",
        "answer",
        "voicemail",
        "busy",
        "no_answer",
        "rejected",
        "unreachable",
        "unassigned",
        "invalid",
    ] = Field(
        "manual",
        description="manual: rings until somebody picks up on the page or by the API. "
        "answer: picks up and presses `keys`. voicemail: a machine greets, beeps, records, hangs up. "
        "busy, no_answer, rejected, unreachable, unassigned (no such number): the call ends so. "
        "invalid: the call is refused (21211).",
    )
    extension: Extension = Field(
        "", description="Behind a switchboard: reached only by a call that sends these digits (SendDigits)."
    )
    after_ms: Milliseconds = Field(0, description="Rings this long before that.")
    keys: list[Keys] = Field([], description="One entry for each Gather, in order; `w` waits half a second.")
    pace: float = Field(
        0,
        ge=0,
        le=10,
        description="How long what is said takes: 0 no time at all, 1 as in life. Not for manual.",
    )
    hangs_up_after_s: float = Field(
        300,
        gt=0,
        description="Seconds of the call (at pace 1) after which this phone hangs up. Not for manual.",
    )


class TextBehaviour(_Behaviour):
    """What a phone does with a text."""

    kind: Literal["deliver", "undelivered", "failed", "silent", "landline", "invalid", "opted_out"] = Field(
        "deliver",
        description="deliver: received. undelivered (30003) or failed (30008): the receipt says so. "
        "silent: received, and no receipt ever comes. "
        "landline (21614), invalid (21211), opted_out (21610): refused.",
    )
    error_code: int | None = Field(
        None, ge=10_000, le=99_999, description="Of undelivered and failed: another code in the receipt."
    )
    reply: str = Field(
        "", max_length=1600, description="Text that the phone answers with, such as a PIN; empty: none."
    )
    after_ms: Milliseconds = Field(0, description="Delivered, and answered, this long after it was sent.")


class MailBehaviour(_Behaviour):
    """What a mailbox does with mail."""

    kind: Literal["accept", "refuse", "defer"] = Field(
        "accept", description="refuse: 550 5.1.1, no such mailbox. defer: 451 4.7.1, try again later."
    )


class LetterBehaviour(_Behaviour):
    """What becomes of letters to an address."""

    kind: Literal["deliver", "return", "lose", "refuse"] = Field(
        "deliver",
        description="deliver: mailed, carried, delivered. return: it comes back to the sender. lose: nothing is heard "
        "of it again. refuse: there is no such address (422).",
    )


class PartnerBehaviour(_Behaviour):
    """What another office's system does with pushes."""

    kind: Literal["take", "refuse", "gone"] = Field(
        "take", description="refuse: 404, as for a wrong address. gone: 410, it wants none any more."
    )


# Seconds of the call, at pace 1.
VOICEMAIL_GREETS_S = 5.0
VOICEMAIL_RECORDS_S = 60.0
SWITCHBOARD_WAITS_S = 20.0
