"""A PIN that anybody would guess is refused; a right one is told from a wrong one, at the same cost for nobody's."""

from typing import Literal

import argon2
import pytest

from watchword.registrants import pins
from watchword.registrants.pins import PinError, hash_pin, pin_matches


@pytest.mark.parametrize(
    "pin",
    [
        "",
        "12345",
        "000000",
        "7777777",
        "123456",
        "654321",
        "890123",
        "210987",
        "12 456",
        "abc123",
        "٣٤٥٦٧٨",
        "1" * 13,
    ],
)
def test_a_pin_that_is_short_or_guessed_first_is_refused(pin: str) -> None:
    with pytest.raises(PinError):
        hash_pin(pin)


@pytest.mark.parametrize("pin", ["246813", "112233", "904817263514"])
def test_a_pin_is_kept_as_argon2id_and_found_right(pin: str) -> None:
    kept = hash_pin(pin)
    assert kept.startswith("$argon2id$")
    assert pin not in kept
    assert kept != hash_pin(pin), "every hash has its own salt"
    assert pin_matches(pin, kept)


@pytest.mark.parametrize("guess", ["", "246814", "2468130", "246813 ", "no digits"])
def test_another_pin_does_not_match(guess: str) -> None:
    assert not pin_matches(guess, hash_pin("246813"))


def test_a_hash_that_was_damaged_is_not_taken_for_a_wrong_pin() -> None:
    with pytest.raises(argon2.exceptions.InvalidHashError):
        pin_matches("246813", "damaged")


def test_nobodys_pin_costs_one_computation_like_anybodys(monkeypatch: pytest.MonkeyPatch) -> None:
    costs: list[str] = []

    class Counting(argon2.PasswordHasher):
        def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
            costs.append("hash")
            return super().hash(password, salt=salt)

        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
            costs.append(str(hash).split("$")[3])
            return super().verify(hash, password)

    somebody = hash_pin("246813")
    monkeypatch.setattr(pins, "_hasher", Counting(time_cost=1, memory_cost=8, parallelism=1))
    assert not pin_matches("135792", None)
    assert not pin_matches("135792", somebody)
    assert costs == ["m=8,t=1,p=1"] * 2
