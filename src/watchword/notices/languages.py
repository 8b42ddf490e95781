"""The template files, read and checked: `templates/<language>.yaml`, one a language, found by being there."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from string import Formatter
from typing import Any, NamedTuple

from watchword.core.errors import WatchwordError
from watchword.core.plain_yaml import read_yaml
from watchword.custody.models import EventKind, Status
from watchword.registrants.models import ContactPoint

FACTS = frozenset(
    {
        *("person", "number", "agency", "source", "office", "office_phone"),
        *("facility", "from_facility", "destination", "elsewhere", "release", "earlier"),
        *("when", "since", "recorded", "as_of"),
        *("release_date", "old_release_date", "court", "old_court", "court_place"),
        *("quiet_from", "quiet_until", "happenings", "status", "watched_until", "stopped", "muted", "feed"),
    }
)
"""The placeholders that a full message may have."""

ALWAYS_KNOWN = frozenset(
    {
        "person",
        "number",
        "agency",
        "source",
        "office",
        "quiet_from",
        "quiet_until",
        "status",
        "watched_until",
        "feed",
    }
)
"""Those that are known whenever they are asked for: the last five belong to a summary, to the end of a watch or to a
silent feed, which always have them."""

NEUTRAL = {
    "email_subject": {"office"},
    "email_body": {"office", "link"},
    "backup_email_subject": {"office"},
    "backup_email_body": {"office", "link"},
    "backup_text": {"office", "link"},
    "email_confirm": {"link"},
    "email_repeat": set(),
    "letter_body": {"office"},
    "backup_letter_body": {"office"},
    "letter_confirm": set(),
    "letter_open": set(),
    "letter_call": {"office_phone"},
    "letter_square": {"link"},
    "text": {"office", "link"},
    "text_confirm": set(),
    "text_repeat": set(),
    "voice_greeting": set(),
    "voice_backup": set(),
    "voice_ask_pin": set(),
    "voice_ask_wrong_number": set(),
    "voice_ask_person": set(),
    "voice_ask_language": set(),
    "voice_wrong_pin": set(),
    "voice_too_many": set(),
    "voice_again": set(),
    "voice_confirmed": set(),
    "voice_wrong_number": set(),
    "voice_goodbye": set(),
    "voice_connecting": set(),
    "voice_nobody": {"office_phone"},
    "voice_voicemail": {"office_phone"},
    "voice_voicemail_more": {"office", "office_phone"},
    "voice_voicemail_without_number": set(),
    "test_subject": {"office"},
    "test_message": {"office"},
    "code_subject": set(),
    "code_message": {"office", "code", "minutes"},
    "code_message_unnamed": {"code", "minutes"},
    "code_place": {"link"},
    "link_subject": set(),
    "link_message": {"office", "link", "minutes"},
    "link_message_unnamed": {"link", "minutes"},
    "change_subject": set(),
    "change_message": {"office"},
    "change_call": set(),
    "test_call": set(),
    "reply_confirmed": set(),
    "reply_unknown_pin": set(),
    "reply_nothing_open": set(),
    "reply_stopped": {"office"},
    "reply_started": {"office"},
    "reply_status_needs_pin": set(),
    "reply_status_elsewhere": {"office", "line"},
    "reply_help": {"office", "office_phone"},
    "reply_help_without_number": {"office"},
}
"""The neutral phrases that every language has, with the placeholders each may have."""

DISGUISES = frozenset(disguise.value for disguise in ContactPoint.Disguise if disguise)
"""What an email may pretend to be, in every language."""

LEDGER = frozenset(
    {
        *(
            f"{channel}_{what}"
            for channel in ("email", "text", "letter")
            for what in ("accepted", "delivered", "not_delivered", "refused", "unknown", "told")
        ),
        *(
            f"voice_{what}"
            for what in (
                *(
                    "called",
                    "answered",
                    "voicemail",
                    "busy",
                    "no_answer",
                    "rejected",
                    "unreachable",
                    "invalid",
                ),
                *("confirmed", "refused", "unknown", "told"),
            )
        ),
        *(f"push_{what}" for what in ("accepted", "refused", "unknown", "told")),
        "at_desk",
    }
)
"""What the ledger of a notice says was done; the one placeholder is `{contact}`, masked."""

KINDS = frozenset(
    {
        *(kind.value for kind in EventKind if kind is not EventKind.UPDATED),
        "released.transferred_out",
        "released.still_held",
        "vanished.still_held",
        "corrected.furloughed",
        "corrected.not_held",
        "feed_silent",
        "feed_restored",
        "summary",
        "watch_ended",
        "contact_stopped",
        *(f"current_status.{status.value}" for status in Status),
        "current_status.transferred_out",
        "current_status.not_listed",
    }
)
"""Everything that is told; what stands after the point is said in words of its own."""


class Review(StrEnum):
    """How far the words of a language can be trusted: what `status:` says in its file."""

    SOURCE = "source"
    """Those that all others are made from."""
    WRITTEN = "written"
    """Written along with the source, sentence by sentence; no translator's review is on record."""
    DRAFT = "draft"
    """Made by a machine, and awaiting a human translator: an office must choose it by name; each message says so."""
    REVIEWED = "reviewed"
    """A human translator has gone through all of it."""


class TemplateError(WatchwordError):
    """A template file that cannot be used; the message names the file, the place in it and what is wrong."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to say a sentence, and the facts that it needs."""

    words: str
    needs: frozenset[str]


Line = tuple[Way, ...]
"""Ways to say one sentence, the fullest first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KindTemplate:
    """The words for one kind: `lines` are written in emails and spoken in calls alike, `text` is shorter."""

    subject: Line
    lines: tuple[Line, ...]
    text: tuple[Line, ...]


class Disguise(NamedTuple):
    """What an email may pretend to be: the name beside our address, and the subject."""

    sender: str
    subject: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Language:
    """One template file."""

    code: str
    version: str
    review: Review
    dates: dict[str, Any]
    person: Line
    release_kinds: dict[str, str]
    earlier: dict[str, str]
    contacts: dict[str, str]
    """A contact point as the registrant is told of it, by its channel: '{contact}' is its masked address."""
    ledger: dict[str, str]
    neutral: dict[str, str]
    disguises: dict[str, Disguise]
    ending_lines: int
    """How many lines of each kind are those that every message ends with: the first of them tells who says so."""
    kinds: dict[str, KindTemplate]


@lru_cache(maxsize=1)
def languages() -> dict[str, Language]:
    """Every language there is a file for, by code. TemplateError where a file lacks or misnames anything."""
    folder = files("watchword.notices") / "templates"
    paths = sorted(
        (path for path in folder.iterdir() if path.name.endswith(".yaml")), key=lambda path: path.name
    )
    return {path.name[:-5]: read_language(path.name[:-5], path.read_text("utf-8")) for path in paths}


def read_language(code: str, text: str) -> Language:
    """The language that this YAML describes."""
    content = read_yaml(text)
    ending = content["ending"]
    kinds = content["kinds"]
    _same(code, "kinds", set(kinds), set(KINDS))
    _same(code, "neutral", set(content["neutral"]), set(NEUTRAL))
    _same(code, "disguises", set(content["disguises"]), set(DISGUISES))
    for key, words in content["neutral"].items():
        _known(code, f"neutral.{key}", words, NEUTRAL[key])
    return Language(
        code=code,
        version=f"{code}-{content['version']}",
        review=_review(code, content.get("status")),
        dates=content["dates"],
        person=_line(
            code, "person", content["person"], frozenset({"first_name", "last_name", "suffix", "number"})
        ),
        release_kinds=content["release_kinds"],
        earlier=content["earlier"],
        contacts=_of_contacts(code, "contacts", content["contacts"], set(ContactPoint.Channel)),
        ledger=_of_contacts(code, "ledger", content["ledger"], set(LEDGER)),
        neutral={key: words.strip() for key, words in content["neutral"].items()},
        disguises={name: Disguise(**words) for name, words in content["disguises"].items()},
        ending_lines=len(ending["lines"]),
        kinds={
            kind: KindTemplate(
                subject=_lines(code, kind, [words["subject"]])[0],
                lines=_lines(code, kind, [*words["lines"], *ending["lines"]]),
                text=_lines(code, kind, [*words["text"], *ending["text"]]),
            )
            for kind, words in kinds.items()
        },
    )


def _review(code: str, status: object) -> Review:
    try:
        return Review(str(status))
    except ValueError:
        raise TemplateError(f"{code}.yaml, status: give one of {', '.join(Review)}.") from None


def _lines(code: str, kind: str, lines: list[Any]) -> tuple[Line, ...]:
    """The lines of one kind; TemplateError where the first could not be said of somebody of whom nothing is known."""
    made = tuple(_line(code, kind, line) for line in lines)
    if not any(way.needs <= ALWAYS_KNOWN for way in made[0]):
        raise TemplateError(
            f"{code}.yaml, {kind}: the first line needs a way that takes no more than {{person}}."
        )
    return made


def _line(code: str, place: str, ways: Any, known: frozenset[str] = FACTS) -> Line:
    if isinstance(ways, str):
        ways = [ways]
    return tuple(Way(words, frozenset(_known(code, place, words, known))) for words in ways)


def _of_contacts(code: str, place: str, phrases: dict[str, str], wanted: set[str]) -> dict[str, str]:
    """Phrases whose one placeholder is a contact point's masked address."""
    _same(code, place, set(phrases), wanted)
    for key, words in phrases.items():
        _known(code, f"{place}.{key}", words, {"contact"})
    return phrases


def _known(code: str, place: str, words: str, known: set[str] | frozenset[str]) -> set[str]:
    """The placeholders of these words; TemplateError for one that nothing would ever fill."""
    used = {name for _, name, _, _ in Formatter().parse(words) if name is not None}
    if not used <= known:
        raise TemplateError(
            f"{code}.yaml, {place}: {sorted(used - known)} cannot be filled; use {sorted(known)}."
        )
    return used


def _same(code: str, place: str, given: set[str], wanted: set[str]) -> None:
    if given != wanted:
        raise TemplateError(
            f"{code}.yaml, {place}: missing {sorted(wanted - given)}; not known {sorted(given - wanted)}."
        )
