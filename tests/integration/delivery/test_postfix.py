"""Against a real Postfix: mail to a mailbox arrives; what it cannot deliver comes back and is understood."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from tests.county import County
from tests.deliveries import NOWHERE, planned, release, until
from watchword.delivery import bounces
from watchword.delivery.channels.mail import reference_in
from watchword.delivery.models import Attempt, Delivery
from watchword.notices.models import Notice

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.system("postfix", "postmap"),
    pytest.mark.skipif(os.geteuid() != 0, reason="Postfix can be started by root alone"),
]

MAIN = """
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.watchword.example
mynetworks = 127.0.0.0/8
mydestination =
alias_maps =
local_recipient_maps =
virtual_minimum_uid = 1
smtpd_client_connection_count_limit = 0
maillog_file = {home}/log/maillog
maillog_file_prefixes = {home}
virtual_mailbox_domains = example.org, notify.example.org
virtual_mailbox_base = {home}/mail
virtual_mailbox_maps = inline:{{ {{ reader0@example.org = reader/ }}, {{ bounces@notify.example.org = bounces/ }} }}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
recipient_delimiter = +
# An unknown user is taken at the door and found out later, as behind another mail server: so a real bounce is made.
smtpd_reject_unlisted_recipient = no
smtpd_recipient_restrictions = permit_mynetworks, reject
"""

MASTER = """
{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
anvil unix - - n - 1 anvil
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True, kw_only=True)
class Postfix:
    port: int
    home: Path

    def mails(self, mailbox: str) -> list[bytes]:
        """What has arrived there."""
        return [path.read_bytes() for path in sorted((self.home / "mail" / mailbox).glob("new/*"))]


@pytest.fixture(scope="module")
def postfix() -> Iterator[Postfix]:
    home = Path(tempfile.mkdtemp(prefix="watchword-postfix-"))
    home.chmod(0o755)
    owner = pwd.getpwnam("postfix")
    for name in ("queue", "data", "log", "mail", "etc"):
        (home / name).mkdir()
    for name in ("data", "mail"):
        os.chown(home / name, owner.pw_uid, owner.pw_gid)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (home / "etc" / "main.cf").write_text(MAIN.format(home=home, uid=owner.pw_uid, gid=owner.pw_gid))
    (home / "etc" / "master.cf").write_text(MASTER.format(port=f"127.0.0.1:{port}"))
    _postfix(home, "start")
    try:
        yield Postfix(port=port, home=home)
    finally:
        _postfix(home, "stop")
        shutil.rmtree(home, ignore_errors=True)


def _postfix(home: Path, act: str) -> None:
    command = [
        shutil.which("postfix", path="/usr/sbin:/sbin:/usr/bin") or "postfix",
        "-c",
        str(home / "etc"),
        act,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def through(postfix: Postfix, settings: Any) -> Postfix:
    settings.WATCHWORD = settings.WATCHWORD.model_copy(
        update={
            "smtp_url": f"smtp://127.0.0.1:{postfix.port}",
            "mail_from": "notices@notify.example.org",
            "bounce_address": "bounces@notify.example.org",
            "public_url": NOWHERE,
        }
    )
    return postfix


def test_a_mail_arrives_and_one_to_nobody_comes_back_and_is_understood(
    county: County, through: Postfix, drain: Callable[[], None]
) -> None:
    planned(release(county), 2, ["email"])  # reader0 has a mailbox, reader1 has none
    drain()
    until(lambda: through.mails("reader") and through.mails("bounces"))

    (arrived,) = (message_from_bytes(raw) for raw in through.mails("reader"))
    (returned,) = through.mails("bounces")
    lost = Attempt.objects.get(delivery__notice=Notice.objects.latest("id"))
    assert arrived["Return-Path"].startswith("<bounces+")
    assert reference_in(returned) == lost.reference
    assert "PIN" in arrived.get_payload()
    assert b"PIN" not in returned  # the words did not come back (RFC 3461)

    assert bounces.take(returned)
    states = list(Delivery.objects.order_by("id").values_list("state", "last_error"))
    assert states == [("handed_over", None), ("undeliverable", "5.1.1")]
    assert Notice.objects.latest("id").state == Notice.State.AT_DESK
