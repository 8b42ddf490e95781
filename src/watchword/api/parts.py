"""What descriptions of several addresses have in common."""

from typing import Annotated

from ninja import Path, Query, Schema
from pydantic import ConfigDict, StringConstraints

from watchword.registrants.asking.actions import LONGEST_NOTE

_LARGEST = 2**63 - 1

Line = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Text = Annotated[str, StringConstraints(max_length=LONGEST_NOTE, pattern=r"^[^\x00]*$")]
Number = Annotated[int, Path(ge=1, le=_LARGEST)]
Limit = Annotated[int, Query(ge=1, le=100, description="At most so many.")]
After = Annotated[int, Query(ge=0, le=_LARGEST, description="Those with a greater `id` alone.")]
Before = Annotated[int | None, Query(ge=1, le=_LARGEST, description="Those before this delivery alone.")]


class Sent(Schema):
    """What is sent to us. A name that is not among its own is refused: there is no place for what we must not know."""

    model_config = ConfigDict(extra="forbid")
