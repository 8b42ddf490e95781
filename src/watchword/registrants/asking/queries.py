"""Requests as officers see them."""

from typing import Any

from django.db import transaction

from watchword.audit.actions import record
from watchword.core.errors import WatchwordError
from watchword.custody.finding.queries import find
from watchword.registrants.addresses import masked
from watchword.registrants.asking.kept import evidence_of, note_of, sought_of
from watchword.registrants.asking.models import Request
from watchword.registrants.asking.records import Shown
from watchword.registrants.asking.review import signs_of
from watchword.registrants.models import ContactPoint
from watchword.registrants.queries import address_of


def list_requests(*, answered: bool = False) -> list[dict[str, Any]]:
    """The requests that wait, oldest first, or those that were answered: ids, states and times only."""
    found = Request.objects.order_by("id")
    waits = {"state": Request.State.WAITING}
    found = found.exclude(**waits) if answered else found.filter(**waits)
    columns = {
        "id": "id",
        "source": "source__name",
        "relation": "relation",
        "state": "state",
        "asked_at": "asked_at",
    }
    return [dict(zip(columns, row, strict=True)) for row in found.values_list(*columns.values())]


@transaction.atomic
def disclose(request_id: int, *, by: str) -> Shown:
    """One request, with who it may be and what speaks against it: a disclosure to the officer, so it is in the ledger.

    WatchwordError where there is none.
    """
    request = Request.objects.select_related("source").filter(pk=request_id).first()
    if request is None:
        raise WatchwordError(f"There is no request {request_id}.")
    record(by, "request.show", f"request:{request.pk}")
    sought = sought_of(request)
    points = ContactPoint.objects.filter(registrant__recipient__request=request).order_by("id")
    return Shown(
        id=request.pk,
        source=request.source.name,
        state=request.state,
        relation=request.relation,
        modes=[recipient.mode for recipient in request.recipients.order_by("id")],
        sought={
            "number": sought.number,
            "name": sought.name,
            "born": sought.born,
            "age": sought.age,
            "birth_country": sought.birth_country,
        },
        evidence=evidence_of(request),
        note=note_of(request),
        watch=request.watch,
        contacts=[f"{point.channel} {masked(address_of(point))}" for point in points],
        signs=signs_of(request),
        asked_at=request.asked_at,
        found=find(sought, source=request.source_id),
        hidden=find(sought, source=request.source_id, hidden=True),
    )
