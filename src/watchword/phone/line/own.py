"""Changing what one is told, with number and PIN: the language, quiet hours, a pause; with a code (`sure`) one's
numbers, and about whom one is told."""

from datetime import time
from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from watchword import pipeline
from watchword.core.errors import WatchwordError
from watchword.delivery.changes import tell_of_change
from watchword.phone.line.call import Call
from watchword.phone.line.languages import languages
from watchword.phone.line.signing_in import signed_in
from watchword.phone.line.step import Go, Next, entered, going, listed, menu, nothing, saying
from watchword.phone.line.sure import once_sure
from watchword.registrants import actions, preferences
from watchword.registrants.models import ContactPoint, Registration

_BY = "registrant"
_NIGHT = "22000700"


def begin(call: Call) -> Next:
    """To number and PIN, then to what can be changed."""
    return signed_in(call, "own")


def _language(call: Call, language: str) -> Next:
    preferences.set_language(call.kept.registrant, language, by=_BY)
    call.language = language
    return Go("own", [call.say("language_changed")])


def _night(call: Call) -> Next:
    return _quiet(call, _NIGHT)


def _other_hours(call: Call) -> Next:
    return _quiet(call, call.digits)


def _no_hours(call: Call) -> Next:
    preferences.end_quiet(call.kept.registrant, by=_BY)
    return Go("own", [call.say("quiet_ended")])


def _quiet(call: Call, hours: str) -> Next:
    """From the first four of eight digits until the last four, by the registrant's own clock."""
    registration = _registrations(call).first()
    if registration is None:
        return Go("own", [call.say("nothing_to_change")])
    try:
        starts, ends = (time.fromisoformat(f"{part[:2]}:{part[2:]}") for part in (hours[:4], hours[4:]))
        with transaction.atomic():
            preferences.end_quiet(call.kept.registrant, by=_BY)
            preferences.keep_quiet(registration.registrant, starts=starts, ends=ends, by=_BY)
    except (ValueError, WatchwordError):
        return Go("hours", [call.say("quiet_unusable")])
    return Go("own", [call.say("quiet_changed")])


def _pause(call: Call) -> Next:
    found = list(_registrations(call))
    for each in found:
        actions.pause(each.pk, by=_BY)
    if found:
        tell_of_change(call.kept.registrant)  # whoever has number and PIN need not be the registrant
    return Go("own", [call.say("paused" if found else "nothing_to_change")])


def _go_on(call: Call) -> Next:
    found = list(_registrations(call))
    for each in found:
        if each.state == Registration.State.PAUSED:
            pipeline.resume_registration(each.pk, by=_BY)
    return Go("own", [call.say("resumed" if found else "nothing_to_change")])


def _stop(call: Call) -> Next:
    if not _registrations(call).exists():
        return Go("own", [call.say("nothing_to_change")])
    return once_sure("which_person", call)


def _remove(call: Call) -> Next:
    has_phone = ContactPoint.objects.filter(
        registrant=call.kept.registrant, channel=ContactPoint.Channel.VOICE, backup=False, stopped_at=None
    ).exists()
    return once_sure("old_number", call) if has_phone else Go("own", [call.say("nothing_to_change")])


def _registrations(call: Call) -> QuerySet[Registration]:
    """All that have not ended, and so the same is said whether one of them is withheld or not."""
    found = Registration.objects.filter(registrant=call.kept.registrant)
    return found.exclude(state=Registration.State.ENDED).order_by("id")


STEPS = [
    menu(
        "own",
        nothing,
        {
            "1": ("own_language", going("own_language")),
            "2": ("own_quiet", going("quiet")),
            "3": ("own_pause", going("pause")),
            "4": ("own_number", partial(once_sure, "new_number")),
            "5": ("own_stop", _stop),
            "6": ("own_remove", _remove),
        },
    ),
    listed("own_language", saying("which_language"), languages, _language),
    menu(
        "quiet",
        nothing,
        {
            "1": ("quiet_night", _night),
            "2": ("quiet_other", going("hours")),
            "3": ("quiet_none", _no_hours),
        },
    ),
    menu("pause", nothing, {"1": ("pause_all", _pause), "2": ("pause_ends", _go_on)}),
    entered("hours", saying("enter_quiet"), _other_hours),
]
