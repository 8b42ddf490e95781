"""A note that says somebody's immigration status is refused, in each of our languages, and hardly any other is.

The phrases (tests/data/status_phrases) were written as people write, not from the list of wordings; some go around
every word of it, so recall is less than one. `pytest -rP` shows the figures, and docs/reference/requests.md has them.
"""

from pathlib import Path

import pytest
import yaml

from watchword.registrants.asking.status_wording import StatusError, refuse_status, says_status

PHRASES = Path(__file__).parents[2] / "data" / "status_phrases"
LANGUAGES = ["en", "es", "zh", "ru", "bn", "ht", "ko", "ar", "ur", "fr", "pl"]
LEAST_RECALL, LEAST_PRECISION = 0.85, 0.95


def phrases(language: str) -> dict[str, list[str]]:
    read: dict[str, list[str]] = yaml.safe_load((PHRASES / f"{language}.yaml").read_text(encoding="utf-8"))
    return read


@pytest.mark.parametrize("language", LANGUAGES)
def test_precision_and_recall_of_a_language(language: str) -> None:
    said = phrases(language)
    missed = [phrase for phrase in said["says"] if not says_status(phrase)]
    wrongly = [phrase for phrase in said["says not"] if says_status(phrase)]
    refused = len(said["says"]) - len(missed)
    recall, precision = refused / len(said["says"]), refused / (refused + len(wrongly))
    phrases_read = len(said["says"]) + len(said["says not"])
    print(f"| {language} | {phrases_read} | {recall:.2f} | {precision:.2f} |")
    assert recall >= LEAST_RECALL, missed
    assert precision >= LEAST_PRECISION, wrongly


@pytest.mark.parametrize("written", ["UNDOCUMENTED", "un\u0301documented", "(undocumented)", "sin\npapeles"])
def test_case_marks_and_punctuation_hide_nothing(written: str) -> None:
    assert says_status(f"He is {written}, I think.")


def test_a_word_within_another_says_nothing() -> None:
    assert not says_status("The advisable visage of a televisa newsreader, deportment, and outposts.")


def test_the_refusal_explains_itself_and_repeats_nothing() -> None:
    with pytest.raises(StatusError, match="leave out anything about anybody's immigration status") as refused:
        refuse_status("My husband Ivan has no papers.")
    assert "Ivan" not in str(refused.value)
    refuse_status("")
