"""What each watcher really got, told by the carrier alone: it knows nothing of our database."""

from collections.abc import Iterator, Mapping

from watchword.demo.exchange import Exchange
from watchword.demo.watchers import WATCHERS, Watcher


def messages_to(watcher: Watcher, exchange: Exchange, read: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(channel, words) of everything that reached one watcher, channel by channel, oldest first.

    `read` is what the page behind a mail's link said after the PIN, by the mail's id.
    """
    if watcher.email:
        for mail in exchange.mails(watcher.email):
            yield "email", f"{mail['subject']} | {_one_line(mail['text'])}"
            if words := read.get(mail["id"]):
                yield "page", _one_line(words)
    if watcher.phone:
        for text in exchange.texts(watcher.phone):
            if text["direction"] != "inbound":
                yield "text", _one_line(text["body"])
        for call in exchange.calls(watcher.phone):
            said = " ".join(line["text"] for line in call["transcript"] if line["kind"] == "said")
            yield "voice", _one_line(said) or f"(not answered: {call['state']})"


def strangers(exchange: Exchange) -> int:
    """How many messages and calls went to somebody who asked for nothing."""
    known = {address for watcher in WATCHERS for address in (watcher.email, watcher.phone)}
    return sum(
        entry["to"] not in known for entry in exchange.log() if not entry["kind"].startswith("inbound")
    )


def _one_line(words: str) -> str:
    return " ".join(words.split())
