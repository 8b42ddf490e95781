"""A call on the office's line: what was pressed, what it remembers, and the language it is spoken in."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from watchword.phone.line.kept import Kept, sealed, unsealed
from watchword.phone.menu import Menu
from watchword.phone.prompts import prompt
from watchword.phone.twiml import Spoken


class Call(Menu):
    """One answer in a call to us."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, settings.LANGUAGE_CODE)
        self.caller = request.POST.get("From", "")
        self._id = request.POST.get("CallSid", "")
        kept = unsealed(request.GET.get("kept", ""), self._id)
        self.is_expired = kept is None
        self.kept = kept or Kept()

    def say(self, phrase: str, /, **values: str) -> Spoken:
        """One phrase of the line in this call's language."""
        return Spoken(self.language, prompt(self.language, phrase, **values))

    def keep(self, **facts: Any) -> None:
        """Remember these as well."""
        self.kept = replace(self.kept, **facts)

    def forget(self) -> None:
        """As if nothing had been said yet but the language."""
        self.kept = Kept()

    def link(self, url: str) -> str:
        """The address of a later step, with what it must remember."""
        kept = sealed(self.kept, self._id)
        return super().link(url) + (f"&kept={kept}" if kept else "")

    def person_offered(self) -> list[Spoken]:
        """The way to a person, where there is one."""
        return [self.say("person")] if self.has_person else []
