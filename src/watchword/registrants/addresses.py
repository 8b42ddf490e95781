"""Addresses as people give them, made one way of writing, so that the same address is always found again."""

import re
from functools import lru_cache

import phonenumbers
from babel import Locale
from email_validator import EmailNotValidError, validate_email

from watchword.core.errors import WatchwordError

CONTEXT = "contact_point.address"
"""The context under which addresses are encrypted and indexed."""

_REGION = "US"
_EXTENSION = ";ext="
_FEWEST_LINES, _MOST_LINES, _LONGEST_LINE = (
    3,
    6,
    40,
)  # what fits the window of an envelope (letters/letter.html)
_PUSH = re.compile(r"[a-z0-9][a-z0-9-]{0,39}/[A-Za-z0-9._-]{1,64}", re.ASCII)
_LAST_LINE_US = re.compile(r"[^\d]+ [A-Z]{2} \d{5}(-\d{4})?")


class AddressError(WatchwordError):
    """An email, phone or postal address that cannot be used. The message does not repeat what was given."""


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
    """As much of a normalised address as its owner needs to know which it is: i***@example.org, or ***23: the end of a
    phone number, or of a postal address without its country. Of a push, the other office's name: harbor-shelter/***.
    """
    if "\n" in address:
        address = split_postal(address)[0][-1]
    elif _PUSH.fullmatch(address):
        return f"{split_push(address)[0]}/***"
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


def normalise_postal(given: str) -> str:
    """A postal address in its one form: lines in capitals without commas or full stops, as the Postal Service wants
    them (Publication 28), and after them the country's two letters.

    Lines are given as lines or between semicolons: name, street, town. The country, as its code or its English name, is
    the last one, and may be left out for the United States; there the line before it ends in state and ZIP code.
    """
    lines = [" ".join(re.sub(r"[.,]", " ", line).split()).upper() for line in re.split(r"[\n;]", given)]
    lines = [line for line in lines if line]
    country = _countries().get(lines[-1]) if lines else None
    if country:
        lines.pop()
    fits = _FEWEST_LINES <= len(lines) <= _MOST_LINES and all(
        len(line) <= _LONGEST_LINE and line.isprintable() for line in lines
    )
    if not fits or (country in (None, "US") and not _LAST_LINE_US.fullmatch(lines[-1])):
        raise AddressError(
            f"That is not a postal address we can use. Give {_FEWEST_LINES} to {_MOST_LINES} lines of at most "
            f"{_LONGEST_LINE} characters: name, street, then city, state and ZIP code; of another country, the town "
            "and then the country."
        )
    return "\n".join([*lines, country or "US"])


def split_postal(address: str) -> tuple[list[str], str]:
    """A normalised postal address as its lines and its country's two letters."""
    *lines, country = address.split("\n")
    return lines, country


def normalise_push(given: str) -> str:
    """Where another office's system keeps somebody: the office's name, a slash, and its own reference of the case, a
    number of theirs and nobody's name: harbor-shelter/4711."""
    address = given.strip()
    if not _PUSH.fullmatch(address):
        raise AddressError(
            "That is not a place in another office's system. Give the office's name, a slash and its case number "
            "without blanks, such as harbor-shelter/4711."
        )
    return address


def split_push(address: str) -> tuple[str, str]:
    """A normalised place in another office's system as the office's name and its own reference."""
    name, _, reference = address.partition("/")
    return name, reference


def country_name(code: str) -> str:
    """The country's English name in capitals, as it stands last on a letter to abroad."""
    return str(Locale("en").territories[code]).upper()


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    """Each country's two letters by themselves and by its English name."""
    known = map(str, Locale("en").territories)
    codes = [code for code in known if len(code) == 2 and code.isalpha()]
    return {code: code for code in codes} | {country_name(code): code for code in codes} | {"USA": "US"}


def _unusable_phone() -> AddressError:
    return AddressError(
        "That is not a phone number we can use. Give it with its area code, such as 202 555 0123, "
        "or from outside the United States with + and the country code."
    )
