"""Stopping pushes to a partner, because its endpoint says that it is gone or a person decides so; and going on."""

from django.db import transaction

from watchword.audit.actions import record
from watchword.core.clock import now
from watchword.core.errors import WatchwordError
from watchword.delivery.escalation import after_loss
from watchword.delivery.models import Delivery
from watchword.delivery.states import Move, State, move
from watchword.notices.models import Notice
from watchword.registrants.models import ContactPoint, Partner
from watchword.registrants.partners import partner_called
from watchword.worklist.models import Task
from watchword.worklist.tasks import NewTask, close_tasks, open_tasks

_WHY = "partner_stopped"


@transaction.atomic
def stop_partner(partner_id: int, *, by: str, gone: bool = False) -> bool:
    """Push nothing more to this partner; each open notice goes the next way, or to the desk. Whether that is news.

    `gone`: its own endpoint said so (410). That is a task for the desk, whom nobody else has told.
    """
    # Deliveries are locked before their contact points, as everywhere (stopping.py).
    of_this = Delivery.objects.filter(contact_point__partner=partner_id)
    waiting = of_this.filter(state__in=[State.QUEUED, State.RETRY_WAIT]).order_by("id")
    unsent = list(waiting.select_for_update(of=("self",)).values_list("id", flat=True))
    if not Partner.objects.filter(pk=partner_id, stopped_at=None).update(stopped_at=now()):
        return False
    points = ContactPoint.objects.filter(partner=partner_id, stopped_at=None)
    stopped = points.update(stopped_at=now(), stopped_why=_WHY)
    record(by, "partner.stop", f"partner:{partner_id}", gone=gone, contact_points=stopped)
    move(Move(delivery=each, to=State.CANCELLED) for each in unsent)
    after_loss(of_this.filter(notice__state=Notice.State.OPEN).values_list("id", flat=True))
    if gone:
        open_tasks(
            [
                NewTask(
                    kind=Task.Kind.PARTNER_GONE,
                    subject=f"partner:{partner_id}",
                    summary="A partner's system says that it takes no more pushes at its address. Talk to them.",
                    facts={"partner": partner_id, "contact_points": stopped},
                )
            ]
        )
    return True


@transaction.atomic
def resume_partner(name: str, *, by: str) -> None:
    """Push to it again from now on. What it missed is sent by `replays.ask_for_replays` alone."""
    partner = partner_called(name)
    if not Partner.objects.filter(pk=partner.pk, stopped_at__isnull=False).update(stopped_at=None):
        raise WatchwordError(f"Pushes to {name} are not stopped.")
    points = ContactPoint.objects.filter(partner=partner, stopped_why=_WHY)
    resumed = points.update(stopped_at=None, stopped_why="")
    record(by, "partner.resume", f"partner:{partner.pk}", contact_points=resumed)
    close_tasks([f"partner:{partner.pk}"], by, kinds=[Task.Kind.PARTNER_GONE])
