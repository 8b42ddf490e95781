"""In which languages a wrong PIN is answered: by what was texted alone."""

from typing import Any

import pytest

from watchword.delivery.replies import languages_of_refusal

ELEVEN = ["en", "es", "zh-hans", "ru", "bn", "ht", "ko", "ar", "ur", "fr", "pl"]


@pytest.mark.parametrize(
    ("body", "says_nip", "languages"),
    [
        ("161803", False, ["en", "es"]),
        ("PIN 161803", False, ["en", "es"]),
        ("NIP 161803", True, ["es", "en"]),
        ("１６１８０３", False, ["en", "es"]),
        ("\u0661\u0666\u0661\u0668\u0660\u0663", False, ["ar", "en", "es"]),
        ("\u06f1\u06f6\u06f1\u06f8\u06f0\u06f3", False, ["ur", "en", "es"]),
        ("\u09e7\u09ec\u09e7\u09ee\u09e6\u09e9", False, ["bn", "en", "es"]),
    ],
)
def test_a_wrong_pin_is_answered_in_the_language_of_its_digits_and_the_offices_first_two(
    settings: Any, body: str, says_nip: bool, languages: list[str]
) -> None:
    settings.LANGUAGES = [(code, code) for code in ELEVEN]
    assert languages_of_refusal(body, says_nip=says_nip) == languages


def test_no_language_is_used_that_the_office_does_not_speak(settings: Any) -> None:
    settings.LANGUAGES = [("fr", "fr"), ("en", "en"), ("pl", "pl")]
    assert languages_of_refusal("NIP 161803", says_nip=True) == ["fr", "en"]
    assert languages_of_refusal("\u0661\u0666\u0661\u0668\u0660\u0663") == ["fr", "en"]
