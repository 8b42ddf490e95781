"""Partners' systems that use the API."""

import json
from typing import Any

from django.test import Client

from watchword.api.keys import add_key
from watchword.api.models import Scope
from watchword.registrants.models import ContactPoint, Partner
from watchword.registrants.partners import add_partner, partner_called

ADVOCATE = {"email": "ada@shelter.example.org", "push": "4711"}
CLIENT = {"phone": "202 555 0147", "language": "es"}


class System:
    """A partner's system, with a key of its own for everything, or for these scopes."""

    def __init__(
        self,
        name: str = "harbor-shelter",
        *,
        scopes: list[str] | None = None,
        a_minute: int = 6000,
        **rights: Any,
    ) -> None:
        if not Partner.objects.filter(name=name).exists():
            allowed = {"gets_facts": False, "may_confirm": False} | rights
            add_partner(name, f"https://{name}.example.org/hook", **allowed, by="Officer Vale")
        self.partner = partner_called(name)
        self.key = add_key(name, scopes or Scope.values, a_minute=a_minute, by="Officer Vale")

    def get(self, path: str, status: int = 200) -> Any:
        """What is answered, which must have this status."""
        return self._said(Client().get(f"/api/v1/{path}", headers=self._shown()), status)

    def post(self, path: str, body: Any = None, *, status: int = 200, once: str | None = None) -> Any:
        """The same for a write, which `once` names."""
        headers = self._shown() | ({"Idempotency-Key": once} if once else {})
        answer = Client().post(
            f"/api/v1/{path}", data=json.dumps(body), content_type="application/json", headers=headers
        )
        return self._said(answer, status)

    def ask(self, *, status: int = 201, once: str | None = None, **changed: Any) -> Any:
        """A wish to be told about Jon Mercer."""
        return self.post("registrations", asking(**changed), status=status, once=once)

    def _shown(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    @staticmethod
    def _said(answer: Any, status: int) -> Any:
        assert answer.status_code == status, answer.content
        assert answer.headers["X-Frame-Options"] == "DENY"
        said: Any = answer.json() if answer.content else None
        if status >= 400:
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert said["status"] == status
        return said


def asking(**changed: Any) -> dict[str, Any]:
    """What an advocate's system sends."""
    usual = {
        "source": "harbor",
        "sought": {"name": "Jon Mercer", "born": "1988-03-09"},
        "relation": "victim",
        "for_whom": "another",
        "reached": ADVOCATE,
        "evidence": "Case 26-118",
    }
    return {**usual, **changed}


def contact(number: int) -> ContactPoint:
    return ContactPoint.objects.get(pk=number)
