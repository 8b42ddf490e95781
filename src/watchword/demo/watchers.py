"""The dozen invented people who asked to be told, and how each answers."""

from dataclasses import dataclass
from enum import StrEnum

from watchword.demo.story import Role


class Answer(StrEnum):
    """How somebody confirms."""

    EMAIL = "email"  # opens the link in the email and enters the PIN on the page
    TEXT = "text"  # replies to the text with the PIN
    VOICE = "voice"  # picks up the call and keys in the PIN


@dataclass(frozen=True, kw_only=True)
class Watcher:
    """Somebody who asked to be told about one person."""

    name: str
    language: str
    pin: str
    email: str | None = None
    phone: str | None = None
    answers_by: Answer
    watches: Role
    allows_detail: bool = False
    """The message itself may stand in the text or email."""

    @property
    def address(self) -> str:
        """Where this watcher answers."""
        address = self.email if self.answers_by is Answer.EMAIL else self.phone
        if address is None:
            raise ValueError("A watcher answers on a contact point that they have.")
        return address


WATCHERS = (
    Watcher(
        name="Amara Dalgaard",
        language="en",
        pin="271828",
        phone="+12025550111",
        answers_by=Answer.VOICE,
        watches=Role.BOOKED,
    ),
    Watcher(
        name="Ines Quispe",
        language="es",
        pin="314159",
        email="ines@familia.example",
        answers_by=Answer.EMAIL,
        watches=Role.TRANSFERRED,
    ),
    Watcher(
        name="Jonas Feherty",
        language="en",
        pin="161803",
        phone="+12025550112",
        answers_by=Answer.VOICE,
        watches=Role.TRANSFERRED,
    ),
    Watcher(
        name="Nadia Kessler",
        language="en",
        pin="141421",
        email="nadia@home.example",
        phone="+12025550113",
        answers_by=Answer.TEXT,
        watches=Role.RELEASED,
        allows_detail=True,
    ),
    Watcher(
        name="Marisol Orozco",
        language="es",
        pin="173205",
        phone="+12025550114",
        answers_by=Answer.VOICE,
        watches=Role.RELEASED,
    ),
    Watcher(
        name="Priya Lafleur",
        language="en",
        pin="223606",
        email="priya@desk.example",
        answers_by=Answer.EMAIL,
        watches=Role.REMOVED,
        allows_detail=True,
    ),
    Watcher(
        name="Mateo Llorente",
        language="es",
        pin="244948",
        phone="+12025550115",
        answers_by=Answer.TEXT,
        watches=Role.REMOVED,
        allows_detail=True,
    ),
    Watcher(
        name="Orla Nakagawa",
        language="en",
        pin="264575",
        email="orla@inbox.example",
        phone="+12025550116",
        answers_by=Answer.EMAIL,
        watches=Role.ESCAPED,
    ),
    Watcher(
        name="Xiomara Galindo",
        language="es",
        pin="282842",
        phone="+12025550117",
        answers_by=Answer.VOICE,
        watches=Role.ESCAPED,
    ),
    Watcher(
        name="Kofi Thistlewood",
        language="en",
        pin="331662",
        phone="+12025550118",
        answers_by=Answer.TEXT,
        watches=Role.STILL_HELD,
    ),
    Watcher(
        name="Camille Ndiaye",
        language="en",
        pin="346410",
        email="camille@post.example",
        answers_by=Answer.EMAIL,
        watches=Role.STILL_HELD,
    ),
    Watcher(
        name="Soledad Ibarra",
        language="es",
        pin="360555",
        email="soledad@correo.example",
        answers_by=Answer.EMAIL,
        watches=Role.NEVER_BOOKED,
    ),
)
