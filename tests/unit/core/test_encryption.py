"""A stolen database tells nothing; keys rotate; a value read in another place, or altered, is refused."""

from base64 import b64encode
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchword.core.encryption import EncryptionError, KeyRing
from watchword.core.errors import WatchwordError

OLD, NEW = (
    f"{name}:{b64encode(bytes([number]) * 32).decode()}" for name, number in (("2025", 1), ("2026", 2))
)
INDEX = b64encode(b"i" * 32).decode()
RING = KeyRing(f"{NEW},{OLD}", INDEX)


@given(st.text())
def test_what_is_encrypted_is_read_again(value: str) -> None:
    assert RING.decrypt(RING.encrypt(value, "here"), "here") == value


@given(st.binary())
def test_bytes_are_read_again(value: bytes) -> None:
    assert RING.decrypt_bytes(memoryview(RING.encrypt(value, "here")), "here") == value


def test_the_same_value_is_never_the_same_twice_and_is_not_in_it() -> None:
    first, second = RING.encrypt("ana@example.org", "here"), RING.encrypt("ana@example.org", "here")
    assert first != second
    assert b"example" not in first + second


def test_keys_rotate() -> None:
    under_old = KeyRing(OLD, INDEX).encrypt("word", "here")
    assert RING.decrypt(under_old, "here") == "word", "an older key of the ring still reads"
    under_new = RING.encrypt("word", "here")
    assert KeyRing(NEW, INDEX).decrypt(under_new, "here") == "word", "the newest key writes"
    with pytest.raises(EncryptionError):
        KeyRing(NEW, INDEX).decrypt(under_old, "here")


def test_a_value_moved_to_another_place_is_refused() -> None:
    with pytest.raises(EncryptionError):
        RING.decrypt(RING.encrypt("word", "registrant.name"), "contact_point.address")


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda sealed: b"", id="nothing left"),
        pytest.param(lambda sealed: sealed[:1], id="one byte left"),
        pytest.param(lambda sealed: sealed[:2], id="two bytes left"),
        pytest.param(lambda sealed: sealed[:9], id="no nonce"),
        pytest.param(lambda sealed: sealed[:-1], id="cut off"),
        pytest.param(lambda sealed: sealed + b"\0", id="longer"),
        pytest.param(lambda sealed: b"\2" + sealed[1:], id="another version"),
        pytest.param(lambda sealed: sealed[:1] + b"\xff" + sealed[2:], id="a key id beyond the end"),
        pytest.param(lambda sealed: sealed.replace(b"2026", b"2025"), id="another key's id"),
        pytest.param(lambda sealed: sealed.replace(b"2026", b"2027"), id="no key's id"),
    ],
)
def test_a_damaged_value_is_refused(damage: Callable[[bytes], bytes]) -> None:
    with pytest.raises(EncryptionError):
        RING.decrypt(damage(RING.encrypt("word", "here")), "here")


@given(st.data())
def test_any_altered_bit_is_noticed(data: st.DataObject) -> None:
    sealed = bytearray(RING.encrypt("word", "here"))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(EncryptionError):
        RING.decrypt(bytes(sealed), "here")


def test_the_blind_index_finds_equal_values_in_one_place_under_one_key() -> None:
    index = RING.blind_index("ana@example.org", "here")
    assert index == KeyRing(OLD, INDEX).blind_index("ana@example.org", "here"), "rotation does not move it"
    assert len(index) == 32
    others = [
        RING.blind_index("bea@example.org", "here"),
        RING.blind_index("ana@example.org", "there"),
        KeyRing(NEW, b64encode(b"j" * 32).decode()).blind_index("ana@example.org", "here"),
    ]
    assert index not in others


@pytest.mark.parametrize(
    ("field_keys", "index_key"),
    [
        ("", INDEX),
        ("2026", INDEX),
        (":" + NEW.partition(":")[2], INDEX),
        ("2026:" + b64encode(b"short").decode(), INDEX),
        ("2026:not base64", INDEX),
        (f"{NEW},", INDEX),
        (f"{NEW},{NEW}", INDEX),
        ("k" * 300 + NEW.partition(":")[1] + NEW.partition(":")[2], INDEX),
        (NEW, ""),
        (NEW, b64encode(b"short").decode()),
        (NEW, "not base64"),
    ],
)
def test_keys_that_cannot_be_used_are_refused_without_being_shown(field_keys: str, index_key: str) -> None:
    with pytest.raises(WatchwordError) as refused:
        KeyRing(field_keys, index_key)
    assert "WATCHWORD_" in str(refused.value)
    assert NEW.partition(":")[2] not in str(refused.value)
