"""What a test says on each channel: that it is one, and nothing of any case; and what brings a code."""

from watchword.core.encryption import keyring
from watchword.delivery.channels.push.payload import test_push
from watchword.delivery.links import Links
from watchword.delivery.models import TestMessage
from watchword.delivery.records import Outbound
from watchword.notices.wording import disguise, neutral
from watchword.registrants.addresses import CONTEXT
from watchword.registrants.contact_codes import CODE_CONTEXT, CODE_MINUTES
from watchword.registrants.partners import partner_at


def message(test: TestMessage) -> Outbound:
    """The test, ready for its provider. WatchwordError where it is for a partner that takes no pushes any more."""
    links, point = Links.here(), test.contact_point
    to = keyring().decrypt(test.address, CONTEXT)
    subject, words = neutral(test.language, "test_subject"), neutral(test.language, "test_message")
    if test.code is not None:
        code = keyring().decrypt(test.code, CODE_CONTEXT)
        subject = neutral(test.language, "code_subject")
        words = neutral(test.language, "code_message", code=code, minutes=str(CODE_MINUTES))
    sender_name, url, status_url, message_id = "", "", "", ""
    signing_keys: tuple[bytes, ...] = ()
    match test.channel:
        case "email":
            if point is not None and point.disguise:
                sender_name, subject = disguise(test.language, point.disguise)
                words = neutral(test.language, "test_call")  # which does not name the office
        case "letter":
            pass
        case "text":
            subject, status_url = "", links.status(test.provider, test.channel, test.reference)
        case "voice":
            subject, words = "", ""
            url = links.test_call(test.language, is_tty=point is not None and point.tty)
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
