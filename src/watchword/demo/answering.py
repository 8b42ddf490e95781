"""How the watchers answer: phones by the carrier's script, mail by opening the link and entering the PIN."""

import html
import re
import time
from collections.abc import Iterable

from watchword.core.errors import WatchwordError
from watchword.demo.exchange import Exchange, enter_pin_on_page
from watchword.demo.watchers import Answer, Watcher

_LINK = re.compile(r"https?://\S+/m/[\w-]+(\?lang=\w+)?")
_ARTICLE = re.compile(r"<article.*?>(.*?)</article>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_HUMAN_DELAY_SECONDS = 4.0


class Answering:
    """Everybody's phones and mailboxes; `left_alone`, one watcher whose phone waits for a person at the page."""

    def __init__(
        self,
        exchange: Exchange,
        watchers: Iterable[Watcher],
        *,
        at_once: bool,
        left_alone: Watcher | None = None,
    ) -> None:
        self._exchange = exchange
        self._delay = 0.0 if at_once else _HUMAN_DELAY_SECONDS
        self._watchers = list(watchers)
        self._left_alone = left_alone
        self._seen: dict[str, float] = {}
        """When a mail was first seen here, by its id; infinite once it is answered."""
        self.read: dict[str, str] = {}
        """What the page said after the PIN, by the mail's id."""

    def set_up(self) -> None:
        """Name every phone and mailbox, and tell the phones how to answer."""
        for watcher in self._watchers:
            if watcher.email:
                self._exchange.set_mailbox(watcher.email, label=watcher.name)
            if watcher.phone:
                self._exchange.set_phone(
                    watcher.phone, label=self._label(watcher), **self._behaviour(watcher)
                )

    def read_mail(self) -> None:
        """Open the mail that has lain long enough, and enter the PIN on the page behind its link."""
        for watcher in self._watchers:
            if watcher.email and watcher.answers_by is Answer.EMAIL:
                for mail in self._exchange.mails(watcher.email):
                    first_seen = self._seen.setdefault(mail["id"], time.monotonic())
                    if first_seen + self._delay <= time.monotonic():
                        self._seen[mail["id"]] = float("inf")
                        page = enter_pin_on_page(link_in(mail["text"]), watcher.pin)
                        self.read[mail["id"]] = message_on(page)

    def _label(self, watcher: Watcher) -> str:
        return f"{watcher.name}: yours, PIN {watcher.pin}" if watcher is self._left_alone else watcher.name

    def _behaviour(self, watcher: Watcher) -> dict[str, dict[str, object]]:
        if watcher is self._left_alone:
            return {"calls": {"kind": "manual"}, "texts": {"kind": "deliver"}}
        after_ms = int(self._delay * 1000)
        keys = [f"{watcher.pin}#"]
        answers = {"kind": "answer", "keys": keys, "after_ms": after_ms}
        declines = {"kind": "no_answer", "after_ms": after_ms}
        replies = {"kind": "deliver", "reply": watcher.pin, "after_ms": after_ms}
        return {
            "calls": answers if watcher.answers_by is Answer.VOICE else declines,
            "texts": replies if watcher.answers_by is Answer.TEXT else {"kind": "deliver"},
        }


def link_in(text: str) -> str:
    """The link to the message's page. WatchwordError where the mail has none."""
    found = _LINK.search(text)
    if found is None:
        raise WatchwordError("This mail has no link to a message.")
    return found[0]


def message_on(page: str) -> str:
    """The words of the message on a page; empty where the PIN did not open it."""
    article = _ARTICLE.search(page)
    return html.unescape(_TAG.sub(" ", article[1])) if article else ""
