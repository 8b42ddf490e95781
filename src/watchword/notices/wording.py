"""Saying it: facts into sentences, in a registrant's language."""

from collections.abc import Set
from dataclasses import replace
from datetime import date, datetime, time
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_name
from django.conf import settings

from watchword.core.errors import WatchwordError
from watchword.custody.models import Status
from watchword.notices.data import as_json
from watchword.notices.languages import Disguise, Language, Line, languages
from watchword.notices.records import Facts, Message

Words = dict[str, str]
"""The known facts, each as it is said in one language."""

FALLBACK = "en"

_TOLD_BRIEFLY = {"feed_silent": 3}
"""Lines of a kind without which its first one would be taken wrongly."""

_SPACES = str.maketrans({"\u202f": " ", "\u00a0": " "})  # babel's fine spaces are not in the GSM alphabet


class WordingError(WatchwordError):
    """Something cannot be said: a phrase is unknown or lacks a value, or no way to say it fits the facts."""


def neutral(language: str, key: str, **values: str) -> str:
    """One of the neutral phrases (`neutral:` in the template files), such as `neutral("en", "text", link=link)`.

    `office` and `office_phone` are filled from the settings. WordingError where a value is missing.
    """
    office = {"office": settings.WATCHWORD.office_name, "office_phone": settings.WATCHWORD.office_phone}
    try:
        return _language(language).neutral[key].format_map(office | values)
    except KeyError as error:
        raise WordingError(f"The phrase {key!r} in {language!r} lacks {error}.") from None


def disguise(language: str, name: str) -> Disguise:
    """What an email pretends to be, for a registrant whose mail somebody else may look over."""
    return _language(language).disguises[name]


def ledger_phrase(language: str, key: str, contact: str) -> str:
    """What was done to tell a notice; `contact` is a masked address, '' where it was done to none."""
    return _language(language).ledger[key].format(contact=contact)


def short_moment(language: str, at: datetime, zone: ZoneInfo) -> str:
    """Day and time in this zone, which is not named."""
    local = at.astimezone(zone)
    return f"{_day(language, local.date())}, {_clock(language, local.hour, local.minute)}"


def version(language: str) -> str:
    """The version of the language's words, such as 'en-1', that is frozen with each wording."""
    return _language(language).version


def render(language: str, facts: Facts, channels: Set[str]) -> dict[str, Message]:
    """The full message on each of these channels (email, text, voice, push).

    An email and a call say the same sentences, so that what a person reads and hears agrees. A push to another office's
    system is the facts themselves.
    """
    words_of = _language(language)
    template = words_of.kinds[_template_key(facts)]
    words = _words(words_of, facts)
    messages = {}
    if channels & {"email", "voice"}:
        lines = _say(template.lines, words)
        messages["email"] = Message(subject=_say((template.subject,), words)[0], body="\n\n".join(lines))
        messages["voice"] = Message(subject="", body=" ".join(lines))
    if "text" in channels:
        messages["text"] = Message(subject="", body=" ".join(_say(template.text, words)))
    if "push" in channels:
        messages["push"] = Message(subject="", body=as_json(facts))
    return {channel: message for channel, message in messages.items() if channel in channels}


def brief(language: str, facts: Facts) -> str:
    """What is so, and who says it, for somebody who asks: without the promise to tell what comes."""
    template = _language(language).kinds[_template_key(facts)]
    told = template.lines[: _TOLD_BRIEFLY.get(facts.kind, 1)]
    who_says = template.lines[-_language(language).ending_lines]
    return " ".join(_say((*told, who_says), _words(_language(language), facts)))


def _language(code: str) -> Language:
    return languages().get(code) or languages()[FALLBACK]


def _template_key(facts: Facts) -> str:
    handed_over = facts.release_kind == "transferred_out"
    if facts.kind == "current_status":
        status = facts.status or "not_listed"
        return f"current_status.{'transferred_out' if status == 'released' and handed_over else status}"
    if facts.still_held and facts.kind in ("released", "vanished"):
        return f"{facts.kind}.still_held"
    match facts.kind, facts.status:
        case "released", _ if handed_over:
            return "released.transferred_out"
        case "corrected", "furloughed":
            return "corrected.furloughed"
        case "corrected", _ if facts.status not in (None, Status.IN_CUSTODY):
            return "corrected.not_held"
    return facts.kind


def _say(lines: tuple[Line, ...], words: Words) -> list[str]:
    """Each line in the first way whose facts are all known; the first line must have one."""
    known = words.keys()
    said = []
    for line in lines:
        for way in line:
            if way.needs <= known:
                sentence = way.words.format_map(words)
                said.append(sentence[0].upper() + sentence[1:])
                break
        else:
            if not said:
                raise WordingError("No way to say the first sentence fits what is known.")
    return said


def _words(language: Language, facts: Facts) -> Words:
    """The known facts as words; an unknown one is not there, so that no sentence can be made with it."""
    code, zone, house = language.code, facts.zone, settings.WATCHWORD
    words = {
        "person": _person(language, facts),
        "number": facts.number,
        "agency": facts.agency,
        "source": facts.source,
        "office": house.office_name,
        "office_phone": house.office_phone,
        "facility": facts.facility,
        "from_facility": facts.from_facility,
        "destination": facts.destination,
        "elsewhere": facts.elsewhere,
        "stopped": _contact(language, facts.stopped),
        "muted": _contact(language, facts.muted),
        "court_place": facts.court_place,
        "release": language.release_kinds.get(facts.release_kind or ""),
        "earlier": language.earlier.get(facts.earlier or ""),
        "when": _moment(code, facts.when, zone),
        "since": _moment(code, facts.since, zone),
        "recorded": _moment(code, facts.recorded, zone),
        "as_of": _moment(code, facts.as_of, zone),
        "court": _moment(code, facts.court, zone),
        "old_court": _moment(code, facts.old_court, zone),
        "release_date": _day(code, facts.release_date),
        "old_release_date": _day(code, facts.old_release_date),
    }
    if facts.kind == "summary":
        words |= {
            "quiet_from": _moment(code, facts.quiet_from, zone),
            "quiet_until": _moment(code, facts.quiet_until, zone),
            "happenings": " ".join(_gist(language, each) for each in facts.happenings),
            "status": _gist(language, replace(facts, kind="current_status")),
        }
    if facts.kind in ("feed_silent", "feed_restored"):
        # It is we who say this, not the agency: the closing words "this comes from" are left out.
        words |= {"feed": f"{facts.agency} ({facts.source})", "agency": None}
    if facts.kind == "feed_restored":
        words["status"] = _gist(language, replace(facts, kind="current_status"))
    if facts.kind == "watch_ended" and facts.watched_until:
        words["watched_until"] = _day(code, facts.watched_until.astimezone(zone).date())
    return {name: value for name, value in words.items() if value}


def _gist(language: Language, facts: Facts) -> str:
    """The one sentence that says what happened, without what is around it."""
    template = language.kinds[_template_key(facts)]
    return _say(template.lines[:1], _words(language, facts))[0]


def _contact(language: Language, contact: tuple[str, str] | None) -> str | None:
    return language.contacts[contact[0]].format(contact=contact[1]) if contact else None


def _person(language: Language, facts: Facts) -> str:
    parts = {
        "first_name": facts.first_name,
        "last_name": facts.last_name,
        "suffix": facts.suffix,
        "number": facts.number,
    }
    known = {name: value for name, value in parts.items() if value}
    return next(way.words.format_map(known) for way in language.person if way.needs <= known.keys())


def _moment(code: str, at: datetime | None, zone: ZoneInfo) -> str | None:
    """The moment in the zone, which is named. Exactly midnight is taken for a day whose time was not told."""
    if at is None:
        return None
    local = at.astimezone(zone)
    day = _day(code, local.date())
    clock = local.time()
    if clock == time():
        return day
    clock_words = _clock(code, clock.hour, clock.minute)
    zone_words = _zone(code, zone, summer=bool(local.dst()))
    return str(_language(code).dates["moment"]).format(day=day, time=clock_words, zone=zone_words)


@lru_cache(maxsize=10_000)
def _day(code: str, day: date | None) -> str | None:
    if day is None:
        return None
    dates = _language(code).dates
    pattern: str = dates["day"]
    if "months" in dates:
        pattern = pattern.replace("MMMM", f"'{dates['months'][day.month - 1]}'")
    return str(format_date(day, pattern, locale=_locale(code)))


@lru_cache(maxsize=10_000)
def _clock(code: str, hour: int, minute: int) -> str:
    pattern = _language(code).dates["time"]
    return format_time(time(hour, minute), pattern, locale=_locale(code)).translate(_SPACES)


@lru_cache(maxsize=10_000)
def _zone(code: str, zone: ZoneInfo, *, summer: bool) -> str:
    dates = _language(code).dates
    variant: Literal["daylight", "standard"] = "daylight" if summer else "standard"
    if "zones" not in dates:
        return get_timezone_name(zone, "long", locale=_locale(code), zone_variant=variant)
    english = get_timezone_name(zone, "long", locale=FALLBACK, zone_variant=variant)
    return str(dates["zones"].get(english, english))


def _locale(code: str) -> str:
    """Whose figures and day periods babel writes: of a language that it does not know, another's that serves."""
    return str(_language(code).dates.get("locale", code))
