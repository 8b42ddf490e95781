"""Sending what shows whose a contact point is: a code, the one message that goes to a contact nobody verified, or a
one-time link to a verified one."""

from uuid import uuid4

from django.db import transaction

from watchword.audit.actions import record
from watchword.core.encryption import keyring
from watchword.delivery.channels.registry import names_for
from watchword.delivery.models import TestMessage
from watchword.registrants.coming_back.links import LINK_CONTEXT, take_wishes
from watchword.registrants.contact_codes import CODE_CONTEXT, make_code
from watchword.registrants.models import ContactPoint

_BATCH = 100


@transaction.atomic
def send_code(contact_point_id: int, *, by: str = "registrant") -> None:
    """Have a new code sent to this contact point, if one may be: nobody is told whether it is.

    A worker sends it, once or never; whoever waits in vain asks again.
    """
    _send_new(contact_point_id, by, by_call=False)


@transaction.atomic
def call_back(contact_point_id: int, *, by: str = "registrant") -> None:
    """Have this phone called, if it may be: whoever picks up and enters the PIN has shown that it is theirs
    (phone/proving.py). The code of that call is never said; it makes the call good once, and for a while."""
    _send_new(contact_point_id, by, by_call=True)


def _send_new(contact_point_id: int, by: str, *, by_call: bool) -> None:
    code = make_code(contact_point_id, by_call=by_call)
    if code is None:
        return
    point = ContactPoint.objects.select_related("registrant").get(pk=contact_point_id)
    _send(point, TestMessage.Says.CODE, keyring().encrypt(code, CODE_CONTEXT))
    record(by, "contact_point.send_code", f"contact_point:{contact_point_id}")


@transaction.atomic
def send_links() -> int:
    """Send the one-time links that were wished for, where they may be; how many that were."""
    granted = take_wishes(_BATCH)
    for point, token in granted:
        _send(point, TestMessage.Says.LINK, keyring().encrypt(token, LINK_CONTEXT))
        record("system", "contact_point.send_link", f"contact_point:{point.pk}")
    return len(granted)


def _send(point: ContactPoint, says: TestMessage.Says, secret: bytes) -> None:
    TestMessage.objects.create(
        reference=uuid4(),
        contact_point=point,
        says=says,
        channel=point.channel,
        provider=names_for(point.channel)[0],
        address=point.address,
        language=point.registrant.language,
        secret=secret,
    )
