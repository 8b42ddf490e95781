"""Changing what one is told, with number and PIN: the language, quiet hours, a pause."""

from datetime import time

from django.db import transaction
from django.db.models import QuerySet

from watchword import pipeline
from watchword.core.errors import WatchwordError
from watchword.phone.line.call import Call
from watchword.phone.line.languages import languages
from watchword.phone.line.signing_in import signed_in
from watchword.phone.line.step import Go, Next, entered, going, listed, menu, nothing, saying
from watchword.registrants import actions, preferences
from watchword.registrants.models import Registration

_BY = "registrant"
_NIGHT = "22000700"
_GOING_ON = (Registration.State.ACTIVE, Registration.State.PAUSED)


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


def _pause_or_go_on(call: Call) -> Next:
    """All that is active is paused; where nothing is, what was paused goes on."""
    found = list(_registrations(call))
    active = [each for each in found if each.state == Registration.State.ACTIVE]
    for each in active:
        actions.pause(each.pk, by=_BY)
    for each in [] if active else found:
        pipeline.resume_registration(each.pk, by=_BY)
    said = "paused" if active else "resumed" if found else "nothing_to_change"
    return Go("own", [call.say(said)])


def _registrations(call: Call) -> QuerySet[Registration]:
    found = Registration.objects.filter(registrant=call.kept.registrant, state__in=_GOING_ON)
    return found.select_related("registrant").order_by("id")


STEPS = [
    menu(
        "own",
        nothing,
        {
            "1": ("own_language", going("own_language")),
            "2": ("own_quiet", going("quiet")),
            "3": ("own_pause", _pause_or_go_on),
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
    entered("hours", saying("enter_quiet"), _other_hours),
]
