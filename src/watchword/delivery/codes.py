"""Sending the code that shows whose a contact point is: the one message that goes to a contact nobody verified."""

from uuid import uuid4

from django.db import transaction

from watchword.audit.actions import record
from watchword.core.encryption import keyring
from watchword.delivery.channels.registry import names_for
from watchword.delivery.models import TestMessage
from watchword.registrants.contact_codes import CODE_CONTEXT, make_code
from watchword.registrants.models import ContactPoint


@transaction.atomic
def send_code(contact_point_id: int, *, by: str = "registrant") -> None:
    """Have a new code sent to this contact point, if one may be: nobody is told whether it is.

    A worker sends it, once or never; whoever waits in vain asks again.
    """
    code = make_code(contact_point_id)
    if code is None:
        return
    point = ContactPoint.objects.select_related("registrant").get(pk=contact_point_id)
    TestMessage.objects.create(
        reference=uuid4(),
        contact_point=point,
        channel=point.channel,
        provider=names_for(point.channel)[0],
        address=point.address,
        language=point.registrant.language,
        code=keyring().encrypt(code, CODE_CONTEXT),
    )
    record(by, "contact_point.send_code", f"contact_point:{contact_point_id}")
