"""Words as phones take them: the GSM alphabet or UCS-2, in parts (3GPP TS 23.038 and 23.040)."""

from collections.abc import Iterator
from dataclasses import dataclass

import smpp34
import smsutil

from watchword.delivery.channels.smpp.pdu import numbered

WITH_HEADER = 0x40
"""Of esm_class: the message begins with a user data header."""

_GSM, _ASCII, _LATIN_1, _UCS_2 = 0, 1, 3, 8  # data_coding
_CODINGS = {"gsm0338": _GSM, "utf_16_be": _UCS_2}
_ENCODINGS = {_ASCII: "ascii", _LATIN_1: "latin_1", _UCS_2: "utf_16_be"}
_CONCATENATED = {0x00: 1, 0x08: 2}  # information elements for parts, with the octets of their reference
_INTERNATIONAL, _SHORT, _NAME = 1, 3, 5  # types of number
_ISDN, _NO_PLAN = 1, 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """Which part of a longer text this is."""

    reference: int  # the same for all parts
    total: int
    number: int  # from 1


WHOLE = Part(reference=0, total=1, number=1)
"""A text that came in one piece."""


def parts(body: str, reference: int) -> Iterator[tuple[int, int, bytes]]:
    """esm_class, data_coding and octets of each part; `reference` (one octet) tells long texts to one phone apart."""
    split = smsutil.split(body)
    total = len(split.parts)
    for number, part in enumerate(split.parts, start=1):
        octets = part.content.encode(split.encoding)
        if total == 1:
            yield 0, _CODINGS[split.encoding], octets
        else:
            header = bytes([5, 0, 3, reference, total, number])
            yield WITH_HEADER, _CODINGS[split.encoding], header + octets


def submit_sm(sender: str, to: str, part: tuple[int, int, bytes], *, with_receipt: bool) -> bytes:
    """A part for this number (E.164), not numbered yet. `with_receipt`: the centre reports what became of it."""
    esm_class, data_coding, octets = part
    source, ton, npi = source_address(sender)
    message = smpp34.SubmitSm(
        source,
        to.removeprefix("+"),
        octets,
        source_addr_ton=ton,
        source_addr_npi=npi,
        dest_addr_ton=_INTERNATIONAL,
        dest_addr_npi=_ISDN,
        esm_class=esm_class,
        data_coding=data_coding,
        registered_delivery=int(with_receipt),
    )
    return numbered(message.encode(), 0)


def source_address(sender: str) -> tuple[str, int, int]:
    """Our own address with its type and plan: a number, a short code or a name (section 5.2.5)."""
    if sender.startswith("+"):
        return sender[1:], _INTERNATIONAL, _ISDN
    return sender, _SHORT if sender.isdigit() else _NAME, _NO_PLAN


def phone(address: str, ton: int) -> str:
    """A phone's address as it is written with its type: an international one with a plus."""
    return f"+{address}" if ton == _INTERNATIONAL and address.isdigit() else address


def decoded(octets: bytes, data_coding: int) -> str:
    """The words; what has no meaning in the coding is a question mark."""
    encoding = _ENCODINGS.get(data_coding)
    if encoding is None:
        # The centre's own alphabet is the phones'; smsutil reads seven bits and fails on more.
        words: str = smsutil.decode(bytes(octet if octet < 0x80 else ord("?") for octet in octets))
        return words
    return octets.decode(encoding, errors="replace")


def without_header(octets: bytes) -> tuple[Part, bytes]:
    """What a user data header says of parts, and what follows it."""
    length = octets[0] if octets else 0
    header, rest = octets[1 : 1 + length], octets[1 + length :]
    while len(header) >= 2:
        kind, size = header[0], header[1]
        value, header = header[2 : 2 + size], header[2 + size :]
        width = _CONCATENATED.get(kind)
        if width and len(value) == width + 2 and 1 <= value[-1] <= value[-2]:
            return Part(
                reference=int.from_bytes(value[:width], "big"), total=value[-2], number=value[-1]
            ), rest
    return WHOLE, rest
