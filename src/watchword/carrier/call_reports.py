"""What the customer is told of a call: with every webhook, at each step, and who took it."""

from email.utils import format_datetime

from watchword.carrier.exchange import Exchange
from watchword.carrier.receipts import Form
from watchword.carrier.records import Call
from watchword.core import clock


def params_of(exchange: Exchange, call: Call) -> dict[str, str]:
    """What every webhook of a call is told."""
    return {
        "CallSid": call.sid,
        "AccountSid": exchange.account,
        "From": call.from_,
        "To": call.to,
        "Caller": call.from_,
        "Called": call.to,
        "CallStatus": call.status,
        "Direction": call.direction,
        "ApiVersion": "2010-04-01",
        **({"ParentCallSid": call.parent_sid} if call.parent_sid else {}),
        **_answered_by(call),
    }


def _answered_by(call: Call) -> dict[str, str]:
    """What every webhook says of who took the call, where the call was held up to find it out."""
    held_up = call.detection is not None and call.detection.holds_up_the_call
    return {"AnsweredBy": call.answered_by} if held_up and call.answered_by else {}


def tell_step(exchange: Exchange, call: Call, event: str) -> None:
    """It was `initiated`, is `ringing`, was `answered` or is `completed`, where the customer asked to hear of that."""
    if not call.callback or event not in call.callback_events:
        return
    params = params_of(exchange, call) | {
        "Timestamp": format_datetime(clock.now()),
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(call.reported),
    }
    if event == "initiated":
        params["CallStatus"] = "initiated"
    if event == "completed":
        params |= {"CallDuration": str(call.duration or 0), "SipResponseCode": str(call.sip_code)}
    call.reported += 1
    exchange.receipts.send(call.sid, Form(call.callback, params, call.callback_method))


def tell_who_took(exchange: Exchange, call: Call, seconds: int) -> None:
    """A person or a machine took it, as was found out so long after; where the call goes on meanwhile."""
    detection = call.detection
    if detection is None or detection.holds_up_the_call or not detection.callback:
        return
    params = {
        "CallSid": call.sid,
        "AccountSid": exchange.account,
        "AnsweredBy": call.answered_by or "",
        "MachineDetectionDuration": str(seconds * 1000),
    }
    exchange.receipts.send(call.sid, Form(detection.callback, params, detection.callback_method))
