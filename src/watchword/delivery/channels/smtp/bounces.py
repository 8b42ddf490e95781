"""Reading what mail systems send back: bounces, delays, complaints, and the replies of machines.

A report says what it means in a part made for machines: a delivery status (RFC 3464) or a complaint (RFC 5965). What
has no such part is read for the codes and the plain phrases in its own words, never in those of the mail it returns.
What is in doubt is never taken for a dead address.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Literal

from watchword.delivery.channels.smtp.errors import is_dead, is_vague

Kind = Literal["dead", "refused", "delayed", "delivered", "complaint", "auto_reply", "unknown"]
"""`dead`: the address takes no mail, for good. `refused`: this mail was not delivered, a later one may be."""

_NOT_A_COMPLAINT = frozenset(
    {"auth-failure", "not-spam"}
)  # RFC 6591, and a mail taken out of the spam folder
_CODE = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]|-\d)")
_DEAD_WORDS = re.compile(
    r"user unknown|unknown (user|recipient|address|local|host|domain)|host unknown|unknown in virtual|"
    r"no such (user|recipient|mailbox|address|person|domain|host)|no mailbox here|name or service not known|"
    r"(user|recipient|mailbox|address|account|domain|host)[^.\n]{0,60}"
    r"((does(n't| not)|not) exist|(could )?not (be )?found|unknown|invalid|not recognized)|"
    r"(invalid|illegal|unrouteable|bad|incorrect) "
    r"((final delivery )?user|recipient|mailbox|address|e-?mail|destination|(host/)?domain)|"
    r"not (listed in|a valid)|no longer (valid|exists|available|active)|not a known user|"
    r"user does(n't| not) have an? \S+ account|could(n't| not) find (any host|a mail exchanger)|no mx record found|"
    r"does not accept mail|indicated no smtp service|recipient address rejected: access denied",
    re.IGNORECASE,
)
# Beside a vague code, any of these is a better reason than a dead address; beside a plain one, a full mailbox alone is.
_PASSING_WORDS = re.compile(
    r"quota|full|too (large|big|many)|spam|block|black ?list|policy|try again|timed? ?out|relay|content|"
    r"suspend|disabled|sender (address|domain)|loop|certificate",
    re.IGNORECASE,
)
_FULL = re.compile(r"quota|(mailbox|inbox)[^.\n]{0,20} full|disk space", re.IGNORECASE)
_DELAY_WORDS = re.compile(
    r"delayed|will (be retried|keep trying)|do not need to resend|warning message", re.IGNORECASE
)
_RETURNED = re.compile(
    r"^[-> *]*(this is a copy of|original message|below (this line|is)|returned message|unsent message|received: )",
    re.IGNORECASE | re.MULTILINE,
)
_MACHINE = re.compile(r"mailer-?daemon|post_?master|mail delivery|mail administrator", re.IGNORECASE)
_BOUNCE_SUBJECT = re.compile(
    r"undeliver|deliver(y|able)|returned mail|failure|returned to sender", re.IGNORECASE
)
_AUTO_SUBJECT = re.compile(
    r"(auto(matic)?[- ]?(reply|response)|out of (the )?office|vacation)\b", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounce:
    """What a mail that came back says of the one that went out; `code` is its own, where it has one."""

    kind: Kind
    code: str = ""


def classify(mail: Message) -> Bounce:
    """What this mail means."""
    feedback = _feedback_type(mail)
    if feedback:
        return Bounce(kind="auto_reply" if feedback in _NOT_A_COMPLAINT else "complaint", code=feedback)
    status = next(_statuses(mail), None)
    if status is not None:
        return _of_status(status, mail)
    if mail["X-Apple-Unsubscribe"]:
        return Bounce(kind="complaint", code="unsubscribe")
    if _is_from_mail_system(mail):
        return _of_words(mail)
    return Bounce(kind="auto_reply" if _answers_by_itself(mail) else "unknown")


def _statuses(mail: Message) -> Iterator[Message]:
    """The delivery status of each recipient."""
    for part in mail.walk():
        if part.get_content_type() in ("message/delivery-status", "message/global-delivery-status"):
            blocks = part.get_payload()
            if isinstance(blocks, list):
                yield from (b for b in blocks if isinstance(b, Message) and (b["Action"] or b["Status"]))


def _of_status(status: Message, mail: Message) -> Bounce:
    """What the machines' part says; where that is as good as nothing, the words meant for people, the same report's."""
    action, diagnostic = _plain(status["Action"]).lower(), _plain(status["Diagnostic-Code"])
    stated, code = first_code(_plain(status["Status"])), first_code(diagnostic)
    if code[:1] != stated[:1] or is_vague(code):
        code = stated or code  # the last server's own code is the finer one, where the two agree on the class
    if action in ("delivered", "deliverable") or code.startswith("2"):
        return Bounce(kind="delivered", code=code)
    if action in ("delayed", "relayed", "expanded"):
        return Bounce(kind="delayed", code=code)
    words = diagnostic or f"{_plain(status['Status'])} {_own_words(mail)}"
    return failed(code, words)


def _of_words(mail: Message) -> Bounce:
    words = _own_words(mail)
    code = first_code(words)
    if not code and _DELAY_WORDS.search(words):
        return Bounce(kind="delayed")
    return failed(code, words)


def failed(code: str, words: str) -> Bounce:
    """What a failure means: the code decides; where it is vague, the words do, and any other reason in them counts."""
    if is_vague(code):
        dead = _DEAD_WORDS.search(words) is not None and _PASSING_WORDS.search(words) is None
    else:
        dead = is_dead(code) and _FULL.search(words) is None
    return Bounce(kind="dead" if dead else "refused", code=code)


def _own_words(mail: Message) -> str:
    """The report's first text, up to where the returned mail begins."""
    for part in mail.walk():
        if not part.is_multipart() and part.get_content_maintype() in ("text", "multipart"):
            payload = part.get_payload(decode=True)
            text = payload.decode(errors="replace") if isinstance(payload, bytes) else ""
            return _RETURNED.split(text, maxsplit=1)[0]
    return ""


def _is_from_mail_system(mail: Message) -> bool:
    """Whether it is a bounce, by its sender or subject. Its return path is empty, but so is a holiday reply's."""
    return (
        mail["X-Failed-Recipients"] is not None
        or _MACHINE.search(_plain(mail["From"])) is not None
        or _BOUNCE_SUBJECT.search(_plain(mail["Subject"])) is not None
    )


def _answers_by_itself(mail: Message) -> bool:
    """Whether it is a machine's reply, such as out of office (RFC 3834), or a reading receipt (RFC 8098)."""
    return (
        _plain(mail["Auto-Submitted"]).lower().startswith("auto")
        or mail.get_param("report-type") == "disposition-notification"
        or any(mail[name] is not None for name in ("X-Autoreply", "X-Autorespond"))
        or _AUTO_SUBJECT.match(_plain(mail["Subject"])) is not None
    )


def _feedback_type(mail: Message) -> str:
    for part in mail.walk():
        if part.get_content_type() == "message/feedback-report":
            found = re.search(r"^Feedback-Type:\s*([\w-]+)", part.as_string(), re.IGNORECASE | re.MULTILINE)
            return found[1].lower() if found else "abuse"
    return ""


def _plain(value: object) -> str:
    """A header as one line: what was folded is still one phrase."""
    return " ".join(str(value or "").split())


def first_code(text: str) -> str:
    """The first enhanced status code that says something, or the first at all."""
    codes = _CODE.findall(text)
    return next((code for code in codes if not is_vague(code)), codes[0] if codes else "")
