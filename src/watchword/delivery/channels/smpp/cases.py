"""What a message centre answers and reports, as the specification's tables have it, and what it means.

An answer's sequence number is the request's, wherever it is played.
"""

from collections.abc import Mapping

import smpp34

from watchword.delivery.channels.cases import AnswerCase, Cases, ReceiptCase, Situation
from watchword.delivery.channels.smpp.pdu import GENERIC_NACK, SUBMIT_SM_RESP, pdu
from watchword.delivery.records import Accepted, Meaning, Refused, Result, Unknown

_RECEIPT = 0x04  # esm_class
_APPENDIX_B = (
    "id:{id} sub:001 dlvrd:{n} submit date:2603011200 done date:2603011201 stat:{stat} err:{err} Text:"
)


def _answer(situation: Situation, raw: bytes, means: Result) -> AnswerCase:
    return AnswerCase(situation=situation, channel="text", raw=raw, means=means)


def _status(status: int) -> bytes:
    return pdu(SUBMIT_SM_RESP, 0, b"", status)


_ANSWERS = (
    _answer("accepted", pdu(SUBMIT_SM_RESP, 0, b"4f2a\0"), Accepted(provider_id="4f2a")),
    _answer("accepted", pdu(SUBMIT_SM_RESP, 0, b"\0"), Accepted(provider_id=None)),
    _answer("refused_for_ever", _status(0x0B), Refused(code="ESME_RINVDSTADR", permanent=True)),
    _answer("refused_for_now", _status(0x0A), Refused(code="ESME_RINVSRCADR", permanent=False)),
    _answer("refused_for_now", _status(0x045D), Refused(code="smpp_0x045d", permanent=False)),
    _answer(
        "refused_for_now", pdu(GENERIC_NACK, 0, b"", 0x02), Refused(code="ESME_RINVCMDLEN", permanent=False)
    ),
    _answer("too_many", _status(0x58), Refused(code="ESME_RTHROTTLED", permanent=False)),
    _answer("unavailable", _status(0x14), Refused(code="ESME_RMSGQFUL", permanent=False)),
    _answer("broken", _status(0x08), Unknown(code="ESME_RSYSERR")),
    _answer("broken", _status(0xFF), Unknown(code="ESME_RUNKNOWNERR")),
    _answer("garbage", b"HTTP/1.1 400 Bad Request\r\n\r\n", Unknown(code="unreadable_answer")),
    _answer("garbage", pdu(0x80000003, 0, b"4f2a\0"), Unknown(code="unreadable_answer")),
)


def _deliver_sm(words: str, esm_class: int = _RECEIPT, *parameters: tuple[int, bytes]) -> bytes:
    message = smpp34.DeliverSm(
        "12025550123",
        "12025550100",
        words.encode(),
        source_addr_ton=1,
        source_addr_npi=1,
        esm_class=esm_class,
        tlvs=[smpp34.Tlv(tag, value) for tag, value in parameters],
    )
    return message.encode()


def _in_words(stat: str, err: str = "000") -> bytes:
    return _deliver_sm(_APPENDIX_B.format(id="4f2a", n="001", stat=stat, err=err))


def _in_parameters(state: int) -> bytes:
    return _deliver_sm("", _RECEIPT, (0x001E, b"4f2a\0"), (0x0427, bytes([state])))


def _receipt(raw: bytes, means: Meaning) -> ReceiptCase:
    return ReceiptCase(kind="deliver_sm", raw=raw, means=means)


_RECEIPTS = (
    _receipt(_in_words("ENROUTE"), "handed_over"),
    _receipt(_in_words("ACCEPTD"), "handed_over"),
    _receipt(_in_words("DELIVRD"), "delivered"),
    _receipt(_in_words("EXPIRED", "027"), "not_reached"),
    _receipt(_in_words("DELETED"), "not_reached"),
    _receipt(_in_words("UNDELIV", "001"), "not_reached"),
    _receipt(_in_words("REJECTD", "0Ab"), "not_reached"),
    _receipt(_in_words("UNKNOWN"), "no_news"),
    _receipt(_in_words("TELEPORTED"), "unknown"),
    _receipt(_deliver_sm("ID:4f2a STAT:delivrd"), "delivered"),
    _receipt(_in_parameters(1), "handed_over"),
    _receipt(_in_parameters(2), "delivered"),
    _receipt(_in_parameters(5), "not_reached"),
    _receipt(_in_parameters(8), "not_reached"),
    _receipt(_in_parameters(99), "unknown"),
    _receipt(_deliver_sm("id:4f2a", 0x00, (0x001E, b"4f2a\0")), "unknown"),
    _receipt(_deliver_sm("your message has arrived"), "unknown"),
    _receipt(b"\x00\x00\x00\x14\x00\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00\x01\xff\xff\xff\xff", "unknown"),
)

CASES: Mapping[str, Cases] = {"smpp": Cases(answers=_ANSWERS, receipts=_RECEIPTS)}
