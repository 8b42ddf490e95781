"""What the message centre's answers mean for a delivery (`command_status`, section 5.1.3).

What is not in the tables is the carrier's own (0x400 and above) or may be our own configuration: it is tried again, and
the desk hears of it when the notice is not confirmed in time. No code of the protocol says that a person blocked us.
"""

from watchword.delivery.channels.smpp.pdu import GENERIC_NACK, SUBMIT_SM_RESP, Pdu, read_c_string
from watchword.delivery.records import Accepted, Refused, Result, Unknown

ROK = 0x00
RINVCMDID = 0x03
RINVDSTADR = 0x0B
RMSGQFUL = 0x14
RTHROTTLED = 0x58
RX_T_APPN = 0x64  # ours, to the centre: not now, send it again later
RSYSERR, RDELIVERYFAILURE, RUNKNOWNERR = 0x08, 0xFE, 0xFF

NAMES = {
    0x01: "ESME_RINVMSGLEN",
    0x02: "ESME_RINVCMDLEN",
    RINVCMDID: "ESME_RINVCMDID",
    0x04: "ESME_RINVBNDSTS",
    0x05: "ESME_RALYBND",
    0x06: "ESME_RINVPRTFLG",
    0x07: "ESME_RINVREGDLVFLG",
    RSYSERR: "ESME_RSYSERR",
    0x0A: "ESME_RINVSRCADR",
    RINVDSTADR: "ESME_RINVDSTADR",
    0x0C: "ESME_RINVMSGID",
    0x0D: "ESME_RBINDFAIL",
    0x0E: "ESME_RINVPASWD",
    0x0F: "ESME_RINVSYSID",
    RMSGQFUL: "ESME_RMSGQFUL",
    0x15: "ESME_RINVSERTYP",
    0x43: "ESME_RINVESMCLASS",
    0x45: "ESME_RSUBMITFAIL",
    0x48: "ESME_RINVSRCTON",
    0x49: "ESME_RINVSRCNPI",
    0x50: "ESME_RINVDSTTON",
    0x51: "ESME_RINVDSTNPI",
    RTHROTTLED: "ESME_RTHROTTLED",
    0x61: "ESME_RINVSCHED",
    0x62: "ESME_RINVEXPIRY",
    RX_T_APPN: "ESME_RX_T_APPN",
    0xC0: "ESME_RINVOPTPARSTREAM",
    0xC1: "ESME_ROPTPARNOTALLWD",
    0xC2: "ESME_RINVPARLEN",
    0xC3: "ESME_RMISSINGOPTPARAM",
    0xC4: "ESME_RINVOPTPARAMVAL",
    RDELIVERYFAILURE: "ESME_RDELIVERYFAILURE",
    RUNKNOWNERR: "ESME_RUNKNOWNERR",
}

TOO_FAST = frozenset({RMSGQFUL, RTHROTTLED})
"""The centre asks us to wait; for how long it cannot say."""

# An error of the centre itself: it may have come after the message was stored.
_LEAVES_IT_OPEN = frozenset({RSYSERR, RDELIVERYFAILURE, RUNKNOWNERR})


def word(status: int) -> str:
    """The name of a status, or its number where it is the carrier's own."""
    return NAMES.get(status, f"smpp_{status:#06x}")


def result(answer: Pdu) -> Result:
    """What the answer to a submit_sm means."""
    match answer.command, answer.status:
        case (command, _) if command not in (SUBMIT_SM_RESP, GENERIC_NACK):
            return Unknown(code="unreadable_answer")
        case (command, status) if status in _LEAVES_IT_OPEN or (command == GENERIC_NACK and status == ROK):
            return Unknown(code=word(status))
        case _, 0:
            return Accepted(provider_id=read_c_string(answer.body) or None)
        case _, status:
            return Refused(code=word(status), permanent=status == RINVDSTADR)
