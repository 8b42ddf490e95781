"""Invented registrants with a notice each, and the carrier that their phones hang on."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.request import Request, urlopen

from django.conf import settings

from tests.county import County
from tests.environment import database_url
from watchword.core.clock import now
from watchword.core.encryption import keyring
from watchword.custody.models import Event
from watchword.delivery.planning import plan_deliveries
from watchword.notices.models import Notice
from watchword.notices.urgency import DEFAULTS, WAKING
from watchword.registrants.addresses import CONTEXT
from watchword.registrants.models import ContactPoint, Registrant, Registration
from watchword.registrants.pins import hash_pin

PIN = "483920"

NOWHERE = "http://127.0.0.1:1"
"""Where the carrier sends receipts in tests that do without them: nobody listens there."""


def release(county: County, key: str = "1001") -> Event:
    """Somebody is released."""
    return happening(county, "released", key)


def happening(county: County, kind: str, key: str = "1001") -> Event:
    """Something that changed for a new person."""
    return county.event(
        county.person(key), kind, before={"status": "in_custody"}, after={"status": "released"}
    )


def phone_number(number: int) -> str:
    """A number that rings nowhere: +1 202 555 01xx for the first hundred, then others of the kind."""
    return f"+1202555{100 + number:04}"


def address_of(channel: str, number: int) -> str:
    match channel:
        case "email":
            return f"reader{number}@example.org"
        case "letter":
            return f"READER {number}\n12 ELM ST\nALBANY NY 12207\nUS"
        case _:
            return phone_number(number)


def registrants(
    count: int, channels: Sequence[str] = ("text",), *, language: str = "en", pin: str = PIN, **contact: Any
) -> list[Registrant]:
    """People with one verified contact point on each of these channels; `contact` sets other fields of those."""
    pin_hash = hash_pin(pin)
    first = Registrant.objects.count()
    made = Registrant.objects.bulk_create(
        Registrant(pin_hash=pin_hash, language=language, time_zone="America/New_York") for _ in range(count)
    )
    ContactPoint.objects.bulk_create(
        ContactPoint(
            registrant=registrant,
            channel=channel,
            address=keyring().encrypt(address_of(channel, first + place), CONTEXT),
            address_index=keyring().blind_index(address_of(channel, first + place), CONTEXT),
            **({"verified_at": now()} | contact),
        )
        for place, registrant in enumerate(made)
        for channel in channels
    )
    return made


def notices(event: Event, told: Sequence[Registrant]) -> list[Notice]:
    """An open notice of this event for each of them."""
    Registration.objects.bulk_create(
        [Registration(registrant=registrant, person=event.person, state="active") for registrant in told],
        ignore_conflicts=True,
    )
    registrations = Registration.objects.filter(registrant__in=told, person=event.person).order_by("id")
    return Notice.objects.bulk_create(
        Notice(
            registration=registration,
            event=event,
            kind=event.kind,
            urgency=DEFAULTS[event.kind],
            wakes=event.kind in WAKING,
        )
        for registration in registrations
    )


def planned(event: Event, count: int, channels: Sequence[str] = ("text",), **options: Any) -> list[Notice]:
    """New people, told of this event, with their deliveries planned."""
    made = notices(event, registrants(count, channels, **options))
    plan_deliveries()
    return made


class Carrier:
    """A carrier in a process of its own, seen through its control API."""

    def __init__(self, http_port: int, smtp_port: int, smpp_port: int) -> None:
        self.smpp_port = smpp_port
        self.url = f"http://127.0.0.1:{http_port}"
        self.smtp_port = smtp_port

    def ask(self, method: str, path: str, **body: Any) -> Any:
        request = Request(  # noqa: S310 - our own
            f"{self.url}/exchange/{path}".rstrip("/"),
            method=method,
            data=json.dumps(body).encode() if body else None,
        )
        with urlopen(request, timeout=30) as response:  # noqa: S310
            return json.load(response)

    def reset(self) -> None:
        self.ask("POST", "reset")

    def fault(self, api: str, kind: str, count: int = 1, seconds: float = 1) -> None:
        self.ask("POST", "faults", api=api, kind=kind, count=count, seconds=seconds)

    def settle(self) -> None:
        """Return when no text, receipt or call is under way any more."""
        self.ask("POST", "settle")

    def log(self, kind: str) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = []
        while True:
            after = entries[-1]["n"] if entries else 0
            more = self.ask("GET", f"log?kind={kind}&after={after}&limit=5000")["log"]
            if not more:
                return entries
            entries += more

    def settings(self, **others: Any) -> Any:
        """Watchword's settings with this carrier as its provider, for pytest-django's `settings.WATCHWORD`."""
        changed = {
            "carrier_url": self.url,
            "smtp_url": f"smtp://127.0.0.1:{self.smtp_port}",
            "public_url": NOWHERE,
            "settle_seconds": 0.3,
            "provider_timeout_seconds": 2,
        }
        return settings.WATCHWORD.model_copy(update=changed | others)


@contextmanager
def carrier_process() -> Iterator[Carrier]:
    """A carrier for our development account, on free ports."""
    program = (
        "import sys, os\n"
        "from watchword.carrier.server import run\n"
        "say = lambda c: print(c.http_port, c.smtp_port, c.smpp_port, flush=True)\n"
        "run('127.0.0.1', 0, 0, os.environ['ACCOUNT'], os.environ['TOKEN'], ready=say)\n"
    )
    environment = os.environ | {
        "ACCOUNT": settings.WATCHWORD.carrier_account,
        "TOKEN": settings.WATCHWORD.carrier_token,
    }
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield Carrier(*map(int, process.stdout.readline().split()))
    finally:
        process.terminate()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def worker_process(carrier: Carrier, *, drain: bool, **environment: str) -> "subprocess.Popen[bytes]":
    """A worker in a process of its own, on the test's database and with the test's keys."""
    program = (
        f"import django; django.setup()\nfrom watchword.delivery.worker import run\nrun(drain={drain})\n"
    )
    own = {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "watchword.config.settings",
        "WATCHWORD_HOME": str(settings.WATCHWORD.home),
        "WATCHWORD_CARRIER_URL": carrier.url,
        "WATCHWORD_SMTP_URL": f"smtp://127.0.0.1:{carrier.smtp_port}",
        "WATCHWORD_PUBLIC_URL": NOWHERE,
        "WATCHWORD_SETTLE_SECONDS": "1",
        "WATCHWORD_PROVIDER_TIMEOUT_SECONDS": "2",
    }
    return subprocess.Popen([sys.executable, "-c", program], env=os.environ | own | environment)


def until(condition: Any, seconds: float = 60) -> None:
    """Wait for a condition, and fail if it never comes."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)
