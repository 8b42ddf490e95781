"""Messages that this phone was called about: the PIN and the number that they call from open them."""

from watchword.delivery.confirmation import confirm_by_calling_back
from watchword.phone.line.call import Call
from watchword.phone.line.signing_in import wrong
from watchword.phone.line.step import End, Next, Read, entered, saying
from watchword.registrants.addresses import AddressError
from watchword.registrants.models import ContactPoint
from watchword.registrants.queries import contact_points_at


def _pin(call: Call) -> Next:
    knows, delivery = confirm_by_calling_back(_points(call.caller), call.digits)
    if delivery is not None:
        return Read(delivery)
    if knows:
        return End(call.words("reply_nothing_open"))
    return wrong(call, "messages", *call.words("voice_wrong_pin"))


def _points(caller: str) -> list[ContactPoint]:
    try:
        return contact_points_at(ContactPoint.Channel.VOICE, caller)
    except AddressError:
        return []  # a number withheld: nobody's


STEPS = [entered("messages", saying("enter_pin"), _pin)]
