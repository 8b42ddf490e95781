"""Addresses as people give them, made one way of writing, so that the same address is always found again."""

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from watchword.core.errors import WatchwordError

CONTEXT = "contact_point.address"
"""The context under which addresses are encrypted and indexed."""

_REGION = "US"
_EXTENSION = ";ext="


class AddressError(WatchwordError):
    """An email address or phone number that cannot be used. The message does not repeat what was given."""


def normalise_email(given: str) -> str:
    """The address in its one form: Unicode composed, wholly in lower case (no mailbox in use tells cases apart).

    Whether its domain exists is not asked: a look-up would tell others where our registrants have their mail.
    """
    try:
        checked = validate_email(given.strip(), check_deliverability=False)
    except EmailNotValidError:
        raise AddressError(
            "That is not an email address we can use. It should look like name@example.org."
        ) from None
    return checked.normalized.lower()


def masked(address: str) -> str:
    """As much of a normalised address as its owner needs to know which it is: i***@example.org, or ***23."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}***@{domain}" if at else f"***{address[-2:]}"


def normalise_phone(given: str) -> str:
    """The number in E.164, such as +12025550123; one without a country code is read as a number of the US plan.

    An extension behind a switchboard is written after it, as RFC 3966 has it: +12025550123;ext=45.
    """
    try:
        number = phonenumbers.parse(given.strip(), _REGION)
    except phonenumbers.NumberParseException:
        raise _unusable_phone() from None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise _unusable_phone()
    extension = f"{_EXTENSION}{number.extension}" if number.extension else ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) + extension


def split_extension(phone: str) -> tuple[str, str]:
    """A normalised phone number as the number to dial and the extension behind it, '' where there is none."""
    number, _, extension = phone.partition(_EXTENSION)
    return number, extension


def _unusable_phone() -> AddressError:
    return AddressError(
        "That is not a phone number we can use. Give it with its area code, such as 202 555 0123, "
        "or from outside the United States with + and the country code."
    )
