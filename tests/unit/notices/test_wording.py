"""Every message, on every channel, in every language, whatever is known and whatever is not."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from watchword.config.languages import NAMES
from watchword.core.segments import segments
from watchword.custody.models import Status
from watchword.delivery.links import Links
from watchword.feeds.fields import RELEASE_KINDS
from watchword.notices.languages import KINDS, Review, languages
from watchword.notices.records import Facts
from watchword.notices.wording import WordingError, neutral, render

CHANNELS = {"email", "text", "voice"}
LANGUAGES = sorted(languages())
WRITTEN_WITH_LATIN_LETTERS = (
    "en",
    "es",
    "fr",
    "ht",
)  # Polish has letters in every word that cost as much as Russian's

OPTIONAL: dict[str, Any] = {
    "first_name": "Ana",
    "last_name": "Example",
    "facility": "North Jail",
    "from_facility": "South Jail",
    "destination": "Mexico",
    "elsewhere": "West Jail",
    "earlier": "vanished",
    "when": datetime(2026, 3, 3, 19, 5, tzinfo=UTC),
    "since": datetime(2026, 3, 2, 15, 5, tzinfo=UTC),
    "recorded": datetime(2026, 3, 3, 19, 20, tzinfo=UTC),
    "as_of": datetime(2026, 3, 3, 19, 21, tzinfo=UTC),
    "release_date": date(2026, 8, 9),
    "old_release_date": date(2026, 7, 5),
    "court": datetime(2026, 4, 3, 13, 30, tzinfo=UTC),
    "old_court": datetime(2026, 4, 1, 13, 30, tzinfo=UTC),
    "court_place": "Room 4",
    "stopped": ("text", "***23"),
    "muted": ("email", "b***@example.org"),
}
BASE = Facts(
    kind="booked",
    zone=ZoneInfo("America/New_York"),
    agency="Harbor County",
    source="Jail List",
    number="1001",
)
GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)


def facts_of(kind: str) -> Facts:
    """The facts that lead to this entry of the template files, with nothing else known."""
    if kind == "released.transferred_out":
        return replace(BASE, kind="released", release_kind="transferred_out")
    if kind in ("released.still_held", "vanished.still_held"):
        return replace(BASE, kind=kind.removesuffix(".still_held"), still_held=True)
    if kind == "corrected.furloughed":
        return replace(BASE, kind="corrected", status="furloughed")
    if kind == "current_status.transferred_out":
        return replace(BASE, kind="current_status", status="released", release_kind="transferred_out")
    if kind == "summary":
        quiet = {"quiet_from": OPTIONAL["since"], "quiet_until": OPTIONAL["when"]}
        return replace(BASE, kind="summary", status="in_custody", **quiet)
    if kind == "watch_ended":
        return replace(BASE, kind=kind, watched_until=OPTIONAL["when"])
    if kind == "contact_stopped":
        return Facts(kind=kind, zone=BASE.zone, number=BASE.number)
    kind, _, status = kind.partition(".")
    return replace(BASE, kind=kind, status=None if status == "not_listed" else status or None)


def every_knowledge(language: str, kind: str) -> Iterator[Facts]:
    """Combinations of known and unknown among the facts that this template speaks of; of English, each there is."""
    template = languages()[language].kinds[kind]
    spoken_of = {need for line in (*template.lines, *template.text) for way in line for need in way.needs}
    names = ["first_name", "last_name", *sorted(spoken_of & OPTIONAL.keys())]
    for known in product([True, False], repeat=len(names)) if language == "en" else _few(len(names)):
        yield replace(
            facts_of(kind),
            **{name: OPTIONAL[name] for name, is_known in zip(names, known, strict=True) if is_known},
        )


def _few(count: int) -> Iterator[tuple[bool, ...]]:
    """All, none, each alone, and all but each: enough where each way needs what English needs (tested below)."""
    yield (True,) * count
    yield (False,) * count
    for place in range(count):
        yield tuple(at == place for at in range(count))
        yield tuple(at != place for at in range(count))


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_is_known_it_can_be_said(language: str, kind: str) -> None:
    for facts in every_knowledge(language, kind):
        messages = render(language, facts, CHANNELS)
        assert messages.keys() == CHANNELS
        for message in messages.values():
            said = f"{message.subject} {message.body}"
            assert not re.search(r"[{}]|None|  |\( *\)| [.,;:。،।۔]|\.\.|,\.", said.strip()), said
            begins = message.body[0]
            assert begins == "¿" or (begins.isalnum() and begins == begins.upper())
            assert message.body[-1] in ".?。？।۔؟"
        assert messages["email"].subject[0] == messages["email"].subject[0].upper()


@pytest.mark.parametrize("kind", sorted(KINDS - {"summary", "contact_stopped"}))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_says_of_whom_it_speaks_and_who_told_us(language: str, kind: str) -> None:
    named = replace(facts_of(kind), first_name="Ana", last_name="Example", recorded=OPTIONAL["recorded"])
    for message in render(language, named, CHANNELS).values():
        assert "Ana Example" in message.body
        assert "Harbor County" in message.body
    for message in render(language, facts_of(kind), CHANNELS).values():
        assert "1001" in message.body, "somebody without a name is spoken of by their number"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("release_kind", [kind for kind in RELEASE_KINDS if kind != "transferred_out"])
def test_the_kind_of_release_is_named_or_said_to_be_unknown(language: str, release_kind: str) -> None:
    unknown = render(language, replace(facts_of("released")), CHANNELS)
    told = render(language, replace(facts_of("released"), release_kind=release_kind), CHANNELS)
    named = languages()[language].release_kinds.get(release_kind)
    for channel in CHANNELS:
        if named:
            assert named in told[channel].body
        else:
            assert told[channel] == unknown[channel]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_status_a_correction_can_take_back_has_words(language: str) -> None:
    gone = {status.value for status in Status} - {Status.IN_CUSTODY, Status.FURLOUGHED}
    assert languages()[language].earlier.keys() == gone


@pytest.mark.parametrize(
    ("zone", "language", "words"),
    [
        ("America/New_York", "en", "March 3, 2026 at 2:05 PM Eastern Standard Time"),
        ("America/Chicago", "en", "March 3, 2026 at 1:05 PM Central Standard Time"),
        ("America/New_York", "es", "3 de marzo de 2026, 14:05 h (hora estándar oriental)"),
        ("UTC", "es", "3 de marzo de 2026, 19:05 h (tiempo universal coordinado)"),
    ],
)
def test_times_are_told_in_the_sources_zone_which_is_named(zone: str, language: str, words: str) -> None:
    facts = replace(facts_of("booked"), when=OPTIONAL["when"], zone=ZoneInfo(zone))
    assert words in render(language, facts, {"email"})["email"].body


def test_summer_time_is_named_as_such_and_midnight_is_a_day_without_a_time() -> None:
    summer = replace(facts_of("booked"), when=datetime(2026, 7, 3, 18, 5, tzinfo=UTC))
    assert "2:05 PM Eastern Daylight Time" in render("en", summer, {"voice"})["voice"].body
    midnight = replace(facts_of("booked"), when=datetime(2026, 7, 3, 4, 0, tzinfo=UTC))
    assert "on July 3, 2026." in render("en", midnight, {"voice"})["voice"].body


def test_a_summary_tells_what_happened_in_order_and_how_things_stand() -> None:
    moved = replace(facts_of("transferred"), facility="North Jail")
    left = replace(facts_of("released"), when=OPTIONAL["when"])
    summary = replace(facts_of("summary"), status="released", happenings=(moved, left))
    body = render("en", summary, {"email"})["email"].body
    assert (
        0
        < body.index("moved to North Jail")
        < body.index("released on March 3")
        < body.rindex("was released.")
    )
    assert "Nothing changed" not in body
    assert "Nothing changed" in render("en", facts_of("summary"), {"email"})["email"].body


@pytest.mark.parametrize(
    ("language", "words"), [("en", "until March 3, 2026."), ("es", "Hasta el 3 de marzo de 2026 ")]
)
def test_the_end_of_a_watch_names_its_day_and_whom_to_ask_for_another(
    language: str, words: str, settings: Any
) -> None:
    late = datetime(2026, 3, 4, 4, 30, tzinfo=UTC)  # the evening before, where the source is
    ended = replace(facts_of("watch_ended"), watched_until=late)
    for phone in ("", "+1 202 555 0190"):
        settings.WATCHWORD = settings.WATCHWORD.model_copy(
            update={"office_name": "Harbor Victim Services", "office_phone": phone}
        )
        for message in render(language, ended, CHANNELS).values():
            assert words in message.body
            assert "Harbor Victim Services" in message.body
            assert phone in message.body


def test_english_texts_fit_the_alphabet_of_phones() -> None:
    for kind in KINDS:
        for facts in every_knowledge("en", kind):
            assert set(render("en", facts, {"text"})["text"].body) <= GSM
    for key, words in languages()["en"].neutral.items():
        assert set(words) - {"{", "}"} <= GSM, key


@pytest.mark.parametrize("how", ["stopped", "muted"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stopped_contact_is_told_of_in_words_that_name_nobody_and_no_case(language: str, how: str) -> None:
    facts, contact = replace(facts_of("contact_stopped"), when=OPTIONAL["when"]), ("text", "***23")
    facts = replace(facts, stopped=contact) if how == "stopped" else replace(facts, muted=contact)
    for message in render(language, facts, CHANNELS).values():
        assert "***23" in message.body
        assert not re.search(r"Ana|1001|Harbor County|custod|listed|lista|release", message.body)


def syllables(word: str) -> int:
    groups = re.findall(r"[aeiouy]+", word.lower().removesuffix("e"))
    return max(1, len(groups))


def grade(text: str) -> float:
    """Flesch-Kincaid: years of school that a reader needs."""
    words = re.findall(r"[A-Za-z0-9:']+", text)
    sentences = len(re.findall(r"[.?:](?:\s|$)", text))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def test_the_grade_is_measured_rightly() -> None:
    assert grade("The cat sat on the mat.") < 1
    assert (
        grade("Notwithstanding the aforementioned provisions, custodial determinations remain discretionary.")
        > 15
    )


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_english_is_plain(kind: str) -> None:
    for facts in every_knowledge("en", kind):
        body = render("en", facts, {"email"})["email"].body
        assert grade(body) <= 7, body


def test_neutral_phrases_are_plain_and_say_nothing_of_a_case() -> None:
    values = {"link": "here", "code": "123456", "minutes": "15", "line": "+1 202 555 0100"}
    said = [neutral("en", key, **values) for key in languages()["en"].neutral]
    assert grade(" ".join(said)) <= 6
    assert not re.search(r"custody|jail|prison|held|release|victim|inmate", " ".join(said), re.IGNORECASE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_neutral_text_fits_one_segment_with_its_link_or_three_of_other_alphabets(
    language: str, settings: Any
) -> None:
    changed = {
        "office_name": "Harbor County Notification Service",
        "public_url": "https://notices.harbor.example",
    }
    settings.WATCHWORD = settings.WATCHWORD.model_copy(update=changed)
    said = neutral(language, "text", link=Links.here().page(10**9, language))
    assert segments(said) <= (1 if set(said) <= GSM else 3), said


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_has_punctuation_that_makes_a_text_dearer(language: str) -> None:
    """Curly quotes, long dashes and the like are not in the alphabet of texts. Letters are left as they are."""
    for key, words in languages()[language].neutral.items():
        if key.startswith(("text", "reply")) and language in WRITTEN_WITH_LATIN_LETTERS:
            foreign = [character for character in words if character not in GSM and not character.isalpha()]
            assert set(foreign) <= {"{", "}"}, key


def test_a_phrase_that_lacks_its_value_is_an_error() -> None:
    with pytest.raises(WordingError, match="link"):
        neutral("en", "text")
    with pytest.raises(WordingError):
        neutral("en", "no_such_phrase")


def test_every_language_that_a_registrant_may_choose_has_words() -> None:
    assert {code for code, _ in settings.LANGUAGES} <= set(LANGUAGES)
    assert set(NAMES) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_draft_says_in_every_message_that_nobody_has_reviewed_it(language: str) -> None:
    is_draft = languages()[language].review is Review.DRAFT
    ending = languages()[language].kinds["released"].lines[2:]
    assert is_draft == (len(ending) > 3)
    english = languages()["en"]
    assert (
        len(languages()[language].kinds["released"].text) > len(english.kinds["released"].text)
    ) == is_draft


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_translation_leaves_out_a_fact_that_english_tells(language: str, kind: str) -> None:
    """Placeholders of each kind are the same in every language: what one tells, all tell."""
    ours, english = languages()[language].kinds[kind], languages()["en"].kinds[kind]
    for part in ("lines", "text"):
        told, wanted = (
            {need for line in getattr(each, part) for way in line for need in way.needs}
            for each in (ours, english)
        )
        assert told == wanted, part
    for line, wanted_line in zip(ours.lines, english.lines, strict=False):
        assert {w.needs for w in line} == {w.needs for w in wanted_line}, line[0].words


@pytest.mark.parametrize("language", LANGUAGES)
def test_neutral_phrases_have_the_placeholders_of_english(language: str) -> None:
    def names(words: str) -> set[str]:
        return set(re.findall(r"{(\w+)}", words))

    english = languages()["en"]
    for part in ("neutral", "ledger", "contacts"):
        ours = getattr(languages()[language], part)
        assert {k: names(v) for k, v in ours.items()} == {
            k: names(v) for k, v in getattr(english, part).items()
        }


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ht", "3 mas 2026 a 2:05 PM (lè nòmal nan Lès)"),
        ("ru", "3 марта 2026 года, 14:05 (Восточная Америка, стандартное время)"),
        ("zh", "2026年3月3日 14:05"),
        ("fr", "3 mars 2026 à 14:05"),
        ("pl", "3 marca 2026, godz. 14:05"),
        ("ar", "3 مارس 2026 الساعة 2:05"),
        ("ko", "2026년 3월 3일 오후 2:05"),
        ("ur", "3 مارچ 2026"),
        ("bn", "3 মার্চ 2026"),
    ],
)
def test_dates_are_written_as_the_language_has_them(language: str, words: str) -> None:
    facts = replace(facts_of("booked"), when=OPTIONAL["when"])
    assert words in render(language, facts, {"email"})["email"].body


def test_haitian_creole_has_month_names_of_its_own() -> None:
    months = languages()["ht"].dates["months"]
    assert len(months) == 12
    said = [
        render("ht", replace(facts_of("released"), when=datetime(2026, n, 9, 5, tzinfo=UTC)), {"voice"})
        for n in range(1, 13)
    ]
    assert all(month in each["voice"].body for month, each in zip(months, said, strict=True))
