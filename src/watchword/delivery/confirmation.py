"""A person gives the PIN: the notice is confirmed, and everything else that was to tell of it stops.

Only this confirms, and the word of a partner whom the office trusts with it: never a delivery report, an opened mail
or an answered call.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from watchword.audit.actions import record
from watchword.core.clock import now
from watchword.core.signing import unsign
from watchword.delivery.call_outcomes import newest_call, note
from watchword.delivery.escalation import PUT_AT_DESK
from watchword.delivery.links import CONFIRM_PUSH, delivery_of
from watchword.delivery.models import Attempt, Delivery
from watchword.delivery.pin_tries import who_knows
from watchword.delivery.states import Move, State, move
from watchword.notices.freezing import freeze_call
from watchword.notices.models import Notice, Wording
from watchword.notices.queries import told_together
from watchword.registrants.models import ContactPoint, Partner
from watchword.worklist.models import Task
from watchword.worklist.tasks import close_tasks

_UNTOLD = (Notice.State.OPEN, Notice.State.AT_DESK)
_RECORDED_WITHIN_SECONDS = 3.0
_MAY_HAVE_ARRIVED = (State.CLAIMED, State.OUTCOME_UNKNOWN)


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What a person who gave the PIN may read."""

    notice: int  # the one that leads the message
    language: str
    subject: str
    body: str


def confirm_on_page(token: str, pin: str) -> list[Told]:
    """The message behind a link, once the PIN is right: its notice, which is then confirmed, and those told with it.

    Nothing alike for a link we never made, a wrong PIN, and a registrant whose tries are locked.
    """
    delivery = _delivery(delivery_of(token))
    knows = who_knows(pin, [delivery.contact_point] if delivery else [])
    if delivery is None or not knows:
        return []
    _confirm([delivery.notice_id], delivery.contact_point, delivery.channel)
    language = delivery.wording.language  # in which it was told; they may have chosen another since
    wordings = [_wording(notice, language, "email") for notice in told_together([delivery.notice_id])]
    return [
        Told(notice=delivery.notice_id, language=language, subject=wording.subject, body=wording.body)
        for wording in wordings
    ]


def confirm_on_call(delivery: int, pin: str) -> bool:
    """Whether the PIN is right; then the call's notice is confirmed, and every other that this phone was told of."""
    called = Delivery.objects.select_related("contact_point__registrant").get(id=delivery)
    if not who_knows(pin, [called.contact_point]):
        return False
    others = _handed_to(called.contact_point, before=now())
    _confirm({called.notice_id, *others}, called.contact_point, "voice")
    call = newest_call(delivery)
    if call is not None:
        note(call, "confirmed")
    return True


def heard_on_call(delivery: int, language: str) -> list[str]:
    """What is read, in this language, to a person who gave the PIN in a call: the call's notice, then what the same PIN
    confirmed beside it."""
    called = Delivery.objects.select_related("notice").get(id=delivery)
    beside = Delivery.objects.filter(
        contact_point=called.contact_point_id,
        state=State.CONFIRMED,
        notice__confirmed_at=called.notice.confirmed_at,  # one PIN, one moment; older news is not read again
    ).exclude(id=delivery)
    numbers = [called.notice_id, *beside.order_by("notice_id").values_list("notice_id", flat=True)]
    notices = told_together(numbers)
    freeze_call(notices, language)
    return [_wording(notice, language, "voice").body for notice in notices]


def confirm_by_calling_back(contact_points: Iterable[ContactPoint], pin: str) -> tuple[bool, int | None]:
    """Whether the PIN is that of one of these contact points, on whose phone somebody calls us; then it confirms every
    open notice that this phone was called about. The delivery of the first of them, for `heard_on_call`, if any."""
    knows = who_knows(pin, list(contact_points))
    for point in knows:
        notices = _handed_to(point, before=now())
        if notices:
            _confirm(notices, point, "voice")
            called = Delivery.objects.filter(contact_point=point, notice=notices[0])
            return True, called.values_list("id", flat=True).get()
    return bool(knows), None


def confirm_by_text(contact_points: Iterable[ContactPoint], pin: str) -> tuple[list[ContactPoint], int]:
    """Those of these contact points whose PIN it is, and how many notices that confirmed.

    It confirms every open notice that was handed over to them before this moment.
    """
    replied_at = now()
    knows = who_knows(pin, list(contact_points))
    confirmed = 0
    for point in knows:
        _let_recording_end(point, replied_at)
        confirmed += _confirm(_handed_to(point, before=replied_at), point, "text")
    return knows, confirmed


def confirm_by_partner(token: str) -> bool:
    """Whether the token is one that a push brought to a partner who may say that a person there told the registrant;
    then the push's notice is confirmed. It stays so, however often this is said."""
    delivery = _delivery(unsign(CONFIRM_PUSH, token))
    partner = delivery.contact_point.partner if delivery else None
    if delivery is None or partner is None or not partner.may_confirm or partner.stopped_at is not None:
        return False
    _confirm([delivery.notice_id], delivery.contact_point, "push", by=f"partner:{partner.name}")
    return True


def confirm_for_partner(notice: Notice, partner: Partner) -> bool:
    """Whether this partner may say that a person there told the registrant; then the notice is confirmed. The caller
    has made sure that the registration is the partner's own."""
    if not partner.may_confirm or partner.stopped_at is not None:
        return False
    _confirm([notice.told_with_id or notice.pk], None, "push", by=f"partner:{partner.name}")
    return True


def confirm_signed_in(notice: int, registrant: int) -> bool:
    """Whether it is a notice of this registrant's, who has signed in with the PIN and says that they have read it; then
    it is confirmed."""
    theirs = Notice.objects.filter(pk=notice, registration__registrant=registrant)
    leading = theirs.values_list("id", "told_with").first()
    if leading is None:
        return False
    _confirm([leading[1] or leading[0]], None, "email")
    return True


def _handed_to(point: ContactPoint, before: datetime) -> list[int]:
    begun = Attempt.objects.filter(delivery=OuterRef("pk"), started_at__lt=before)
    handed = Delivery.objects.filter(
        Exists(begun), contact_point=point, handed_over_at__isnull=False, notice__state__in=_UNTOLD
    )
    return list(handed.order_by("notice_id").values_list("notice_id", flat=True))


def _let_recording_end(point: ContactPoint, replied_at: datetime) -> None:
    """A phone can answer a text before the worker has written down that the provider took it: wait for that."""
    under_way = Delivery.objects.filter(
        contact_point=point,
        state__in=_MAY_HAVE_ARRIVED,
        handed_over_at=None,
        attempt__started_at__lt=replied_at,
    )
    until = time.monotonic() + _RECORDED_WITHIN_SECONDS
    while under_way.exists() and time.monotonic() < until:
        time.sleep(0.05)


@transaction.atomic
def _confirm(
    notices: Iterable[int], point: ContactPoint | None, channel: str, *, by: str = "registrant"
) -> int:
    """Confirm those of these notices, and of those told with them, that nobody has confirmed yet; return how many.

    `point` is None for whoever answered no message: who signed in, or a partner by itself. `channel` "email" stands
    for a page."""
    wanted = list(notices)
    # Everybody locks deliveries before notices, in the order of their ids: so nobody waits for one another for ever.
    of_these = Delivery.objects.filter(notice__in=wanted).order_by("id").select_for_update(of=("self",))
    deliveries = list(of_these.values_list("id", "notice_id", "contact_point_id", "state"))
    told = Notice.objects.filter(Q(id__in=wanted) | Q(told_with__in=wanted))
    untold = told.filter(state__in=_UNTOLD).order_by("id")
    confirmed = list(untold.select_for_update().values_list("id", flat=True))
    if not confirmed:
        return 0
    deliveries = [each for each in deliveries if each[1] in confirmed]
    Notice.objects.filter(id__in=confirmed).update(
        state=Notice.State.CONFIRMED, confirmed_at=now(), confirmed_by_channel=channel
    )
    moves = []
    for delivery, _, contact_point, state in deliveries:
        if point is not None and contact_point == point.pk:
            moves.append(Move(delivery=delivery, to=State.CONFIRMED))
        elif state in (State.QUEUED, State.RETRY_WAIT):
            moves.append(Move(delivery=delivery, to=State.CANCELLED))
    move(moves)
    for notice in confirmed:
        record(by, "notice.confirm", f"notice:{notice}", contact_point=point and point.pk, channel=channel)
    subjects = [f"notice:{notice}" for notice in confirmed]
    subjects += [f"delivery:{delivery}" for delivery, *_ in deliveries]
    close_tasks(
        subjects,
        by,
        kinds=[*PUT_AT_DESK, Task.Kind.OUTCOME_UNKNOWN],
    )
    return len(confirmed)


def _delivery(number: int | None) -> Delivery | None:
    if number is None:
        return None
    wanted = Delivery.objects.select_related("contact_point__registrant", "contact_point__partner", "wording")
    return wanted.filter(id=number).first()


def _wording(notice: Notice, language: str, channel: str) -> Wording:
    """The frozen words of this notice."""
    of = (
        {"event": notice.event_id, "notice": None}
        if notice.event_id
        else {"event": None, "notice": notice.pk}
    )
    return Wording.objects.filter(language=language, channel=channel, **of).latest("id")
