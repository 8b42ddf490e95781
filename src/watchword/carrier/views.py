"""What the control API shows: each record as JSON."""

from datetime import datetime
from typing import Any

from watchword.carrier.exchange import Exchange
from watchword.carrier.faults import Fault
from watchword.carrier.postoffice import read_mail
from watchword.carrier.records import (
    Call,
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
    lines_of,
)

Json = dict[str, Any]


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def overview(exchange: Exchange) -> Json:
    """Counts since the start or the last reset, settings, and lines."""
    return {
        "counts": dict(exchange.counts),
        "phones": len(exchange.phones),
        "mailboxes": len(exchange.mailboxes),
        "letterboxes": len(exchange.letterboxes),
        "partners": len(exchange.partners),
        "calls_under_way": len(exchange.flows),
        "latency_ms": exchange.latency_ms,
        "faults": [fault(one) for one in exchange.faults.in_force()],
        "lines": [line(one) for one in exchange.lines.newest_first()],
        "stopped": [
            {"phone": phone_number, "line": number} for phone_number, number in sorted(exchange.stopped)
        ],
    }


def fault(item: Fault) -> Json:
    """A fault in force."""
    return {"api": item.api, "kind": item.kind, "count": item.remaining, "seconds": item.seconds}


def line(item: OurLine) -> Json:
    """One of the customer's numbers."""
    return {"number": item.number, "message_url": item.message_url, "voice_url": item.voice_url}


def phone(item: Phone) -> Json:
    """A phone, without its texts and calls."""
    return {
        "number": item.number,
        "label": item.label,
        "calls": item.calling.model_dump(),
        "texts": item.texting.model_dump(),
        "texts_kept": len(item.texts),
        "calls_kept": len(item.calls),
        "ringing": [call.sid for call in item.calls if call.status == "ringing"],
    }


def text(item: Text) -> Json:
    """A text."""
    return {
        "sid": item.sid,
        "at": _time(item.at),
        "direction": item.direction,
        "from": item.from_,
        "to": item.to,
        "body": item.body,
        "segments": item.segments,
        "status": item.status,
        "error_code": item.error_code,
        "callback": item.callback,
    }


def call(item: Call) -> Json:
    """A call with its transcript."""
    return {
        "sid": item.sid,
        "parent_sid": item.parent_sid,
        "at": _time(item.at),
        "direction": item.direction,
        "from": item.from_,
        "to": item.to,
        "state": item.status,
        "listening": item.listening,
        "started_at": _time(item.started_at),
        "ended_at": _time(item.ended_at),
        "seconds": item.duration,
        "sip_code": item.sip_code,
        "url": item.url,
        "callback": item.callback,
        "transcript": [
            {
                "at": _time(one.at),
                "kind": one.kind,
                "text": one.text,
                "language": one.language,
                "voice": one.voice,
            }
            for one in item.transcript
        ],
    }


def mailbox(item: Mailbox) -> Json:
    """A mailbox, without its mails."""
    return {
        "address": item.address,
        "label": item.label,
        "mail": item.behaviour.model_dump(),
        "mails_kept": len(item.contents),
    }


def mail(item: Mail) -> Json:
    """A mail, decoded."""
    read = read_mail(item)
    return {
        "id": item.id,
        "at": _time(item.at),
        "from": item.sender,
        "to": item.to,
        "subject": read.subject,
        "message_id": read.message_id,
        "headers": [list(header) for header in read.headers],
        "text": read.text,
    }


def letterbox(item: Letterbox) -> Json:
    """A letterbox, without its letters."""
    return {
        "address": item.address,
        "label": item.label,
        "letters": item.behaviour.model_dump(),
        "letters_kept": len(item.contents),
    }


def letter(item: Letter) -> Json:
    """A letter; its pages are at /exchange/letters/{id}.pdf."""
    return {
        "id": item.id,
        "at": _time(item.at),
        "to": lines_of(item.to),
        "from": lines_of(item.sender),
        "metadata": dict(item.metadata),
        "state": item.state,
        "bytes": len(item.pdf),
    }


def partner(item: Partner) -> Json:
    """Another office's system, without the pushes that it took."""
    return {
        "address": item.address,
        "label": item.label,
        "pushes": item.behaviour.model_dump(),
        "pushes_kept": len(item.contents),
    }


def push(item: Push) -> Json:
    """A push; `body` is what was signed."""
    return {"id": item.id, "at": _time(item.at), "to": item.to, "body": item.body}


def log_entry(entry: LogEntry) -> Json:
    """One thing accepted: `id` is that of a text, call, letter or push, or a mail's Message-ID; `body` a text's or a
    push's body, a call's URL, a mail's subject or the customer's key of a letter; `callback` the status callback that
    came with it."""
    match entry.item:
        case Text() as item:
            what = (item.from_, item.to, item.sid, item.body, item.callback)
        case Call() as item:
            what = (item.from_, item.to, item.sid, item.url, item.callback)
        case Mail() as item:
            read = read_mail(item)
            what = (item.sender, item.to, read.message_id, read.subject, "")
        case Letter() as item:
            what = (", ".join(lines_of(item.sender)), item.address, item.id, item.key, "")
        case Push() as item:
            what = ("", item.to, item.id, item.body, "")
    from_, to, id_, body, callback = what
    return {
        "n": entry.n,
        "at": _time(entry.at),
        "kind": entry.kind,
        "from": from_,
        "to": to,
        "id": id_,
        "body": body,
        "callback": callback,
    }
