"""Somebody who goes through the pages of signing up, as a browser without scripts would."""

import html
import re
from typing import Any

from django.test import Client

from tests.county import County
from tests.integration.registrants.asking.people import WHY
from watchword.registrants.asking.models import Relation
from watchword.registrants.asking.rules import set_rule
from watchword.site.sign_up.draft import Draft, opened

PIN = "904817"
ELSEWHERE = "203.0.113.7"
_DRAFT = re.compile(r'name="draft" value="([^"]+)"')
_HEADING = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")

BY_NAME = {
    "full_name": "Jon Mercer",
    "born_month": "3",
    "born_day": "9",
    "born_year": "1988",
    "age": "",
    "country": "",
}
RIGHT = {"relation": "victim", "case": "26-118", "statement": "", "note": ""}


def open_to_anyone(name: str = "harbor") -> None:
    set_rule(name, is_open=True, who=list(Relation), **WHY)


class Walk:
    """The page that is before somebody, and what they do with it."""

    def __init__(self, language: str = "en", address: str = ELSEWHERE) -> None:
        self.client = Client(REMOTE_ADDR=address, HTTP_ACCEPT_LANGUAGE=language)
        self.response: Any = self.client.get("/sign-up")

    @property
    def page(self) -> str:
        words: str = self.response.content.decode()
        return words

    @property
    def heading(self) -> str:
        found = _HEADING.search(self.page)
        assert found, self.page
        return html.unescape(" ".join(_TAG.sub(" ", found[1]).split()))

    @property
    def sealed(self) -> str:
        found = _DRAFT.search(self.page)
        assert found, self.page
        return found[1]

    @property
    def draft(self) -> Draft:
        draft = opened(self.sealed)
        assert draft is not None
        return draft

    def answer(self, **fields: str) -> "Walk":
        """Send the page with these answers."""
        self.response = self.client.post("/sign-up", {"draft": self.sealed, **fields})
        return self

    def go(self, where: str, **query: str) -> "Walk":
        """Press another button of the page."""
        self.response = self.client.post("/sign-up", {"draft": self.sealed, "go": where}, query_params=query)
        return self

    def find(self, for_whom: str = "myself", **by: str) -> "Walk":
        """As far as the person is looked for."""
        self.answer(for_whom=for_whom)
        if "number" in by:
            return self.answer(know="number").answer(**by)
        return self.answer(know="name").answer(**(BY_NAME | by))

    def reach(self, phone: str = "202 555 0123", email: str = "bea@example.org", **more: str) -> "Walk":
        """Contacts, and what is safe; defaults where nothing else is said."""
        self.answer(phone=phone, email=email, **more)
        return self

    def finish(self, **last: str) -> "Walk":
        """The safe hours as they stand, then language and PIN."""
        self.answer(starts="", ends="", zone="America/New_York", voicemail="less", disguise="")
        return self.answer(**({"language": "en", "pin": PIN} | last))


def signed_up(county: County, **by: str) -> Walk:
    """Somebody who has answered every question about an open source, and is asked for the first code."""
    open_to_anyone()
    return Walk().find(**(by or {"number": "1001"})).answer(chosen="1001").reach().finish()
