"""PDUs: headers, and the few that smpp34 has no codec of (sections 3.2, 4 and 5.1.2)."""

import asyncio
import struct
from dataclasses import dataclass

GENERIC_NACK = 0x80000000
SUBMIT_SM = 0x00000004
SUBMIT_SM_RESP = 0x80000004
DELIVER_SM = 0x00000005
DELIVER_SM_RESP = 0x80000005
UNBIND = 0x00000006
UNBIND_RESP = 0x80000006
BIND_TRANSCEIVER = 0x00000009
BIND_TRANSCEIVER_RESP = 0x80000009
OUTBIND = 0x0000000B
ENQUIRE_LINK = 0x00000015
ENQUIRE_LINK_RESP = 0x80000015
ALERT_NOTIFICATION = 0x00000102

UNANSWERED = frozenset({OUTBIND, ALERT_NOTIFICATION})
"""Requests that have no response."""

_RESPONSE = 0x80000000
_HEADER = struct.Struct(">IIII")
_LONGEST = 0x11000  # a message_payload may have 64 KiB, and there are other fields beside it
_VERSION = 0x34


class FramingError(Exception):
    """What came over the line is no PDU."""


@dataclass(frozen=True, slots=True)
class Pdu:
    """One PDU as it came, its header read."""

    command: int
    status: int
    sequence: int
    raw: bytes  # all of it

    @property
    def body(self) -> bytes:
        """What follows the header."""
        return self.raw[_HEADER.size :]

    @property
    def is_response(self) -> bool:
        """Whether it answers a request of ours."""
        return bool(self.command & _RESPONSE)


async def read_pdu(reader: asyncio.StreamReader) -> Pdu:
    """The next PDU. FramingError, IncompleteReadError or OSError where none comes any more."""
    header = await reader.readexactly(_HEADER.size)
    length, command, status, sequence = _HEADER.unpack(header)
    if not _HEADER.size <= length <= _LONGEST:
        raise FramingError
    return Pdu(command, status, sequence, header + await reader.readexactly(length - _HEADER.size))


def pdu(command: int, sequence: int, body: bytes = b"", status: int = 0) -> bytes:
    """A PDU with this body."""
    return _HEADER.pack(_HEADER.size + len(body), command, status, sequence) + body


def numbered(raw: bytes, sequence: int) -> bytes:
    """The same PDU with this sequence number."""
    return raw[:12] + sequence.to_bytes(4, "big") + raw[16:]


def bind_transceiver(user: str, password: str) -> bytes:
    """The body of a bind that sends and receives (section 4.1.5). ValueError where a name is too long for it."""
    if len(user) > 15 or len(password) > 8:
        raise ValueError("SMPP allows 15 characters for a user and 8 for a password")
    return c_string(user) + c_string(password) + c_string("") + bytes([_VERSION, 0, 0]) + c_string("")


def c_string(text: str) -> bytes:
    """A C-Octet String."""
    return text.encode("ascii") + b"\0"


def read_c_string(octets: bytes) -> str:
    """The C-Octet String that these begin with; without its end, as some centres send it, all of them."""
    return octets.partition(b"\0")[0].decode("ascii", errors="replace")
