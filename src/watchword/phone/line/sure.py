"""What would cut a registrant off needs a code to one of their contacts beside the PIN, on the phone as on the page."""

from functools import partial
from zoneinfo import ZoneInfo

from watchword.account import actions as account
from watchword.core.errors import WatchwordError
from watchword.delivery.codes import send_code
from watchword.feeds.mapping import load
from watchword.notices.wording import short_moment
from watchword.phone.line.call import Call
from watchword.phone.line.signing_in import wrong
from watchword.phone.line.step import Go, Next, Option, entered, listed, saying
from watchword.phone.twiml import Spoken
from watchword.registrants.coming_back import sessions
from watchword.registrants.coming_back.models import Session
from watchword.registrants.models import ContactPoint, Registrant, Registration
from watchword.registrants.queries import address_of

_END_OF_A_NUMBER = 2  # digits that are said of it


def once_sure(then: str, call: Call) -> Next:
    """On to this step, once a code that was sent to a contact of theirs is given back."""
    call.keep(then=then)
    session = _session(call)
    if sessions.is_sure(session):
        return Go(then)
    has_contact = sessions.may_send_code_to(session).exists()
    return Go("contact") if has_contact else Go("own", [call.say("no_contact")])


def _session(call: Call) -> Session:
    """Begun at the first such wish; once it is over, another, which has to be made sure again."""
    going_on = sessions.current(call.kept.session)
    if going_on is not None and going_on.registrant_id == call.kept.registrant:
        return going_on
    registrant = Registrant.objects.get(pk=call.kept.registrant)
    call.keep(session=sessions.begin(registrant, call.language))
    return _session(call)


def _contacts(call: Call) -> list[Option]:
    points = sessions.may_send_code_to(_session(call))
    return [Option(str(point.pk), partial(_offer_contact, call, point)) for point in points]


def _offer_contact(call: Call, point: ContactPoint, key: str) -> Spoken:
    address = address_of(point)
    if point.channel == ContactPoint.Channel.EMAIL:
        return call.say("by_email", domain=address.rpartition("@")[2], key=key)
    return call.say("by_text", end=" ".join(address[-_END_OF_A_NUMBER:]), key=key)


def _contact(call: Call, number: str) -> Next:
    send_code(int(number))
    call.keep(contact=int(number))
    return Go("own_code")


def _code(call: Call) -> Next:
    if sessions.prove_by_code(_session(call), call.kept.contact, call.digits):
        return Go(call.kept.then)
    return wrong(call, "own_code", call.say("wrong_code"))


def _add_number(call: Call) -> Next:
    try:
        account.add_contact(_session(call), email=None, phone=call.digits)
    except sessions.NotSureError:
        return once_sure("new_number", call)
    except WatchwordError:
        return Go("new_number", [call.say("phone_unusable")])
    return Go("prove", [call.say("number_added")])


def _numbers(call: Call) -> list[Option]:
    """Their phones, each once: whatever is texted can be called."""
    own = ContactPoint.objects.filter(
        registrant=call.kept.registrant, channel=ContactPoint.Channel.VOICE, backup=False, stopped_at=None
    )
    return [Option(str(point.pk), partial(_offer_number, call, point)) for point in own.order_by("id")]


def _offer_number(call: Call, point: ContactPoint, key: str) -> Spoken:
    return call.say("old_number", end=" ".join(address_of(point)[-_END_OF_A_NUMBER:]), key=key)


def _remove_number(call: Call, number: str) -> Next:
    try:
        account.remove_contact(_session(call), int(number), whole_number=True)
    except sessions.NotSureError:
        return once_sure("old_number", call)
    except account.LastContactError:
        return Go("own", [call.say("last_contact")])
    return Go("own", [call.say("number_removed")])


def _registrations(call: Call) -> list[Option]:
    """By their list and the day they began: a name could tell what is not told any more."""
    going_on = Registration.objects.filter(registrant=call.kept.registrant).exclude(
        state=Registration.State.ENDED
    )
    found = going_on.select_related("person__source", "registrant").order_by("id")
    return [Option(str(each.pk), partial(_offer_registration, call, each)) for each in found]


def _offer_registration(call: Call, registration: Registration, key: str) -> Spoken:
    zone = ZoneInfo(registration.registrant.time_zone)
    began = short_moment(call.language, registration.created_at, zone)
    return call.say("choice", name=f"{load(registration.person.source.mapping).title}, {began}", key=key)


def _end(call: Call, number: str) -> Next:
    try:
        account.end_registration(_session(call), int(number))
    except sessions.NotSureError:
        return once_sure("which_person", call)
    return Go("own", [call.say("ended")])


STEPS = [
    listed("contact", saying("which_contact"), _contacts, _contact),
    entered("own_code", saying("enter_code"), _code),
    entered("new_number", saying("enter_phone"), _add_number),
    listed("old_number", saying("which_number"), _numbers, _remove_number),
    listed("which_person", saying("which_person"), _registrations, _end),
]
