"""What the message centre tells us later: it comes over the bind, as deliver_sm, not by HTTP.

A delivery receipt names the centre's id and what became of the message, in optional parameters or in words (appendix
B); our own reference it cannot carry. Anything else is a text that somebody sent to our number.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import smpp34

from watchword.delivery.channels.smpp.encoding import (
    WHOLE,
    WITH_HEADER,
    Part,
    decoded,
    phone,
    without_header,
)
from watchword.delivery.records import Meaning, Report

_NO_TEXT = (
    0x3C  # of esm_class: any of these bits says that it is a receipt or an acknowledgement (section 5.2.12)
)
_RECEIPTED_MESSAGE_ID, _NETWORK_ERROR_CODE, _MESSAGE_PAYLOAD, _MESSAGE_STATE = 0x001E, 0x0423, 0x0424, 0x0427
_SAR_REFERENCE, _SAR_TOTAL, _SAR_NUMBER = 0x020C, 0x020E, 0x020F

_STATES: Mapping[int, str] = {  # section 5.2.28, in the words of appendix B
    1: "ENROUTE",
    2: "DELIVRD",
    3: "EXPIRED",
    4: "DELETED",
    5: "UNDELIV",
    6: "ACCEPTD",
    7: "UNKNOWN",
    8: "REJECTD",
}
_MEANINGS: Mapping[str, Meaning] = {
    "ENROUTE": "handed_over",
    "DELIVRD": "delivered",
    # The networks' codes for why (`err`) are each carrier's own, so none of these says that the number is dead.
    "EXPIRED": "not_reached",
    "DELETED": "not_reached",
    "UNDELIV": "not_reached",
    "REJECTD": "not_reached",
    "ACCEPTD": "handed_over",
    "UNKNOWN": "no_news",  # the centre itself does not know
}
_ID = re.compile(r"\bid:\s*(\S+)", re.IGNORECASE)
_STAT = re.compile(r"\bstat:\s*([A-Z]+)", re.IGNORECASE)
_ERR = re.compile(r"\berr:\s*([0-9A-Z]+)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A text, or a part of one, that somebody sent us."""

    sender: str
    part: Part
    octets: bytes
    data_coding: int


def is_receipt(raw: bytes) -> bool:
    """Whether a deliver_sm is no text; also where it makes no sense, and is kept for somebody to look at.

    Words alone do not make a receipt: anybody can text them.
    """
    try:
        message = _deliver_sm(raw)
    except ValueError:
        return True
    return bool(message.esm_class & _NO_TEXT) or _RECEIPTED_MESSAGE_ID in _parameters(message)


def read_report(kind: str, body: bytes) -> Report:
    """A delivery receipt in our words. ValueError for what names no message."""
    message = _deliver_sm(body)
    given = _parameters(message)
    words = decoded(_octets(message, given), message.data_coding)
    provider_id = given[_RECEIPTED_MESSAGE_ID].as_string() if _RECEIPTED_MESSAGE_ID in given else None
    provider_id = (provider_id or _first(_ID, words)).rstrip("\0")
    if not provider_id:
        raise ValueError("a receipt without a message's id")
    state = given[_MESSAGE_STATE].as_int() if _MESSAGE_STATE in given else None
    word = _first(_STAT, words).upper() if state is None else _STATES.get(state, f"state_{state}")
    network = given[_NETWORK_ERROR_CODE].value.hex() if _NETWORK_ERROR_CODE in given else ""
    return Report(
        meaning=_MEANINGS.get(word, "unknown"),
        word=word or "none",
        error=_first(_ERR, words) or network or word,
        provider_id=provider_id,
        sent_to=phone(message.source_addr, message.source_addr_ton),
    )


def read_text(raw: bytes) -> Text:
    """A text, or a part of one."""
    message = _deliver_sm(raw)
    given = _parameters(message)
    octets, part = _octets(message, given), WHOLE
    if message.esm_class & WITH_HEADER:
        part, octets = without_header(octets)
    elif {_SAR_REFERENCE, _SAR_TOTAL, _SAR_NUMBER} <= given.keys():
        reference, total, number = (
            given[tag].as_int() or 0 for tag in (_SAR_REFERENCE, _SAR_TOTAL, _SAR_NUMBER)
        )
        if 1 <= number <= total:
            part = Part(reference=reference, total=total, number=number)
    return Text(
        sender=phone(message.source_addr, message.source_addr_ton),
        part=part,
        octets=octets,
        data_coding=message.data_coding,
    )


def _deliver_sm(raw: bytes) -> smpp34.DeliverSm:
    try:
        message = smpp34.decode(raw)
    except smpp34.SmppError as error:
        raise ValueError("no PDU") from error
    if not isinstance(message, smpp34.DeliverSm):
        raise ValueError("no deliver_sm")
    return message


def _parameters(message: smpp34.DeliverSm) -> dict[int, smpp34.Tlv]:
    return {each.tag: each for each in message.tlvs}


def _octets(message: smpp34.DeliverSm, given: Mapping[int, smpp34.Tlv]) -> bytes:
    if message.short_message or _MESSAGE_PAYLOAD not in given:
        return message.short_message
    return given[_MESSAGE_PAYLOAD].value


def _first(pattern: re.Pattern[str], words: str) -> str:
    found = pattern.search(words)
    return found[1] if found else ""
