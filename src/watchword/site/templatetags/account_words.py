"""Times and wishes, in the words of a registrant's own pages."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format, time_format
from django.utils.translation import get_language, gettext

from watchword.notices.wording import short_moment
from watchword.registrants.models import Registrant, SilentTime
from watchword.site.account.forms import DISGUISES, WAKE

register = template.Library()

_WEEK = 7


@register.filter
def moment(at: datetime, registrant: Registrant) -> str:
    """Day and time by the registrant's own clock."""
    return short_moment(get_language() or settings.LANGUAGE_CODE, at, ZoneInfo(registrant.time_zone))


@register.filter
def day(at: datetime, registrant: Registrant) -> str:
    """The day by the registrant's own clock."""
    return date_format(at.astimezone(ZoneInfo(registrant.time_zone)).date(), "DATE_FORMAT")


@register.filter
def hours_in_words(silent: SilentTime) -> str:
    """When it is: hours, and of which weekdays; or days."""
    if silent.first_day and silent.last_day:
        days = (silent.first_day, silent.last_day)
        return gettext("%s to %s") % tuple(date_format(each, "DATE_FORMAT") for each in days)
    hours = [each for each in (silent.starts, silent.ends) if each is not None]
    said = gettext("%s to %s") % tuple(time_format(each, "TIME_FORMAT") for each in hours)
    if len(silent.days) == _WEEK:
        return said
    return f"{said} ({', '.join(str(WEEKDAYS_ABBR[number - 1]) for number in silent.days)})"


@register.filter
def wakes_in_words(silent: SilentTime) -> str:
    """What comes through all the same."""
    return str(dict(WAKE)[silent.keeps_back])


@register.filter
def disguise_in_words(name: str) -> str:
    """What an email pretends to be."""
    return str(dict(DISGUISES)[name])
