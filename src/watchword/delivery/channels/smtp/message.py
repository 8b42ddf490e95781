"""A mail as it goes over the wire.

Put together by hand, of the standard library's parts: its EmailMessage takes fifty times as long, which is more than
all the rest of a hand-over.
"""

import re
from binascii import b2a_qp
from email.header import Header
from email.utils import format_datetime, formataddr

from watchword.core.clock import now
from watchword.delivery.channels.mail import headers, token_of
from watchword.delivery.records import Outbound

_LONGEST_LINE = 998  # octets without the line's end (RFC 5322, 2.1.1)
_LINE_END = re.compile(r"\r\n|\r|\n")


def mail(outbound: Outbound, sender: str) -> bytes:
    """The message of an attempt. Its Message-ID holds the attempt's token, by which whatever returns it is matched.

    ASCII alone, which every server takes, but for an international address. ValueError where a header has a line's end.
    """
    encoding, content = _encoded(outbound.body)
    fields = {
        "From": formataddr((outbound.sender_name, sender)) if outbound.sender_name else sender,
        "To": outbound.to,
        "Subject": outbound.subject,
        "Date": format_datetime(now()),
        "Message-ID": f"<{token_of(outbound.reference)}@{sender.rpartition('@')[2]}>",
        **headers(outbound),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": encoding,
    }
    head = "".join(_field(name, value) for name, value in fields.items())
    return f"{head}\r\n".encode() + content


def _field(name: str, value: str) -> str:
    if "\n" in value or "\r" in value:
        raise ValueError("Header values are one line each.")
    if name == "Subject" and not (value.isascii() and len(value) < _LONGEST_LINE - len(name)):
        value = Header(value, "utf-8", header_name=name).encode(linesep="\r\n")
    return f"{name}: {value}\r\n"


def _encoded(body: str) -> tuple[str, bytes]:
    """The body as it travels, and the name of how."""
    lines = _LINE_END.split(body)
    text = "\r\n".join(lines).encode()
    if body.isascii() and max(map(len, lines)) <= _LONGEST_LINE:
        return "7bit", text
    # It breaks lines as the text does: one that ends none would be broken without a carriage return.
    return "quoted-printable", b2a_qp(text + b"\r\n", istext=True).removesuffix(b"\r\n")
