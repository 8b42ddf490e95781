"""What the API says is of use to somebody without a command line."""

import pytest

from watchword.api.problems import without_commands


@pytest.mark.parametrize(
    ("said", "to_a_partner"),
    [
        (
            "There is no source called 'x'. `watchword source list` shows those there are.",
            "There is no source called 'x'.",
        ),
        ("Check the key; or register with --watch.", "This cannot be done here. The office can say why."),
        ("Give a case number: the office checks it.", "Give a case number: the office checks it."),
        ("Is it so? Approve with --over-limit. Say why.", "Is it so? Say why."),
    ],
)
def test_a_sentence_that_names_a_command_is_left_out(said: str, to_a_partner: str) -> None:
    assert without_commands(said) == to_a_partner
