"""Push to another office's system, over real sockets: what it says, to whom, and what it does when that goes wrong."""

import ssl
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from django.test import Client
from standardwebhooks import WebhookVerificationError

from tests.county import County
from tests.deliveries import NOWHERE, PIN
from tests.receiver import Behaviour, Receiver, receiving
from watchword import pipeline
from watchword.audit.models import Entry
from watchword.core.clock import now
from watchword.core.errors import WatchwordError
from watchword.delivery import replays
from watchword.delivery.ledger import ledger
from watchword.delivery.models import Attempt, Delivery, Replay
from watchword.delivery.partners import resume_partner, stop_partner
from watchword.delivery.planning import plan_deliveries
from watchword.delivery.states import State
from watchword.notices.actions import write_notices
from watchword.notices.models import Notice
from watchword.registrants.models import Partner, PartnerSecret, Registration
from watchword.registrants.partners import add_partner, change_partner, rotate_secret
from watchword.worklist.models import Task

pytestmark = pytest.mark.django_db(transaction=True)

Drain = Callable[[], None]
SHELTER = "harbor-shelter"


@pytest.fixture(autouse=True)
def _loopback_is_allowed(settings: Any) -> None:
    settings.WATCHWORD = settings.WATCHWORD.model_copy(
        update={
            "push_networks": "127.0.0.0/8",
            "public_url": NOWHERE,
            "settle_seconds": 0.1,
            "provider_timeout_seconds": 0.5,
        }
    )


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def partner(receiver: Receiver, name: str = SHELTER, **may: bool) -> str:
    """A partner whose system is this receiver; its secret."""
    rights = {"gets_facts": False, "may_confirm": False} | may
    return add_partner(name, receiver.url, by="officer", **rights)[1]


def told(
    county: County, place: str = f"{SHELTER}/4711", key: str = "1001", *, allows_detail: bool = True
) -> Registration:
    """Somebody in the partner's care, who is told where a new person stands."""
    county.person(key)
    return pipeline.register(
        source_name="harbor",
        person_key=key,
        email=None,
        phone=None,
        push=place,
        language="en",
        pin=PIN,
        verified=True,
        by="officer",
        allows_detail=allows_detail,
    )


def due_now() -> None:
    Delivery.objects.filter(state=State.RETRY_WAIT).update(due_at=now())
    Replay.objects.update(due_at=now())


def test_a_partner_gets_a_push_that_the_published_library_finds_genuine_and_that_names_nobody(
    county: County, receiver: Receiver, drain: Drain
) -> None:
    secret = partner(receiver)
    registration = told(county)
    drain()
    (push,) = receiver.taken
    payload, notice, delivery = push.verified(secret), Notice.objects.get(), Delivery.objects.get()
    assert payload["type"] == "notice.created"
    assert payload["timestamp"] == notice.created_at.isoformat()
    assert payload["data"].pop("link").startswith(f"{NOWHERE}/m/")
    assert payload["data"] == {"notice": notice.pk, "registration": "4711", "urgency": "immediate"}
    for word in ("Ana", "Example", "Jail", "custody", "1001"):
        assert word not in push.body
    assert (delivery.state, delivery.attempts) == (State.HANDED_OVER, 1)
    assert registration.mode == Registration.Mode.PROXY
    assert ledger(notice.pk)[0].words == "News passed on to harbor-shelter/***"


def test_another_secret_does_not_verify(county: County, receiver: Receiver, drain: Drain) -> None:
    partner(receiver)
    told(county)
    drain()
    with pytest.raises(WebhookVerificationError):
        receiver.taken[0].verified("whsec_" + "A" * 43 + "=")


@pytest.mark.parametrize(
    ("gets_facts", "allows_detail", "facts"),
    [(False, False, False), (True, False, False), (False, True, False), (True, True, True)],
)
def test_what_happened_is_told_only_where_the_office_and_the_registrant_both_allow_it(
    county: County, receiver: Receiver, drain: Drain, gets_facts: bool, allows_detail: bool, facts: bool
) -> None:
    secret = partner(receiver, gets_facts=gets_facts)
    told(county, allows_detail=allows_detail)
    drain()
    data = receiver.taken[0].verified(secret)["data"]
    assert ("facts" in data) is facts
    assert ("Ana" in receiver.taken[0].body) is facts


def test_what_one_roster_brought_is_one_push_with_the_facts_of_each_event_in_order(
    county: County, receiver: Receiver, drain: Drain
) -> None:
    secret = partner(receiver, gets_facts=True)
    registration = told(county)
    drain()
    roster = county.roster()
    for kind in ("vanished", "booked"):
        county.event(registration.person, kind, roster=roster, after={"status": "in_custody"})
    write_notices(roster.pk)
    plan_deliveries()
    drain()
    data = receiver.taken[-1].verified(secret)["data"]
    assert [fact["kind"] for fact in data["facts"]] == ["vanished", "booked"]
    assert data["facts"][1]["facility"] == "North Jail"
    assert replays.replay_one(Delivery.objects.latest("id").pk, by="officer")
    drain()
    assert receiver.taken[-1].body == receiver.taken[-2].body


def test_while_a_secret_is_changed_both_verify_and_afterwards_the_new_one_alone(
    county: County, receiver: Receiver, drain: Drain
) -> None:
    old = partner(receiver)
    new = rotate_secret(SHELTER, hours=1, by="officer")
    told(county)
    drain()
    for secret in (old, new):
        receiver.taken[0].verified(secret)
    PartnerSecret.objects.filter(expires_at__isnull=False).update(expires_at=now())
    told(county, f"{SHELTER}/4712", "1002")
    drain()
    receiver.taken[1].verified(new)
    with pytest.raises(WebhookVerificationError):
        receiver.taken[1].verified(old)


def test_no_secret_and_no_endpoint_can_be_read_in_the_database(receiver: Receiver) -> None:
    secret = partner(receiver)
    kept = bytes(PartnerSecret.objects.get().secret) + bytes(Partner.objects.get().url)
    assert b"127.0.0.1" not in kept
    assert secret.removeprefix("whsec_").encode() not in kept


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (301, "http_301"),
        (404, "http_404"),
        (429, "http_429"),
        (500, "http_500"),
        (503, "http_503"),
        ("hang", "TimeoutError"),
        ("cut", "ServerDisconnectedError"),
    ],
)
def test_a_receiver_that_fails_gets_the_same_push_again_later(
    county: County, receiver: Receiver, drain: Drain, behaviour: Behaviour, error: str
) -> None:
    partner(receiver)
    told(county)
    receiver.will(behaviour)
    drain()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.last_error) == (State.RETRY_WAIT, error)
    assert delivery.due_at is not None
    assert (delivery.due_at > now() + timedelta(seconds=100)) is (behaviour == 429)
    due_now()
    drain()
    assert Delivery.objects.get().state == State.HANDED_OVER
    first, second = receiver.taken
    assert (first.id, first.body, first.path) == (second.id, second.body, second.path)
    assert list(Attempt.objects.order_by("number").values_list("outcome", flat=True))[1] == "accepted"


def test_whether_it_arrived_is_marked_where_nobody_knows(
    county: County, receiver: Receiver, drain: Drain
) -> None:
    partner(receiver)
    told(county)
    told(county, f"{SHELTER}/4712", "1002")
    receiver.will("cut", 404)
    drain()
    assert sorted(Delivery.objects.values_list("last_error", "repeat")) == [
        ("ServerDisconnectedError", True),
        ("http_404", False),
    ]
    assert not Task.objects.exists()


def test_an_answer_without_an_end_is_not_waited_for(county: County, receiver: Receiver, drain: Drain) -> None:
    partner(receiver)
    told(county)
    receiver.will("endless")
    drain()
    assert Delivery.objects.get().state == State.HANDED_OVER


def test_a_system_that_is_gone_is_pushed_nothing_more_and_the_desk_hears_of_it_once(
    county: County, receiver: Receiver, drain: Drain
) -> None:
    partner(receiver)
    told(county)
    drain()
    receiver.will(410)
    told(county, f"{SHELTER}/4712", "1002")
    drain()
    assert Partner.objects.get().stopped_at is not None
    assert Task.objects.filter(kind=Task.Kind.PARTNER_GONE).count() == 1
    assert set(Notice.objects.values_list("state", flat=True)) == {Notice.State.AT_DESK}
    with pytest.raises(WatchwordError, match="are stopped"):
        told(county, f"{SHELTER}/4713", "1003")
    drain()
    assert len(receiver.taken) == 2
    resume_partner(SHELTER, by="officer")
    assert not Task.objects.filter(kind=Task.Kind.PARTNER_GONE, done=False).exists()
    assert replays.replay_since(SHELTER, now() - timedelta(hours=1), by="officer") == 2
    drain()
    assert {push.id for push in receiver.taken[2:]} == {push.id for push in receiver.taken[:2]}


def test_what_waits_when_a_partner_is_stopped_is_not_sent_and_can_be_sent_when_it_goes_on(
    county: County, receiver: Receiver, drain: Drain
) -> None:
    partner(receiver)
    told(county)
    assert stop_partner(Partner.objects.get().pk, by="officer")
    assert not stop_partner(Partner.objects.get().pk, by="officer")
    assert Delivery.objects.get().state == State.CANCELLED
    assert not replays.replay_one(Delivery.objects.get().pk, by="officer")
    resume_partner(SHELTER, by="officer")
    assert replays.replay_one(Delivery.objects.get().pk, by="officer")
    drain()
    assert len(receiver.taken) == 1
    acts = (
        Entry.objects.filter(subject__startswith="partner:").order_by("id").values_list("action", flat=True)
    )
    assert list(acts) == ["partner.add", "partner.stop", "partner.resume"]


def test_a_push_is_sent_again_whatever_became_of_it_and_tried_until_it_is_taken(
    county: County, receiver: Receiver, drain: Drain
) -> None:
    partner(receiver, may_confirm=True)
    told(county)
    drain()
    Client().post(confirm_path(receiver))
    delivery = Delivery.objects.get()
    assert delivery.state == State.CONFIRMED
    receiver.will(500)
    assert replays.replay_one(delivery.pk, by="officer")
    drain()
    assert Replay.objects.get().tries == 1
    due_now()
    drain()
    assert not Replay.objects.exists()
    assert Delivery.objects.get().state == State.CONFIRMED
    assert len({push.id for push in receiver.taken}) == 1
    outcomes = Attempt.objects.order_by("number").values_list("number", "outcome")
    assert list(outcomes) == [(1, "accepted"), (2, "unknown"), (3, "accepted")]
    assert Entry.objects.get(action="push.replay").actor == "officer"


def test_a_push_that_still_waited_is_handed_over_by_being_sent_again(
    county: County, receiver: Receiver, drain: Drain
) -> None:
    partner(receiver)
    told(county)
    receiver.will(404)
    drain()
    assert replays.replay_one(Delivery.objects.get().pk, by="officer")
    drain()
    assert Delivery.objects.get().state == State.HANDED_OVER
    due_now()
    drain()
    assert len(receiver.taken) == 2


def confirm_path(receiver: Receiver) -> str:
    confirm: str = receiver.taken[0].data()["confirm"]
    return confirm.removeprefix(NOWHERE)


def test_a_partner_that_may_confirm_says_that_a_person_there_told_the_registrant(
    county: County, receiver: Receiver, drain: Drain
) -> None:
    partner(receiver, may_confirm=True)
    told(county)
    drain()
    path = confirm_path(receiver)
    assert Client().get(path).status_code == 405
    assert [Client().post(path).status_code for _ in range(2)] == [204, 204]
    notice = Notice.objects.get()
    assert (notice.state, notice.confirmed_by_channel) == (Notice.State.CONFIRMED, "push")
    assert Entry.objects.get(action="notice.confirm").actor == f"partner:{SHELTER}"
    assert ledger(notice.pk)[-1].words == "The office that helps you said that it told you"


def test_nobody_else_confirms(county: County, receiver: Receiver, drain: Drain) -> None:
    partner(receiver, may_confirm=True)
    told(county)
    drain()
    path = confirm_path(receiver)
    token = receiver.taken[0].data()["link"].rpartition("/m/")[2].partition("?")[0]
    assert Client().post(f"/webhooks/push/confirm/{token}").status_code == 404
    change_partner(SHELTER, may_confirm=False, by="officer")
    assert Client().post(path).status_code == 404
    assert Notice.objects.get().state == Notice.State.OPEN
    told(county, f"{SHELTER}/4712", "1002")
    drain()
    assert "confirm" not in receiver.taken[-1].data()


def server_tls(authority: trustme.CA, name: str = "127.0.0.1") -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    return context


@pytest.mark.parametrize(
    ("name", "is_trusted", "error"),
    [
        ("127.0.0.1", True, None),
        ("127.0.0.1", False, "wrong_certificate"),
        ("x.example", True, "wrong_certificate"),
    ],
)
def test_only_a_certificate_that_is_right_is_pushed_to(
    county: County,
    drain: Drain,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    is_trusted: bool,
    error: str | None,
) -> None:
    authority = trustme.CA()
    trusted = tmp_path / "trusted.pem"
    (authority if is_trusted else trustme.CA()).cert_pem.write_to_path(str(trusted))
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with receiving(server_tls(authority, name)) as receiver:
        partner(receiver)
        told(county)
        drain()
        assert Delivery.objects.get().last_error == error
        assert len(receiver.taken) == (0 if error else 1)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_an_address_that_leads_inside_is_not_connected_to_whatever_its_name(
    county: County, receiver: Receiver, drain: Drain, settings: Any, host: str
) -> None:
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update={"push_networks": ""})
    partner(receiver)
    change_partner(
        SHELTER, url=receiver.url.replace("http:", "https:").replace("127.0.0.1", host), by="officer"
    )
    told(county)
    drain()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.last_error) == (State.RETRY_WAIT, "forbidden_address")


def test_a_place_in_the_system_of_nobody_we_know_is_refused_and_leaves_nothing(county: County) -> None:
    with pytest.raises(WatchwordError, match="There is no partner called"):
        told(county)
    assert not Registration.objects.exists()
