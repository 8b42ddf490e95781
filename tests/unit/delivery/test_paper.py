"""The letter itself: what an archive, a screen reader and a window envelope need of its PDF."""

from io import BytesIO
from typing import Any
from uuid import UUID

import pikepdf
import pytest

from watchword.config.languages import NAMES
from watchword.core.errors import WatchwordError
from watchword.delivery.channels.letters import paper
from watchword.delivery.channels.letters.paper import pdf
from watchword.delivery.records import Outbound
from watchword.notices.wording import neutral

pytestmark = pytest.mark.system("libpangoft2-1.0")

REFERENCE = UUID("5f0c1b1e-7f0a-4a67-9b1d-0c5e2f7a9d31")
LETTER: dict[str, Any] = {
    "delivery": 7,
    "reference": REFERENCE,
    "channel": "letter",
    "provider": "outbox",
    "urgent": True,
    "to": "ANA EXAMPLE\n12 ELM ST\nALBANY NY 12207\nUS",
    "subject": "You have a message",
    "body": "First.\n\nSecond.",
    "language": "en",
    "url": "https://notify.example.org/m/abcd-efgh-ijkl-mnop-qr",
}


def letter(**changed: Any) -> Outbound:
    return Outbound(**(LETTER | changed))


def opened(**changed: Any) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(pdf(letter(**changed))))


def elements(pdf: pikepdf.Pdf) -> list[tuple[str, str]]:
    """The kind of every element of the structure, in reading order, and what stands for it in words."""
    found: list[tuple[str, str]] = []

    def walk(node: Any) -> None:
        if isinstance(node, pikepdf.Array):
            for each in node:
                walk(each)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            found.append((str(node.S), str(node.get("/Alt", ""))))
            walk(node.get("/K", pikepdf.Array()))

    walk(pdf.Root.StructTreeRoot.K)
    return found


def fonts(pdf: pikepdf.Pdf) -> list[Any]:
    return [font for page in pdf.pages for font in page.Resources.get("/Font", pikepdf.Dictionary()).values()]


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_it_is_tagged_titled_in_its_language_and_carries_its_fonts(language: str) -> None:
    document = opened(language=language, subject="مرحبا" if language == "ar" else "Title")
    root = document.Root
    assert root.MarkInfo.Marked
    assert str(root.Lang) == language
    assert root.ViewerPreferences.DisplayDocTitle
    with document.open_metadata() as told:
        assert told["dc:title"] == ("مرحبا" if language == "ar" else "Title")
        assert told["pdfuaid:part"] == "1"
    kinds = [kind for kind, _ in elements(document)]
    assert kinds.count("/H1") == 1
    assert kinds.count("/Figure") == 1
    assert "/P" in kinds
    for font in fonts(document):
        inner = font.DescendantFonts[0].FontDescriptor
        assert "/FontFile2" in inner or "/FontFile3" in inner
    assert all("/ToUnicode" in font for font in fonts(document))
    assert fonts(document)


def test_the_square_code_is_said_in_words() -> None:
    document = opened()
    (said,) = [said for kind, said in elements(document) if kind == "/Figure"]
    assert said == f"Square code that opens {LETTER['url']}"


def test_the_address_page_stands_alone_and_the_words_begin_on_the_next_sheet() -> None:
    document = opened()
    assert [[float(edge) for edge in page.mediabox] for page in document.pages] == [[0, 0, 612, 792]] * 2
    words_alone = pikepdf.open(BytesIO(pdf(letter(), has_address_page=False)))
    assert len(words_alone.pages) == 1


def test_a_letter_without_a_page_to_open_has_no_square_code() -> None:
    document = opened(url="")
    assert "/Figure" not in dict(elements(document))


def test_a_long_message_goes_on_over_pages() -> None:
    document = opened(body="\n\n".join(["A sentence that says something. " * 12] * 12))
    assert len(document.pages) > 2


def test_what_somebody_wrote_is_words_and_never_markup() -> None:
    document = opened(body="<h1>No</h1><img src='file:///etc/passwd'>")
    kinds = [kind for kind, _ in elements(document)]
    assert kinds.count("/H1") == 1
    assert kinds.count("/Figure") == 1


def test_the_same_letter_is_the_same_bytes() -> None:
    assert pdf(letter()) == pdf(letter())


def test_what_is_missing_is_named_with_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise OSError("cannot load library 'libpango-1.0-0'")

    paper.weasyprint.cache_clear()
    monkeypatch.setattr(paper, "import_module", missing)
    with pytest.raises(WatchwordError, match="apt install libpango"):
        paper.weasyprint()


@pytest.mark.parametrize("language", sorted(NAMES))
def test_a_letter_runs_in_the_direction_of_its_language_and_has_all_its_words(language: str) -> None:
    words = paper._words(letter(language=language))
    assert words["direction"] == ("rtl" if language in ("ar", "ur") else "ltr")
    assert words["open"] == neutral(language, "letter_open")
