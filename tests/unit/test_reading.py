"""The measure of reading level counts as people do."""

import pytest

from tests.reading import counted, hard_sentences, level

ENGLISH = {
    1: ["the", "one", "called", "moved", "phone", "place", "used", "please", "times", "rules", "me", "while"],
    2: [
        "message",
        "something",
        "table",
        "people",
        "released",
        "wanted",
        "pages",
        "houses",
        "number",
        "safely",
        "noticed",
    ],
    3: ["possible", "officer", "another", "remember"],
    4: ["immigration", "registration"],
}
SPANISH = {
    1: ["hoy", "muy", "que", "dos"],
    2: ["quiere", "guerra", "día", "cuando", "país", "leer", "aún"],
    3: ["mensaje", "persona", "lenguaje", "registro", "enviamos", "ciudades"],
    4: ["teléfono", "avisamos", "confirmado"],
}


@pytest.mark.parametrize(("language", "words"), [("en", ENGLISH), ("es", SPANISH)])
def test_syllables_are_counted_as_they_are_spoken(language: str, words: dict[int, list[str]]) -> None:
    for number, spoken in words.items():
        assert {word: counted(word, language).syllables for word in spoken} == dict.fromkeys(spoken, number)


def test_addresses_figures_and_placeholders_are_no_words() -> None:
    of = counted("Write to name@example.org. Go to https://example.org/m/abc now: {link} is 12.\nDone", "en")
    assert (of.words, of.sentences) == (7, 3)


def test_the_law_is_harder_than_a_notice() -> None:
    law = (
        "The department shall not honor a civil immigration detainer unless the requesting authority presents a "
        "judicial warrant concerning the individual detained."
    )
    assert level("Ana Example was released. She may be near you.", "en") < 7 < level(law, "en")
    assert hard_sentences(law, "en") == [law]
