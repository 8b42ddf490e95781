"""The desk opens for staff with both factors, for nobody else, and says nothing of who has an account."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import URLPattern
from django.urls.converters import IntConverter

from tests.integration.desk.staff import WHY, code_of, enter, new_staff, signed_in
from watchword.audit.models import Entry
from watchword.core.clock import now
from watchword.core.errors import WatchwordError
from watchword.desk import urls
from watchword.desk.jobs import forget_sessions
from watchword.desk.staff.actions import add_staff, change_staff, reset_staff
from watchword.desk.staff.models import Staff

pytestmark = pytest.mark.django_db

DOOR = {"account_login", "mfa_authenticate", "mfa_activate_totp", "desk-out"}
WRONG = "not-the-password-at-all"


def address(pattern: URLPattern) -> str:
    route = str(pattern.pattern)
    for name, converter in pattern.pattern.converters.items():
        route = re.sub(rf"<\w+:{name}>", "1" if isinstance(converter, IntConverter) else "x", route)
    return f"/desk/{route}"


INSIDE = [pattern for pattern in urls.urlpatterns if pattern.name not in DOOR]


def words_of(response: Any) -> str:
    return re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", response.content.decode())


@pytest.mark.parametrize("pattern", INSIDE, ids=lambda pattern: pattern.name)
@pytest.mark.parametrize("method", ["get", "head", "post", "put", "delete", "options"])
def test_no_page_of_the_desk_opens_without_a_sign_in(method: str, pattern: URLPattern) -> None:
    answer = getattr(Client(), method)(address(pattern))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/in")


@pytest.mark.parametrize("pattern", INSIDE, ids=lambda pattern: pattern.name)
def test_no_page_of_the_desk_opens_for_a_password_alone(pattern: URLPattern) -> None:
    client = Client()
    client.post(
        "/desk/in", {"login": "ben.hill", "password": add_staff("ben.hill", Staff.Role.OFFICER, **WHY)}
    )
    answer = client.get(address(pattern))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/in/set-up")


@pytest.mark.parametrize("pattern", INSIDE, ids=lambda pattern: pattern.name)
def test_whoever_only_reads_sends_no_form(pattern: URLPattern) -> None:
    answer = signed_in("rita.read", Staff.Role.READER).post(address(pattern))
    assert answer.status_code == 403


def test_a_password_and_a_code_open_the_desk_and_the_ledger_has_it() -> None:
    client = signed_in()
    answer = client.get("/desk/")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    done = list(Entry.objects.order_by("id").values_list("actor", "action"))
    assert done[0] == ("Operator Example", "staff.add")
    assert done[-1] == ("ana.reyes", "staff.sign_in")
    assert ("ana.reyes", "staff.authenticator") in done
    client.post("/desk/out")
    assert client.get("/desk/").headers["Location"] == "/desk/in"


def test_the_cookie_is_for_the_desk_alone_and_the_secret_is_encrypted() -> None:
    client = signed_in()
    cookie = client.cookies["desk"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/desk")
    assert cookie["max-age"] == ""
    assert len(Authenticator.objects.get().data["secret"]) > 50


def test_a_wrong_password_a_name_nobody_has_and_a_disabled_account_look_alike() -> None:
    password, _ = new_staff("iris.lane")
    gone, _ = new_staff("old.hand")
    change_staff("old.hand", is_active=False, **WHY)
    tries = [("iris.lane", WRONG), ("no.body", password), ("old.hand", gone)]
    answers = [Client().post("/desk/in", {"login": name, "password": given}) for name, given in tries]
    words = [words_of(answer).replace(name, "NAME") for answer, (name, _) in zip(answers, tries, strict=True)]
    assert {answer.status_code for answer in answers} == {200}
    assert words[0] == words[1] == words[2]


def test_guessing_locks_a_name_whether_or_not_anybody_has_it() -> None:
    password, _ = new_staff("iris.lane")
    for name in ("iris.lane", "no.body"):
        for _ in range(5):
            Client().post("/desk/in", {"login": name, "password": WRONG})
    known, nobodys = (
        Client().post("/desk/in", {"login": name, "password": password}) for name in ("iris.lane", "no.body")
    )
    assert "Too many wrong tries" in words_of(known)
    assert words_of(known).replace("iris.lane", "NAME") == words_of(nobodys).replace("no.body", "NAME")


def test_guessing_codes_locks_too() -> None:
    password, secret = new_staff()
    client = Client()
    client.post("/desk/in", {"login": "ana.reyes", "password": password})
    for _ in range(5):
        client.post("/desk/in/code", {"code": "000000"})
    answer = client.post("/desk/in/code", {"code": code_of(secret)})
    assert "Too many wrong tries" in words_of(answer)
    assert client.get("/desk/").status_code == 302


def test_a_disabled_account_is_out_at_once() -> None:
    client = signed_in()
    change_staff("ana.reyes", is_active=False, **WHY)
    assert client.get("/desk/").headers["Location"] == "/desk/in"


def test_a_reset_shuts_out_and_asks_for_a_new_app() -> None:
    password, secret = new_staff()
    client = Client()
    enter(client, "ana.reyes", password, secret)
    fresh = reset_staff("ana.reyes", **WHY)
    assert client.get("/desk/").headers["Location"] == "/desk/in"
    assert Client().post("/desk/in", {"login": "ana.reyes", "password": password}).status_code == 200
    other = Client()
    other.post("/desk/in", {"login": "ana.reyes", "password": fresh})
    assert other.get("/desk/").headers["Location"] == "/desk/in/set-up"


def test_a_session_begun_with_a_password_alone_ends_when_an_app_is_set_up_elsewhere() -> None:
    password = add_staff("ana.reyes", Staff.Role.OFFICER, **WHY)
    early = Client()
    early.post("/desk/in", {"login": "ana.reyes", "password": password})
    Authenticator.objects.create(user=Staff.objects.get(), type="totp", data={"secret": "x"})
    assert early.get("/desk/").headers["Location"] == "/desk/in"
    assert early.get("/desk/in").status_code == 200


def test_a_day_at_the_desk_ends() -> None:
    client = signed_in()
    session = client.session
    records = session["account_authentication_methods"]
    long_ago = (now() - timedelta(hours=settings.WATCHWORD.desk_hours, minutes=1)).timestamp()
    session["account_authentication_methods"] = [each | {"at": long_ago} for each in records]
    session.save()
    assert client.get("/desk/").headers["Location"] == "/desk/in"


def test_a_form_from_another_site_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/desk/in", {"login": "ana.reyes", "password": WRONG}).status_code == 403


@pytest.mark.parametrize("name", ["", "A", "ana reyes", "Ana", "x" * 41, "../ana"])
def test_a_name_is_one_that_can_be_told_apart(name: str) -> None:
    with pytest.raises(WatchwordError, match="small letters"):
        add_staff(name, Staff.Role.READER, **WHY)


def test_public_pages_are_sent_no_cookie_of_the_desk(client: Client) -> None:
    client.get("/")
    assert client.cookies == {}


def test_codes_are_shown_in_the_demo_alone_and_to_this_machine_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    password, _ = new_staff()
    given = {"login": "ana.reyes", "password": password}
    shown = {}
    for is_demo, address in ((False, "127.0.0.1"), (True, "192.0.2.7"), (True, "127.0.0.1")):
        house = settings.WATCHWORD.model_copy(update={"demo": is_demo})
        monkeypatch.setattr(settings, "WATCHWORD", house)
        client = Client(REMOTE_ADDR=address)
        client.post("/desk/in", given)
        shown[is_demo, address] = "The app would show" in words_of(client.get("/desk/in/code"))
    assert shown == {(False, "127.0.0.1"): False, (True, "192.0.2.7"): False, (True, "127.0.0.1"): True}


def test_sessions_that_are_over_are_not_kept() -> None:
    client = signed_in()
    Session.objects.update(expire_date=now() - timedelta(minutes=1))
    assert client.get("/desk/").headers["Location"] == "/desk/in"
    forget_sessions.func(0)
    assert not Session.objects.exists()
