"""Lob's fields of an address, and its signature."""

import hashlib
import hmac

import pytest

from watchword.core.clock import now
from watchword.core.errors import WatchwordError
from watchword.delivery.channels.lob.addresses import TooLongError, fields_of, sender_of
from watchword.delivery.channels.lob.webhook import read_report, signature_fits

TOWN = {"address_city": "ALBANY", "address_state": "NY", "address_zip": "12207", "address_country": "US"}


@pytest.mark.parametrize(
    ("lines", "fields"),
    [
        ("ANA EXAMPLE\n12 ELM ST\nALBANY NY 12207\nUS", TOWN | {"address_line1": "12 ELM ST"}),
        (
            "ANA EXAMPLE\n12 ELM ST\nAPT 4\nNEW YORK NY 12207-1234\nUS",
            TOWN
            | {"address_line1": "12 ELM ST", "address_line2": "APT 4"}
            | {"address_city": "NEW YORK", "address_zip": "12207-1234"},
        ),
        (
            "ANA EXAMPLE\nHARBOR HOUSE\n12 ELM ST\nAPT 4\nALBANY NY 12207\nUS",
            TOWN | {"company": "HARBOR HOUSE", "address_line1": "12 ELM ST", "address_line2": "APT 4"},
        ),
        (
            "ANA EXAMPLE\nHARBOR HOUSE\n12 ELM ST\nFLOOR 2\nAPT 4\nALBANY NY 12207\nUS",
            TOWN
            | {"company": "HARBOR HOUSE", "address_line1": "12 ELM ST", "address_line2": "FLOOR 2 APT 4"},
        ),
        (
            "ANA EXAMPLE\n5 RUE DES ORMES\n75001 PARIS\nFR",
            {"address_line1": "5 RUE DES ORMES", "address_city": "75001 PARIS", "address_country": "FR"},
        ),
    ],
)
def test_every_line_of_an_address_has_its_place(lines: str, fields: dict[str, str]) -> None:
    assert fields_of(lines) == {"name": "ANA EXAMPLE"} | fields


def test_an_address_that_does_not_fit_is_not_cut_short() -> None:
    with pytest.raises(TooLongError):
        fields_of(f"ANA EXAMPLE\nHARBOR HOUSE\n12 ELM ST\n{'A' * 40}\n{'B' * 40}\nALBANY NY 12207\nUS")


@pytest.mark.parametrize(
    "given", ["", "PO Box 10; Albany NY 12201", "Us; 5 Rue des Ormes; 75001 Paris; France"]
)
def test_a_return_address_that_lob_cannot_use_is_refused_at_the_start(given: str) -> None:
    with pytest.raises(WatchwordError, match="WATCHWORD_LETTER_SENDER"):
        sender_of(given)


@pytest.mark.parametrize(
    ("late_by", "unit", "fits"),
    [(0, 1, True), (0, 1000, True), (290, 1, True), (-290, 1000, True), (310, 1, False), (-310, 1000, False)],
)
def test_a_signature_is_worth_something_for_five_minutes(late_by: int, unit: int, fits: bool) -> None:
    sent_at = str(int((now().timestamp() - late_by) * unit))
    given = hmac.digest(b"secret", f"{sent_at}.".encode() + b"{}", hashlib.sha256).hex()
    assert signature_fits("secret", sent_at, b"{}", given) is fits
    assert not signature_fits("secret", sent_at, b"{ }", given)
    assert not signature_fits("", sent_at, b"{}", given)
    assert not signature_fits("secret", "soon", b"{}", given)


def test_an_event_without_our_reference_names_lobs_id_alone() -> None:
    report = read_report("letter", b'{"event_type": {"id": "letter.mailed"}, "body": {"id": "ltr_1"}}')
    assert (report.reference, report.provider_id) == (None, "ltr_1")
