"""Texts on their way: to a phone, with a receipt at each step, and from a phone to the customer's webhook."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from watchword.carrier.errors import ApiError
from watchword.carrier.exchange import Exchange, is_phone_number, new_sid
from watchword.carrier.receipts import Form, Receipt
from watchword.carrier.records import Direction, Phone, Text
from watchword.carrier.twiml import TwimlError, parse_messages
from watchword.core import clock
from watchword.core.segments import segments

log = structlog.get_logger(__name__)

LONGEST = 1600
_FAILURES = {"undelivered": 30003, "failed": 30008}

_STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
_START = frozenset({"START", "YES", "UNSTOP"})
_HELP = frozenset({"HELP", "INFO"})
_STOPPED = (
    "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe."
)
_STARTED = (
    "You have successfully been re-subscribed to messages from this number. "
    "Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply."
)
_HELPED = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchanged:
    """A text from a phone, and what came of it: the webhook's status (0: no answer) and the texts sent back."""

    text: Text
    webhook_status: int
    replies: tuple[Text, ...]


def send_text(
    exchange: Exchange,
    *,
    from_: str,
    to: str,
    body: str,
    callback: str = "",
    direction: Direction = "outbound-api",
    tells: Callable[[Text], Sequence[Receipt]] | None = None,
) -> Text:
    """Accept a text from our number to a phone, and set it on its way; ApiError where the provider refuses it.

    `tells`, or else the status callback at `callback`, is how the customer hears of it.
    """
    check_takes(exchange, to, from_)
    if len(body) > LONGEST:
        raise ApiError(21617)
    text = _new_text(direction, from_, to, body, callback)
    text.tells = tells or (_forms(exchange) if callback else None)
    phone = exchange.accept_text(text)
    behaviour = phone.texting
    if text.tells or behaviour.after_ms or behaviour.reply or behaviour.kind != "deliver":
        exchange.spawn(_carry(exchange, text, phone))
    else:
        _arrive(exchange, text, "delivered")
    return text


async def text_from_phone(exchange: Exchange, number: str, body: str, to: str = "") -> Exchanged:
    """A phone texts our number `to` (unset: the line that last reached it): the webhook is asked, its answer delivered.

    STOP and its kin block that line for that phone until START, as the carrier does by itself; the webhook is told
    all the same.
    """
    line = exchange.line(to or exchange.reached_by(number))
    text = _new_text("inbound", number, line.number, body)
    text.status, text.arrived = "received", True
    exchange.accept_text(text)
    exchange.happenings.add("text", number)
    if line.deliver is not None:  # what STOP means is left to the customer there
        answer = await line.deliver(text)
        return Exchanged(text=text, webhook_status=answer.status, replies=())
    replies = _answer_keyword(exchange, text)
    params = {
        "MessageSid": text.sid,
        "SmsSid": text.sid,
        "SmsMessageSid": text.sid,
        "AccountSid": exchange.account,
        "From": text.from_,
        "To": text.to,
        "Body": body,
        "NumMedia": "0",
        "NumSegments": str(text.segments),
        "SmsStatus": "received",
        "ApiVersion": "2010-04-01",
    }
    answer = await exchange.webhooks.ask(line.message_url, params)
    if answer.ok:
        replies += _deliver_answers(exchange, text, answer.text)
    else:
        log.warning("message webhook was not taken", status=answer.status)
    return Exchanged(text=text, webhook_status=answer.status, replies=tuple(replies))


def check_takes(exchange: Exchange, to: str, from_: str) -> None:
    """ApiError where this phone takes no texts from this number."""
    if not is_phone_number(to):
        raise ApiError(21211, number=to)
    if not is_phone_number(from_):
        raise ApiError(21212, number=from_)
    phone = exchange.phones.get(to)
    if phone is None:
        return
    if phone.texting.kind == "invalid":
        raise ApiError(21211, number=phone.number)
    if phone.texting.kind == "landline":
        raise ApiError(21614)
    if phone.texting.kind == "opted_out" or (phone.number, from_) in exchange.stopped:
        raise ApiError(21610)


def _new_text(direction: Direction, from_: str, to: str, body: str, callback: str = "") -> Text:
    at = clock.now()
    return Text(
        sid=new_sid("SM"),
        at=at,
        updated_at=at,
        direction=direction,
        from_=from_,
        to=to,
        body=body,
        segments=segments(body),
        callback=callback,
    )


async def _carry(exchange: Exchange, text: Text, phone: Phone) -> None:
    behaviour = phone.texting
    receipts = behaviour.kind != "silent"
    for status in ("queued", "sent"):
        text.status = status
        if receipts:
            _send_receipt(exchange, text)
    if behaviour.after_ms:
        await asyncio.sleep(behaviour.after_ms / 1000)
    if behaviour.kind in _FAILURES:
        text.error_code = behaviour.error_code or _FAILURES[behaviour.kind]
        text.status, text.updated_at = behaviour.kind, clock.now()
        exchange.happenings.add("text", phone.number)
    else:
        _arrive(exchange, text, "sent" if behaviour.kind == "silent" else "delivered")
    if receipts:
        _send_receipt(exchange, text)
    if (
        behaviour.reply and text.arrived and text.direction == "outbound-api"
    ):  # answering an answer would never end
        await text_from_phone(exchange, phone.number, behaviour.reply, to=text.from_)


def _arrive(exchange: Exchange, text: Text, status: str) -> None:
    text.status, text.updated_at, text.arrived = status, clock.now(), True
    exchange.happenings.add("text", text.to)


def _send_receipt(exchange: Exchange, text: Text) -> None:
    for receipt in text.tells(text) if text.tells else ():
        exchange.receipts.send(text.sid, receipt)


def _forms(exchange: Exchange) -> Callable[[Text], Sequence[Receipt]]:
    """Status callbacks, one for each state."""

    def of(text: Text) -> Sequence[Receipt]:
        params = {
            "MessageSid": text.sid,
            "SmsSid": text.sid,
            "AccountSid": exchange.account,
            "From": text.from_,
            "To": text.to,
            "MessageStatus": text.status,
            "SmsStatus": text.status,
            "ApiVersion": "2010-04-01",
        }
        if text.error_code is not None:
            params["ErrorCode"] = str(text.error_code)
        return [Form(text.callback, params)]

    return of


def _answer_keyword(exchange: Exchange, text: Text) -> list[Text]:
    """What the carrier itself answers to STOP, START and HELP."""
    word, pair = text.body.strip().upper(), (text.from_, text.to)
    if word in _STOP:
        answers = [] if pair in exchange.stopped else [_reply(exchange, text, _STOPPED)]
        exchange.stopped.add(pair)
        return answers
    if word in _START and pair in exchange.stopped:
        exchange.stopped.discard(pair)
        return [_reply(exchange, text, _STARTED)]
    return [_reply(exchange, text, _HELPED)] if word in _HELP else []


def _deliver_answers(exchange: Exchange, text: Text, document: str) -> list[Text]:
    try:
        return [_reply(exchange, text, body) for body in parse_messages(document)]
    except (TwimlError, ApiError) as error:
        log.warning("answer to a text was not delivered", code=error.code)
        return []


def _reply(exchange: Exchange, text: Text, body: str) -> Text:
    return send_text(exchange, from_=text.to, to=text.from_, body=body, direction="outbound-reply")
