"""How a registrant wants to be told: in which order, when not, and who else may be asked to reach them.

Each change is in the ledger, in the same transaction.
"""

from collections.abc import Collection
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from watchword.audit.actions import record
from watchword.core.clock import now, time_zones
from watchword.core.errors import WatchwordError
from watchword.registrants.contacts import addresses_given, protected
from watchword.registrants.models import ContactPoint, Registrant, SilentTime
from watchword.registrants.silence import opens_at, silences

LONGEST_BLACKOUT = timedelta(days=60)
HIGHEST_RUNG = 9
_EVERY_DAY = range(1, 8)
_MORE_THAN_A_WEEK = timedelta(days=8)


@transaction.atomic
def set_rung(contact_point_id: int, rung: int, *, by: str) -> None:
    """Put a contact point on this rung of the ladder, 1 first; ties are allowed."""
    if not 1 <= rung <= HIGHEST_RUNG:
        raise WatchwordError(f"Give a rung from 1 to {HIGHEST_RUNG}.")
    _change(contact_point_id, by, "rung", rung)


@transaction.atomic
def set_voicemail(contact_point_id: int, *, says_more: bool, by: str) -> None:
    """Whether a voicemail at this contact point may say more than "please call back"; never of the case."""
    _change(contact_point_id, by, "voicemail_says_more", says_more)


@transaction.atomic
def set_language(registrant_id: int, language: str, *, by: str) -> None:
    """The language of what is sent to a registrant from now on. WatchwordError where the office does not write it."""
    if language not in dict(settings.LANGUAGES):
        raise WatchwordError("We cannot write in this language yet.")
    Registrant.objects.filter(pk=registrant_id).update(language=language)
    record(by, "registrant.language", f"registrant:{registrant_id}", language=language)


@transaction.atomic
def set_time_zone(registrant_id: int, time_zone: str, *, by: str) -> None:
    """The clock that their hours and times go by, an IANA name. WatchwordError where it is none."""
    if time_zone not in time_zones():
        raise WatchwordError("That is not a time zone. Give an IANA name, such as America/New_York.")
    Registrant.objects.filter(pk=registrant_id).update(time_zone=time_zone)
    record(by, "registrant.time_zone", f"registrant:{registrant_id}", time_zone=time_zone)


@transaction.atomic
def end_quiet(registrant_id: int, *, by: str) -> None:
    """No quiet hours any more; days without messages and never-safe hours stay."""
    quiet = SilentTime.objects.filter(registrant=registrant_id, kind=SilentTime.Kind.QUIET)
    for number in list(quiet.order_by("id").values_list("id", flat=True)):
        end_silence(number, by=by)


@transaction.atomic
def name_backup(
    registration_id: int,
    *,
    email: str | None,
    phone: str | None,
    letter: str | None = None,
    verified: bool,
    by: str,
) -> list[ContactPoint]:
    """Another person's contact points, who is asked to reach the registrant when nothing else did.

    `verified`: `by` made sure that this person is who was named, and agrees. Until then nothing is sent there.
    """
    registrant = registrant_of(registration_id)
    given = addresses_given(email, phone, letter)
    if not given:
        raise WatchwordError(
            "Give the email, phone number or postal address of whoever may be asked to reach them."
        )
    made = []
    for channel, address in given:
        kept = protected(address)
        if ContactPoint.objects.filter(
            registrant=registrant, channel=channel, address_index=kept["address_index"]
        ).exists():
            raise WatchwordError("This is a contact of the registrant already. Name another person's.")
        made.append(
            ContactPoint.objects.create(
                registrant=registrant,
                channel=channel,
                backup=True,
                verified_at=now() if verified else None,
                **kept,
            )
        )
    for point in made:
        record(by, "contact_point.name_backup", f"contact_point:{point.pk}", verified=verified)
    return made


@transaction.atomic
def keep_quiet(
    registrant: Registrant,
    *,
    starts: time,
    ends: time,
    days: Collection[int] = _EVERY_DAY,
    keeps_back: SilentTime.KeepsBack = SilentTime.KeepsBack.ROUTINE,
    by: str,
) -> SilentTime:
    """Quiet hours, by the registrant's own clock; `days` are the weekdays on which they begin, Monday is 1."""
    return _keep_silent(
        SilentTime(
            registrant=registrant,
            kind=SilentTime.Kind.QUIET,
            keeps_back=keeps_back,
            days=_weekdays(days),
            starts=starts,
            ends=ends,
        ),
        by,
    )


@transaction.atomic
def black_out(
    registrant: Registrant,
    *,
    first_day: date,
    last_day: date,
    keeps_back: SilentTime.KeepsBack = SilentTime.KeepsBack.ROUTINE,
    by: str,
) -> SilentTime:
    """Whole days without messages, by the registrant's own clock; they yield as quiet hours do."""
    if last_day < first_day:
        raise WatchwordError("The last day comes before the first.")
    if last_day - first_day >= LONGEST_BLACKOUT:
        raise WatchwordError(
            f"At most {LONGEST_BLACKOUT.days} days without messages; for longer, pause the registration."
        )
    return _keep_silent(
        SilentTime(
            registrant=registrant,
            kind=SilentTime.Kind.BLACKOUT,
            keeps_back=keeps_back,
            first_day=first_day,
            last_day=last_day,
        ),
        by,
    )


@transaction.atomic
def never_safe(
    contact_point_id: int, *, starts: time, ends: time, days: Collection[int] = _EVERY_DAY, by: str
) -> SilentTime:
    """Hours in which somebody else may see or hear this contact point: nothing goes there then, whatever it is."""
    point = _contact_point(contact_point_id)
    return _keep_silent(
        SilentTime(
            registrant=point.registrant,
            contact_point=point,
            kind=SilentTime.Kind.NEVER_SAFE,
            keeps_back=SilentTime.KeepsBack.ALL,
            days=_weekdays(days),
            starts=starts,
            ends=ends,
        ),
        by,
    )


@transaction.atomic
def end_silence(silent_time_id: int, *, by: str) -> None:
    """This silent time is over for good."""
    found = SilentTime.objects.filter(pk=silent_time_id)
    registrant = found.values_list("registrant_id", flat=True).first()
    if registrant is None:
        raise WatchwordError(f"There is no silent time {silent_time_id}.")
    found.delete()
    record(by, "silent_time.end", f"registrant:{registrant}", silent_time=silent_time_id)


def registrant_of(registration_id: int) -> Registrant:
    """Whose registration this is; WatchwordError where there is none."""
    registrant = Registrant.objects.filter(registrations=registration_id).first()
    if registrant is None:
        raise WatchwordError(f"There is no registration {registration_id}.")
    return registrant


@transaction.atomic
def set_tty(contact_point_id: int, *, is_tty: bool, by: str) -> None:
    """Whether calls to this contact point sound as a text telephone's tones. WatchwordError where it takes no calls."""
    if _contact_point(contact_point_id).channel != ContactPoint.Channel.VOICE:
        raise WatchwordError("Only a contact point for calls can be a text telephone.")
    _change(contact_point_id, by, "tty", is_tty)


def _contact_point(number: int) -> ContactPoint:
    point = ContactPoint.objects.select_related("registrant").filter(pk=number).first()
    if point is None:
        raise WatchwordError(f"There is no contact point {number}.")
    return point


def _change(contact_point_id: int, by: str, field: str, value: int) -> None:
    point = _contact_point(contact_point_id)
    setattr(point, field, value)
    point.save(update_fields=[field])
    record(by, "contact_point.change", f"contact_point:{contact_point_id}", changed={field: value})


def _weekdays(days: Collection[int]) -> list[int]:
    wanted = sorted(set(days))
    if not wanted or not set(wanted) <= set(_EVERY_DAY):
        raise WatchwordError("Give weekdays from 1, Monday, to 7, Sunday.")
    return wanted


def _keep_silent(silent: SilentTime, by: str) -> SilentTime:
    silent.save()
    registrant = silent.registrant
    zone, at = ZoneInfo(registrant.time_zone), now()
    hours = registrant.silent_times.exclude(starts=None)
    for point in ContactPoint.objects.filter(registrant=registrant, stopped_at=None):
        for urgent, never in (
            (True, "could never be used. Leave it an hour of the week, or stop it."),
            (False, "would never get what is routine. Leave it an hour of the week."),
        ):
            kept = silences(hours, point.pk, urgent=urgent, wakes=False)
            if opens_at(at, kept, zone) > at + _MORE_THAN_A_WEEK:
                raise WatchwordError(f"With this, contact point {point.pk} {never}")
    record(
        by,
        f"silent_time.{silent.kind}",
        f"registrant:{registrant.pk}",
        silent_time=silent.pk,
        contact_point=silent.contact_point_id,
        keeps_back=silent.keeps_back,
    )
    return silent
