"""What messages that tell of no case say: a test that it is one; a code; a one-time link; that something was changed,
which may have been somebody else."""

from watchword.core.encryption import keyring
from watchword.delivery.channels.push.payload import test_push
from watchword.delivery.links import Links
from watchword.delivery.models import TestMessage
from watchword.delivery.records import Outbound
from watchword.notices.wording import disguise, neutral
from watchword.registrants.addresses import CONTEXT
from watchword.registrants.coming_back.links import LINK_CONTEXT, LINK_MINUTES
from watchword.registrants.contact_codes import CODE_CONTEXT, CODE_MINUTES
from watchword.registrants.partners import partner_at


def message(test: TestMessage) -> Outbound:
    """The test, ready for its provider. WatchwordError where it is for a partner that takes no pushes any more."""
    links, point = Links.here(), test.contact_point
    to = keyring().decrypt(test.address, CONTEXT)
    is_disguised = test.channel == "email" and point is not None and bool(point.disguise)
    subject, words = _words(test, links, names_office=not is_disguised)
    sender_name, url, status_url, message_id = "", "", "", ""
    signing_keys: tuple[bytes, ...] = ()
    match test.channel:
        case "email":
            if point is not None and point.disguise:
                sender_name, subject = disguise(test.language, point.disguise)
        case "letter":
            pass
        case "text":
            subject, status_url = "", links.status(test.provider, test.channel, test.reference)
        case "voice":
            subject, words = "", ""
            if test.says == TestMessage.Says.CODE:
                url = links.proving_call(test.reference)
            else:
                url = links.test_call(test.language, test.says, is_tty=point is not None and point.tty)
            status_url = links.status(test.provider, test.channel, test.reference)
        case "push":
            push = test_push(partner_at(to), to, test.reference, test.requested_at)
            subject, words = "", push.body
            url, message_id, signing_keys = push.endpoint.url, push.message_id, push.endpoint.keys
        case unknown:
            raise AssertionError(f"no channel {unknown}")
    return Outbound(
        delivery=0,
        reference=test.reference,
        channel=test.channel,
        provider=test.provider,
        urgent=False,
        to=to,
        subject=subject,
        sender_name=sender_name,
        body=words,
        language=test.language,
        url=url,
        status_url=status_url,
        message_id=message_id,
        signing_keys=signing_keys,
    )


def _words(test: TestMessage, links: Links, *, names_office: bool) -> tuple[str, str]:
    """Subject and words; those that do not name the office are for a mail that pretends to be something else."""
    variant = "" if names_office else "_unnamed"
    secret = b"" if test.secret is None else bytes(test.secret)
    match TestMessage.Says(test.says):
        case TestMessage.Says.TEST:
            key, values = ("test_message" if names_office else "test_call"), {}
        case TestMessage.Says.CODE:
            key = f"code_message{variant}"
            values = {"code": keyring().decrypt(secret, CODE_CONTEXT), "minutes": str(CODE_MINUTES)}
            if test.contact_point is not None and not test.contact_point.registrant.pin_hash:
                # Somebody else asked for them: they were not there when the code was asked for, and have no number.
                page = links.give_code(test.contact_point.pk, test.language)
                where = neutral(test.language, "code_place", link=page)
                return neutral(
                    test.language, "code_subject"
                ), f"{neutral(test.language, key, **values)} {where}"
        case TestMessage.Says.LINK:
            key = f"link_message{variant}"
            link = links.one_time(keyring().decrypt(secret, LINK_CONTEXT), test.language)
            values = {"link": link, "minutes": str(LINK_MINUTES)}
        case TestMessage.Says.CHANGE:
            key, values = ("change_message" if names_office else "change_call"), {}
    return neutral(test.language, f"{test.says}_subject"), neutral(test.language, key, **values)
