"""What was wrong and is taken back before anything of it went out: its notices are withdrawn, and never sent.

Whoever may have been told is told of the correction, and so are these: somebody else may have told them.
"""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q

from watchword.core.sql import rows
from watchword.delivery.models import Delivery
from watchword.notices.models import Notice


@transaction.atomic
def withdraw_untold(events: Collection[int]) -> int:
    """Withdraw the open notices of these events of which nothing was attempted yet; return how many.

    A message that tells of something else as well is sent all the same. What was withdrawn is cancelled when it comes
    due. A worker that is claiming one of them at this moment is waited for: then it counts as told.
    """
    messages = {row["leader"] for row in rows(__package__, "wrong_messages", {"events": list(events)})}
    waiting = Delivery.objects.filter(notice__in=messages).order_by("id").select_for_update()
    told = {notice for notice, attempts in waiting.values_list("notice_id", "attempts") if attempts}
    untold = messages - told
    withdrawn = Notice.objects.filter(Q(id__in=untold) | Q(told_with__in=untold), state=Notice.State.OPEN)
    return withdrawn.update(state=Notice.State.WITHDRAWN)


def withdraw_of(registrations: Collection[int]) -> int:
    """Withdraw every notice of these registrations that nobody has confirmed; return how many. None is sent or repeated
    from now on; what is at a provider already cannot be called back."""
    untold = (Notice.State.OPEN, Notice.State.AT_DESK)
    withdrawn = Notice.objects.filter(registration__in=registrations, state__in=untold)
    return withdrawn.update(state=Notice.State.WITHDRAWN)
