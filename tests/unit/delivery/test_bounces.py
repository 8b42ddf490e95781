"""Mails that come back, and what they mean: our own samples, and the real ones where they are."""

import csv
import tarfile
from collections import defaultdict
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import SHARED
from watchword.delivery.channels.smtp.bounces import classify

SAMPLES = sorted((Path(__file__).parent / "mails").glob("*.eml"))
REAL = SHARED / "data" / "bounces"

_OTHER_KINDS = {"feedback": "complaint", "vacation": "auto_reply", "delivered": "delivered"}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_a_mail_that_came_back_means_what_its_file_is_called(sample: Path) -> None:
    assert classify(message_from_bytes(sample.read_bytes())).kind == sample.stem.partition("-")[0]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_line_ends_of_either_kind_mean_the_same(sample: Path) -> None:
    plain = sample.read_bytes()
    assert classify(message_from_bytes(plain)) == classify(message_from_bytes(plain.replace(b"\n", b"\r\n")))


@given(st.binary(max_size=300), st.sampled_from(SAMPLES), st.integers(0, 2_000))
def test_any_bytes_at_all_can_be_read(noise: bytes, sample: Path, place: int) -> None:
    raw = sample.read_bytes()
    classify(message_from_bytes(raw[:place] + noise + raw[place:]))


@pytest.mark.shared
def test_most_real_bounces_are_read_rightly_and_next_to_none_as_a_dead_address_wrongly() -> None:
    """Measured against what the samples' own authors say of 555 of them.

    They call it `filtered`, and not hard, where a server took the address and refused the mail with such words as "user
    unknown"; to us that address is dead.
    """
    expected = _expected()
    right, wrongly_dead = 0, []
    for name, raw in _real_mails():
        if name not in expected:
            continue
        kind = classify(message_from_bytes(raw)).kind
        kinds = {each for each, _ in expected[name]}
        right += ("refused" if kind == "delayed" else kind) in kinds
        if kind == "dead" and not kinds & {"dead"} and ("refused", "filtered") not in expected[name]:
            wrongly_dead.append(name)
    assert right / len(expected) > 0.88
    assert len(wrongly_dead) <= 4


def _expected() -> dict[str, set[tuple[str, str]]]:
    expected = defaultdict(set)
    with (REAL / "sisimai-expected.csv").open() as rows:
        for row in csv.DictReader(rows):
            refused = "dead" if row["hardbounce"] == "1" else "refused"
            expected[row["file"]].add((_OTHER_KINDS.get(row["reason"], refused), row["reason"]))
    return expected


def _real_mails() -> Iterator[tuple[str, bytes]]:
    with tarfile.open(REAL / "sisimai-set-of-emails.tar.xz") as mails:
        for member in mails:
            content = mails.extractfile(member) if member.isfile() else None
            if content is not None:
                yield member.name.partition("eml/")[2], content.read()
