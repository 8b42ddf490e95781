"""Whatever a registrant reads or hears is of the sixth grade at most, in the two languages that we write ourselves.

Pages are measured as they are shown, from their <main>: whatever ends as a sentence does. Labels, buttons and headings
would only make them look easier. And no long sentence may be much harder than the rest.
"""

from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.test import Client

from tests.county import County
from tests.integration.account.people import PIN, contact, signed_up
from tests.integration.registrants.asking.people import held
from tests.integration.site.sign_up.test_walking_through import given_later
from tests.integration.site.sign_up.walking import RIGHT, Walk, open_to_anyone
from tests.integration.site.test_message import PIN as PIN_OF_THE_MESSAGE
from tests.integration.site.test_message import told
from tests.reading import SIXTH_GRADE, counted, hard_sentences, is_easy, level
from tests.unit.notices.test_wording import facts_of
from watchword.core.clock import now
from watchword.core.signing import sign
from watchword.delivery.links import UNSUBSCRIBE, token_of
from watchword.notices.languages import KINDS, languages
from watchword.notices.wording import render
from watchword.phone.prompts import prompts
from watchword.registrants.coming_back.models import Session
from watchword.registrants.models import ContactPoint
from watchword.registrants.numbers import number_of

LANGUAGES = ["en", "es"]
FEWEST_WORDS = 25
INLINE = {"a", "b", "bdi", "small", "time", "abbr", "em", "strong"}
UNREAD = {"select", "script", "svg"}
OWN_PAGES = (
    *("", "messages", "about", "contacts", "contacts/add", "quiet", "quiet/hours", "quiet/days"),
    *("language", "pin", "sure", "data", "data/export", "data/erase"),
)


class Main(HTMLParser):
    """What stands in <main>, a line for each part of it."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.inside, self.unread = "", False, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = self.inside or tag == "main"
        self.unread += tag in UNREAD
        self.words += "" if tag in INLINE else "\n"

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "main"
        self.unread -= tag in UNREAD
        self.words += "" if tag in INLINE else "\n"

    def handle_data(self, data: str) -> None:
        if self.inside and not self.unread:
            self.words += data.replace("\n", " ")


def words_of(page: str) -> str:
    """The sentences of its <main>."""
    parser = Main()
    parser.feed(page)
    assert parser.words.strip(), page
    lines = (" ".join(line.split()) for line in parser.words.splitlines())
    return "\n".join(line for line in lines if line.endswith((".", "!", "?", ":")))


def must_be_easy(pages: dict[str, str], language: str) -> None:
    long = {name: text for name, text in pages.items() if counted(text, language).words >= FEWEST_WORDS}
    levels = {name: round(level(text, language), 1) for name, text in long.items()}
    hard = {
        name: figure
        for name, figure in levels.items()
        if not is_easy(pages[name], language, SIXTH_GRADE[language])
    }
    sentences = sorted({one for text in pages.values() for one in hard_sentences(text, language)})
    assert (hard, sentences) == ({}, [])


def of_signing_up(county: County, language: str) -> Iterator[tuple[str, str]]:
    """Each page of the longest way (a verified source, both are told), and those that an open source has instead."""
    held(county)
    walk = Walk(language)

    def seen() -> tuple[str, str]:
        return walk.heading, words_of(walk.page)

    yield seen()
    for answers in (
        {"for_whom": "both"},
        {"know": "name"},
        {"full_name": "", "born_month": "x"},
        {
            "full_name": "Jon Mercer",
            "born_month": "3",
            "born_day": "9",
            "born_year": "1988",
            "age": "",
            "country": "",
        },
        {"held": "no"},
        RIGHT | {"note": "He is undocumented."},
        RIGHT,
        {"phone": "12", "email": "x"},
        {"phone": "202 555 0123", "email": "bea@example.org", "called": "Bea"},
        {"phone": "", "email": "ada@example.org", "language": language},
        {"starts": "1", "ends": "", "zone": "", "voicemail": "", "disguise": ""},
        {"starts": "1", "ends": "2", "zone": "America/New_York", "voicemail": "more", "disguise": ""},
        {"language": language, "pin": "1"},
    ):
        walk.answer(**answers)
        yield seen()
    for _ in range(3):
        walk.go("later")
        yield seen()
    open_to_anyone()
    walk = Walk(language).find(number="1001")
    yield seen()
    walk.answer(chosen="1001").reach(kind="landline", email="").finish()
    yield seen()
    walk.go("again")
    yield seen()
    ContactPoint.objects.update(verified_at=now())
    walk.answer()
    yield seen()
    yield (
        "over",
        words_of(
            walk.client.post("/sign-up", {"draft": "x"}, HTTP_ACCEPT_LANGUAGE=language).content.decode()
        ),
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_signing_up(county: County, language: str) -> None:
    pages = {f"{place} {name}": text for place, (name, text) in enumerate(of_signing_up(county, language))}
    assert len(pages) > 18
    must_be_easy(pages, language)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_a_code_given_later(county: County, language: str) -> None:
    client, page, code = given_later(county, language)
    must_be_easy(
        {
            "asked": words_of(client.get(page).content.decode()),
            "given": words_of(client.post(page, {"code": code, "pin": "520913"}).content.decode()),
        },
        language,
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_registrants_own_pages(county: County, client: Client, language: str) -> None:
    bea = signed_up(county, language=language).registrant
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    pages = {
        path: words_of(client.get(path).content.decode()) for path in ("/my/in", "/my/forgot", "/my/link/x")
    }
    pages["/my/in wrong"] = words_of(client.post("/my/in", {"number": "1", "pin": "1"}).content.decode())
    client.post("/my/in", {"number": number_of(bea.pk), "pin": PIN})
    Session.objects.update(sure_until=now() + timedelta(minutes=9), language=language)
    (registration,) = bea.registrations.values_list("id", flat=True)
    one = f"contacts/{contact(bea, 'email').pk}"
    for path in (
        *OWN_PAGES,
        one,
        f"{one}/use",
        f"{one}/hours",
        f"{one}/remove",
        f"signup/{registration}/end",
    ):
        pages[path] = words_of(client.get(f"/my/{path}".rstrip("/")).content.decode())
    pages["erased"] = words_of(client.get("/my/erased").content.decode())
    must_be_easy(pages, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_a_message_and_the_one_that_stops_mails(
    county: County, client: Client, language: str
) -> None:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    link = f"/m/{token_of(told(county, language).pk)}"
    paths = {"front": "/", "message": link, "stop": f"/u/{sign(UNSUBSCRIBE, 1)}"}
    pages = {name: words_of(client.get(path).content.decode()) for name, path in paths.items()}
    pages["told"] = words_of(client.post(link, {"pin": PIN_OF_THE_MESSAGE}, follow=True).content.decode())
    must_be_easy(pages, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_notices_say(language: str) -> None:
    notices = {}
    for kind in KINDS:
        mail = render(language, facts_of(kind), {"email"})["email"]
        notices[kind] = f"{mail.subject}\n{mail.body}"
    must_be_easy(notices, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_messages_and_calls_say_that_tell_of_no_case(language: str) -> None:
    spoken = languages()[language]
    said = {"neutral": spoken.neutral, "ledger": spoken.ledger, "line": prompts()[language]}
    must_be_easy({name: "\n".join(words.values()) for name, words in said.items()}, language)
