"""The memory of the exchange: phones, mailboxes, letterboxes and partners, what was accepted, and who is watching."""

from __future__ import annotations

import asyncio
import os
import re
from collections import deque
from collections.abc import Coroutine, Iterator
from typing import TYPE_CHECKING, Any

from watchword.carrier.behaviours import LetterBehaviour, MailBehaviour, PartnerBehaviour
from watchword.carrier.doors import Door
from watchword.carrier.faults import Fault, FaultTable, check
from watchword.carrier.happenings import Happenings
from watchword.carrier.receipts import Receipts
from watchword.carrier.records import (
    Call,
    Kept,
    Letter,
    Letterbox,
    LogEntry,
    Mail,
    Mailbox,
    OurLine,
    Partner,
    Phone,
    Push,
    Text,
    keep_newest,
)
from watchword.carrier.webhooks import Webhooks

if TYPE_CHECKING:
    from watchword.carrier.calling import CallFlow

KEPT = 100_000
"""Texts, calls, phones, mailboxes, letterboxes and partners that are kept; the log keeps as many entries."""
_KEPT_LETTERS = 10_000
_TIME_TO_ANSWER_S = 0.05  # so that who asked us to go away still hears yes
_E164 = re.compile(r"\+[1-9]\d{6,14}")


class NotPossible(Exception):  # noqa: N818 (a refusal that its message explains)
    """The state of a phone or call does not allow this; the message says why."""


def is_phone_number(number: str) -> bool:
    """Whether this is an E.164 number, such as +12025550123."""
    return _E164.fullmatch(number) is not None


def new_sid(prefix: str) -> str:
    """A provider's id: two letters and 32 hexadecimal digits."""
    return prefix + os.urandom(16).hex()


class Exchange:
    """Everything the carrier knows, in memory and bounded.

    `account` and `token` are the customer's; `webhook_base` is where its webhooks are unless a line says otherwise;
    `latency_ms` is how long every answer of the provider's API and every mail takes; `own_number` is the customer's,
    which phones call and text that none has reached yet.
    """

    def __init__(
        self, account: str, token: str, webhook_base: str, latency_ms: float = 0, own_number: str = ""
    ) -> None:
        self.account = account
        self.token = token
        self.webhook_base = webhook_base.rstrip("/")
        self.started_with_latency_ms = latency_ms
        self._own_number = own_number
        self.faults = FaultTable()
        self.webhooks = Webhooks(token)
        self.receipts = Receipts(self.webhooks, self.faults, self.spawn)
        self._tasks: set[asyncio.Task[None]] = set()
        self.doors: dict[str, Door] = {}
        self.happenings = Happenings()
        self._forget()

    def _forget(self) -> None:
        self.latency_ms = self.started_with_latency_ms
        self.texts: Kept[Text] = Kept(KEPT)
        self.calls: Kept[Call] = Kept(KEPT)
        self.phones: Kept[Phone] = Kept(KEPT)
        self.mailboxes: Kept[Mailbox] = Kept(KEPT)
        self.letters: Kept[Letter] = Kept(_KEPT_LETTERS)
        self.letterboxes: Kept[Letterbox] = Kept(KEPT)
        self.partners: Kept[Partner] = Kept(KEPT)
        self.lines: Kept[OurLine] = Kept(KEPT)
        self.flows: dict[str, CallFlow] = {}
        self.log: deque[LogEntry] = deque(maxlen=KEPT)
        self.stopped: set[tuple[str, str]] = set()
        self.counts = dict.fromkeys(
            ("text", "call", "mail", "letter", "push", "inbound_text", "inbound_call"), 0
        )
        self._logged = 0
        if self._own_number:
            self.line(self._own_number)

    async def reset(self) -> None:
        """As it was when it started: calls under way are cut, everything is forgotten, faults and latency too."""
        await self.stop_tasks()
        self.faults.clear()
        self.receipts.clear()
        self._forget()
        self.happenings.add("reset", "")

    # Places

    def phone(self, number: str) -> Phone:
        """The phone of this number; it comes to be when first asked for."""
        phone = self.phones.get(number)
        if phone is None:
            phone = Phone(number=number)
            self.phones.add(number, phone)
        return phone

    def mailbox(self, address: str) -> Mailbox:
        """The mailbox of this address, whatever its case; it comes to be when first asked for."""
        key = address.lower()
        mailbox = self.mailboxes.get(key)
        if mailbox is None:
            mailbox = Mailbox(address=key, behaviour=MailBehaviour())
            self.mailboxes.add(key, mailbox)
        return mailbox

    def letterbox(self, address: str) -> Letterbox:
        """The letterbox of this address, whatever its case; it comes to be when first asked for."""
        key = address.upper()
        letterbox = self.letterboxes.get(key)
        if letterbox is None:
            letterbox = Letterbox(address=key, behaviour=LetterBehaviour())
            self.letterboxes.add(key, letterbox)
        return letterbox

    def partner(self, name: str) -> Partner:
        """Another office's system of this name, whatever its case; it comes to be when first asked for."""
        key = name.lower()
        partner = self.partners.get(key)
        if partner is None:
            partner = Partner(address=key, behaviour=PartnerBehaviour())
            self.partners.add(key, partner)
        return partner

    def line(self, number: str) -> OurLine:
        """The customer's own number, with its webhooks."""
        line = self.lines.get(number)
        if line is None:
            line = OurLine(
                number=number,
                message_url=f"{self.webhook_base}/webhooks/carrier/message",
                voice_url=f"{self.webhook_base}/phone/inbound",
            )
            self.lines.add(number, line)
        return line

    def reached_by(self, number: str) -> str:
        """The customer's number that last reached this phone, or any phone."""
        phone = self.phones.get(number)
        if phone is not None and phone.last_line:
            return phone.last_line
        newest = next(self.lines.newest_first(), None)
        if newest is None:
            raise NotPossible("Say which number is texted or called (to): none has reached a phone yet.")
        return newest.number

    # What was accepted

    def accept_text(self, text: Text) -> Phone:
        """Remember a text that was accepted, and log it; the phone it goes to or comes from."""
        self.texts.add(text.sid, text)
        inbound = text.direction == "inbound"
        phone = self.phone(text.from_ if inbound else text.to)
        phone.last_line = text.to if inbound else text.from_
        keep_newest(phone.texts, text)
        self._write_log("inbound_text" if inbound else "text", text)
        self.line(phone.last_line)
        return phone

    def accept_call(self, call: Call) -> Phone:
        """Remember a call that was accepted, and log it; the phone that rings or rang us."""
        self.calls.add(call.sid, call)
        inbound = call.direction == "inbound"
        phone = self.phone(call.phone)
        phone.last_line = call.to if inbound else call.from_
        keep_newest(phone.calls, call)
        self._write_log("inbound_call" if inbound else "call", call)
        self.line(phone.last_line)
        return phone

    def accept_mail(self, mail: Mail) -> None:
        """Put a mail into its mailbox, and log it."""
        mailbox = self.mailbox(mail.to)
        keep_newest(mailbox.contents, mail)
        self._write_log("mail", mail)
        self.happenings.add("mail", mailbox.address)

    def accept_letter(self, letter: Letter) -> Letterbox:
        """Remember a letter that was accepted, and log it; the letterbox it goes to."""
        self.letters.add(letter.id, letter)
        letterbox = self.letterbox(letter.address)
        keep_newest(letterbox.contents, letter)
        self._write_log("letter", letter)
        self.happenings.add("letter", letterbox.address)
        return letterbox

    def accept_push(self, push: Push) -> None:
        """Remember a push that another office's system took, and log it."""
        partner = self.partner(push.to)
        keep_newest(partner.contents, push)
        self._write_log("push", push)
        self.happenings.add("push", partner.address)

    def _write_log(self, kind: Any, item: Text | Call | Mail | Letter | Push) -> None:
        self._logged += 1
        self.counts[kind] += 1
        self.log.append(LogEntry(self._logged, item.at, kind, item))

    def log_after(self, n: int) -> Iterator[LogEntry]:
        """The log's entries past number `n`, in the order of acceptance."""
        return (entry for entry in self.log if entry.n > n)

    # Misbehaving

    def misbehave(self, fault: Fault) -> None:
        """Let this harm come to the next requests; or, for `away`, stop listening now. ValueError where there is none
        such."""
        check(fault)
        if fault.kind == "away":
            self.spawn(self._be_away(self.doors[fault.api], fault.seconds))
        else:
            self.faults.add(fault)

    async def _be_away(self, door: Door, seconds: float) -> None:
        await asyncio.sleep(_TIME_TO_ANSWER_S)
        try:
            await door.shut()
            await asyncio.sleep(seconds)
        finally:
            await door.open()

    # What goes on meanwhile

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run `work` beside everything else, until it is done or the exchange is reset or stops."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def stop_tasks(self) -> None:
        """Cut everything that goes on."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def settled(self) -> None:
        """Return when no text, receipt or call is under way any more."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def late(self) -> None:
        """Take as long as every answer is set to take."""
        if self.latency_ms:
            await asyncio.sleep(self.latency_ms / 1000)
