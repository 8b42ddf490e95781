"""Hiding a person: nobody finds them any more, and whoever was registered for them waits until the office has looked.

A survivor may be in custody herself, and the one who hurt her registered to know where. So protecting does not wait
for anybody: it takes effect in one transaction, and the desk gets the task of looking at who was registered.
"""

from django.db import transaction

from watchword.custody import protection
from watchword.delivery.withdrawing import withdraw_of
from watchword.pipeline import tell_standing
from watchword.registrants import actions as registrants
from watchword.registrants.models import Registration
from watchword.worklist.models import Task
from watchword.worklist.tasks import NewTask, close_tasks, open_tasks


@transaction.atomic
def protect(source: str, key: str, *, by: str, reason: str) -> list[int]:
    """Hide this person from this moment on; the registrations that are withheld by it, for the office to look at."""
    person = protection.protect(source, key, by=by, reason=reason)
    watching = Registration.objects.filter(person=person).order_by("id").values_list("id", flat=True)
    withheld = [number for number in list(watching) if registrants.withhold(number, by=by)]
    if withheld:
        withdraw_of(withheld)
        open_tasks(
            NewTask(
                kind=Task.Kind.PROTECTED_WATCHED,
                subject=f"registration:{number}",
                summary="Its person is protected now, and nothing is sent to it. May this registrant know? `watchword "
                "restore` if so, `watchword end` if not.",
                facts={"person": person.pk},
            )
            for number in withheld
        )
    return withheld


@transaction.atomic
def restore(registration_id: int, *, by: str, reason: str) -> Registration:
    """This registrant may know of a protected person, and is told where the person stands."""
    registration = registrants.restore(registration_id, by=by, reason=reason)
    close_tasks([f"registration:{registration_id}"], by, kinds=[Task.Kind.PROTECTED_WATCHED])
    return tell_standing(registration)
