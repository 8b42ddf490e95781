"""Postal addresses, made one way of writing."""

import pytest

from watchword.registrants.addresses import (
    AddressError,
    country_name,
    masked,
    normalise_postal,
    split_postal,
)

ALBANY = "ANA EXAMPLE\n12 ELM ST APT 4\nALBANY NY 12207\nUS"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Ana Example; 12 Elm St., Apt 4; Albany, NY 12207", ALBANY),
        ("ana example\n 12  elm st apt 4\r\n\nAlbany NY  12207", ALBANY),
        ("Ana Example; 12 Elm St Apt 4; Albany NY 12207; USA", ALBANY),
        ("Ana Example; 12 Elm St Apt 4; Albany NY 12207; United States", ALBANY),
        (
            "A. Doe; Unit 2; 1 Rue de l'Été; 75001 Paris; France",
            "A DOE\nUNIT 2\n1 RUE DE L'ÉTÉ\n75001 PARIS\nFR",
        ),
        ("A. Doe; 1 Calle Mayor; 28013 Madrid; ES", "A DOE\n1 CALLE MAYOR\n28013 MADRID\nES"),
        ("A. Doe; 1 Elm St; Albany NY 12207-0001", "A DOE\n1 ELM ST\nALBANY NY 12207-0001\nUS"),
    ],
)
def test_the_same_address_is_always_written_alike(given: str, kept: str) -> None:
    assert normalise_postal(given) == kept
    assert normalise_postal(kept) == kept


@pytest.mark.parametrize(
    "given",
    [
        "",
        ";;;",
        "12 Elm St; Albany NY 12207",
        "Ana Example; 12 Elm St; Albany",
        "Ana Example; 12 Elm St; Albany NY",
        "Ana Example; 12 Elm St; France",
        f"Ana Example; {'long ' * 9}; Albany NY 12207",
        "A; B; C; D; E; F; Albany NY 12207",
        "Ana\x07Example; 12 Elm St; Albany NY 12207",
    ],
)
def test_what_no_carrier_could_bring_anywhere_is_refused_and_not_repeated(given: str) -> None:
    with pytest.raises(AddressError) as refused:
        normalise_postal(given)
    assert "Elm" not in str(refused.value)


def test_its_owner_knows_it_by_its_end() -> None:
    assert masked(ALBANY) == "***07"
    assert split_postal(ALBANY) == (["ANA EXAMPLE", "12 ELM ST APT 4", "ALBANY NY 12207"], "US")
    assert country_name("FR") == "FRANCE"
