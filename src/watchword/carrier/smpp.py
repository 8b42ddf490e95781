"""SMPP 3.4 from the message centre's side: PDUs, and texts put together from their parts.

Written apart from our own client, so that each is a check on the other; `smpp34` is the codec of both.
"""

import asyncio
import struct
from dataclasses import dataclass

import smpp34
import smsutil

BIND_RECEIVER, BIND_TRANSMITTER, BIND_TRANSCEIVER = 0x01, 0x02, 0x09
SUBMIT_SM, DELIVER_SM, UNBIND, ENQUIRE_LINK, GENERIC_NACK = 0x04, 0x05, 0x06, 0x15, 0x80000000
RESPONSE = 0x80000000

ROK, RINVCMDID, RSYSERR, RINVSRCADR, RINVDSTADR = 0x00, 0x03, 0x08, 0x0A, 0x0B
RSUBMITFAIL, RTHROTTLED = 0x45, 0x58

IS_RECEIPT = 0x04
"""Of esm_class: a receipt of the centre's."""

_HAS_HEADER = 0x40
_PARTS, _PARTS_WIDE = 0x00, 0x08  # information elements
_INTERNATIONAL, _ISDN = 1, 1
_HEADER = struct.Struct(">IIII")
_LONGEST = 0x11000
_CODINGS = {1: "ascii", 3: "latin_1", 8: "utf_16_be"}


class FramingError(ConnectionError):
    """What came over the line is no PDU."""


@dataclass(frozen=True, slots=True)
class Pdu:
    """One PDU as it came."""

    command: int
    status: int
    sequence: int
    raw: bytes


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text: the whole, where `total` is 1."""

    words: bytes
    reference: int = 0
    total: int = 1
    number: int = 1


async def read(reader: asyncio.StreamReader) -> Pdu:
    """The next PDU. IncompleteReadError or ConnectionError where none comes any more."""
    header = await reader.readexactly(_HEADER.size)
    length, command, status, sequence = _HEADER.unpack(header)
    if not _HEADER.size <= length <= _LONGEST:
        raise FramingError(FramingError.__doc__)
    return Pdu(command, status, sequence, header + await reader.readexactly(length - _HEADER.size))


def written(command: int, sequence: int, body: bytes = b"", status: int = ROK) -> bytes:
    """A PDU as it goes over the line."""
    return _HEADER.pack(_HEADER.size + len(body), command, status, sequence) + body


def numbered(message: smpp34.DeliverSm, sequence: int) -> bytes:
    """The message with this sequence number, as it goes over the line."""
    raw = message.encode()
    return raw[:12] + sequence.to_bytes(4, "big") + raw[16:]


def number_of(address: str, ton: int) -> str:
    """An address with its type as E.164, where it is a number at all."""
    return f"+{address}" if ton == _INTERNATIONAL and address.isdigit() else address


def part_of(message: smpp34.SubmitSm) -> Part:
    """The piece that a submit_sm holds."""
    octets = message.short_message
    if not message.esm_class & _HAS_HEADER or not octets:
        return Part(octets)
    header, words = octets[1 : 1 + octets[0]], octets[1 + octets[0] :]
    if len(header) == 5 and header[0] == _PARTS:
        return Part(words, header[2], header[3], header[4])
    if len(header) == 6 and header[0] == _PARTS_WIDE:
        return Part(words, int.from_bytes(header[2:4], "big"), header[4], header[5])
    return Part(words)


def words_of(octets: bytes, coding: int) -> str:
    """The words, in the phones' alphabet unless `coding` names another."""
    encoding = _CODINGS.get(coding)
    return str(smsutil.decode(octets)) if encoding is None else octets.decode(encoding, errors="replace")


def from_phone(
    phone: str, line: str, octets: bytes, *, esm_class: int = 0, coding: int = 0
) -> smpp34.DeliverSm:
    """Something that goes from a phone, or from the centre for it, to our number."""
    return smpp34.DeliverSm(
        phone.removeprefix("+"),
        line.removeprefix("+"),
        octets,
        source_addr_ton=_INTERNATIONAL,
        source_addr_npi=_ISDN,
        dest_addr_ton=_INTERNATIONAL,
        dest_addr_npi=_ISDN,
        esm_class=esm_class,
        data_coding=coding,
    )


def pieces(body: str, reference: int) -> list[tuple[int, int, bytes]]:
    """esm_class, data_coding and octets of each piece that a phone sends these words in."""
    split = smsutil.split(body)
    coding = 0 if split.encoding == "gsm0338" else 8
    total = len(split.parts)
    return [
        (0, coding, part.content.encode(split.encoding))
        if total == 1
        else (
            _HAS_HEADER,
            coding,
            bytes([5, _PARTS, 3, reference, total, number]) + part.content.encode(split.encoding),
        )
        for number, part in enumerate(split.parts, start=1)
    ]
