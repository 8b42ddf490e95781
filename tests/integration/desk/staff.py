"""Staff of an invented office, and their way in."""

import base64
import re
import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from watchword.desk.staff.actions import add_staff
from watchword.desk.staff.models import Staff

WHY = {"by": "Operator Example", "reason": "They work here."}


def code_of(secret: str) -> str:
    """What an authenticator app that knows this key shows now."""
    assert base64.b32decode(secret)
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def new_staff(name: str = "ana.reyes", role: Staff.Role = Staff.Role.OFFICER) -> tuple[str, str]:
    """Somebody who has set up their app: their password, and the app's key."""
    password = add_staff(name, role, **WHY)
    client = Client()
    client.post("/desk/in", {"login": name, "password": password})
    page = client.get("/desk/in/set-up").content.decode()
    found = re.search(r'class="key">(\w+)<', page)
    assert found is not None
    answer = client.post("/desk/in/set-up", {"code": code_of(found[1])})
    assert answer.headers["Location"] == "/desk/in?done=set-up"
    return password, found[1]


def enter(client: Client, name: str, password: str, secret: str) -> Any:
    """Both factors; the answer to the second."""
    client.post("/desk/in", {"login": name, "password": password})
    return client.post("/desk/in/code", {"code": code_of(secret)})


def signed_in(name: str = "ana.reyes", role: Staff.Role = Staff.Role.OFFICER) -> Client:
    """A browser of somebody who has come in."""
    client = Client()
    assert enter(client, name, *new_staff(name, role)).headers["Location"] == "/desk/"
    return client
