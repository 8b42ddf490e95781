"""What time alone brings about: calls made again, and notices that nobody confirmed."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from watchword.delivery.escalation import put_at_desk
from watchword.delivery.models import Delivery
from watchword.delivery.states import Move, State, move
from watchword.notices.models import Notice
from watchword.worklist.models import Task

_BATCH = 1_000


@transaction.atomic
def repeat_calls() -> int:
    """Queue again the calls whose time has come and whose notice is still open; return how many.

    A call made again is a new attempt of the same delivery.
    """
    due = Delivery.objects.filter(
        channel="voice", state__in=[State.HANDED_OVER, State.DELIVERED], due_at__lte=Now()
    ).order_by("due_at")
    calls = list(
        due.select_for_update(skip_locked=True, of=("self",)).values_list(
            "id", "notice__state", "contact_point__stopped_at"
        )[:_BATCH]
    )
    wanted = {
        call for call, notice, stopped_at in calls if notice == Notice.State.OPEN and stopped_at is None
    }
    moved = move(Move(delivery=call, to=State.QUEUED, due_in=timedelta()) for call in wanted)
    needless = [call for call, _, _ in calls if call not in wanted]
    Delivery.objects.filter(id__in=needless).update(due_at=None)
    return len(moved)


@transaction.atomic
def give_up_unconfirmed() -> int:
    """Hand to the desk what nobody confirmed in time, and stop trying what was tried; return how many notices.

    What could never be handed over, because a provider is down, still goes out when it can.
    """
    limit = Now() - timedelta(hours=settings.WATCHWORD.confirm_within_hours)
    late = Notice.objects.filter(state=Notice.State.OPEN, told_with=None, tell_from__lt=limit).order_by(
        "tell_from"
    )
    notices = list(late.values_list("id", flat=True)[:_BATCH])
    if not notices:
        return 0
    waiting = Delivery.objects.filter(notice__in=notices, state__in=[State.QUEUED, State.RETRY_WAIT])
    tried = waiting.filter(handed_over_at__isnull=False)
    move(Move(delivery=d, to=State.UNDELIVERABLE) for d in tried.values_list("id", flat=True))
    return put_at_desk(notices, Task.Kind.NOT_CONFIRMED)
