"""The same address, however it is written, is one address; what cannot be one is refused without being repeated."""

import pytest

from watchword.registrants.addresses import AddressError, normalise_email, normalise_phone, split_extension


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("ana@example.org", "ana@example.org"),
        ("  Ana@Example.ORG ", "ana@example.org"),
        ("ANA+word@sub.example.org", "ana+word@sub.example.org"),
        ("jose\u0301@example.org", "jos\u00e9@example.org"),
    ],
)
def test_an_email_has_one_form(given: str, kept: str) -> None:
    assert normalise_email(given) == kept


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("+12025550123", "+12025550123"),
        ("202-555-0123", "+12025550123"),
        ("(202) 555 0123", "+12025550123"),
        ("1 202 555 0123", "+12025550123"),
        ("\uff12\uff10\uff12 555 0123", "+12025550123"),
        ("+52 55 1234 5678", "+525512345678"),
        ("+44 (0)20 7946 0018", "+442079460018"),
        ("202-555-0123 x45", "+12025550123;ext=45"),
        ("(202) 555-0123 ext. 045", "+12025550123;ext=045"),
        ("+12025550123,,45", "+12025550123;ext=45"),
        ("+12025550123;ext=45", "+12025550123;ext=45"),
    ],
)
def test_a_phone_number_has_one_form(given: str, kept: str) -> None:
    assert normalise_phone(given) == kept


@pytest.mark.parametrize(
    "given", ["", "ana_b", "ana@", "ana@localhost", "ana@@example.org", "ana@example.org, b@example.org"]
)
def test_what_is_no_email_is_refused_and_not_repeated(given: str) -> None:
    with pytest.raises(AddressError) as refused:
        normalise_email(given)
    assert not given or given not in str(refused.value)


@pytest.mark.parametrize(
    "given", ["", "911", "555 0198", "+1 202 555 01984", "ana@example.org", "202 555 0198 x12345678901"]
)
def test_what_is_no_phone_number_is_refused_and_not_repeated(given: str) -> None:
    with pytest.raises(AddressError) as refused:
        normalise_phone(given)
    assert not given or given not in str(refused.value)


@pytest.mark.parametrize(
    ("phone", "parts"),
    [("+12025550123", ("+12025550123", "")), ("+12025550123;ext=045", ("+12025550123", "045"))],
)
def test_an_extension_is_told_from_the_number_to_dial(phone: str, parts: tuple[str, str]) -> None:
    assert split_extension(phone) == parts
