"""A link names one thing for one purpose, and nobody else can make or change one."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from hypothesis import given
from hypothesis import strategies as st

from watchword.core.signing import sign, sign_to_type, unsign, unsign_typed

numbers = st.integers(min_value=0, max_value=2**63 - 1)


@given(numbers)
def test_a_token_names_its_number(number: int) -> None:
    token = sign("delivery", number)
    assert unsign("delivery", token) == number
    assert len(token) <= 27
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@given(numbers)
def test_a_token_is_good_for_one_purpose_only(number: int) -> None:
    assert unsign("call", sign("delivery", number)) is None


@given(numbers, st.data())
def test_an_altered_token_names_nothing(number: int, data: st.DataObject) -> None:
    token = sign("delivery", number)
    raw = bytearray(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << bit % 8
    assert unsign("delivery", urlsafe_b64encode(raw).rstrip(b"=").decode()) is None


@given(st.text())
def test_garbage_names_nothing(token: str) -> None:
    assert unsign("delivery", token) is None


@given(numbers, st.sampled_from(["=", "A", " ", "\n", "%3D", "."]))
def test_one_number_has_one_token(number: int, more: str) -> None:
    assert unsign("delivery", sign("delivery", number) + more) is None


@given(numbers)
def test_what_is_typed_from_paper_is_known_however_it_is_typed(number: int) -> None:
    token = sign_to_type("letter", number)
    for typed in (token, token.upper(), token.replace("-", ""), token.replace("-", " "), f" {token}\n"):
        assert unsign_typed("letter", typed) == number
    assert unsign_typed("another", token) is None
    changed = ("a" if token[0] != "a" else "b") + token[1:]
    assert unsign_typed("letter", changed) is None


@given(st.text())
def test_what_was_never_signed_is_nothing_when_typed(typed: str) -> None:
    assert unsign_typed("letter", typed) is None
