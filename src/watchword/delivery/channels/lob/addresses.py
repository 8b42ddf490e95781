"""A postal address in the fields that Lob prints it from."""

import re
from collections.abc import Mapping

from watchword.core.errors import WatchwordError
from watchword.registrants.addresses import AddressError, normalise_postal, split_postal

_HERE = "US"
_LONGEST = 64  # of a line in the United States; abroad it is 200
_TOWN = re.compile(r"(?P<address_city>.+) (?P<address_state>[A-Z]{2}) (?P<address_zip>\d{5}(?:-\d{4})?)")


class TooLongError(ValueError):
    """This address has more words than Lob prints on two lines."""


def fields_of(address: str) -> Mapping[str, str]:
    """The fields of a normalised postal address. TooLongError where they cannot hold it.

    A name, two lines and a town are all that Lob knows; what else stands above the street is printed as a company is,
    on a line of its own below the name.
    """
    (name, *between, town), country = split_postal(address)
    fields = {"name": name, "address_country": country}
    if len(between) > 2:
        fields["company"] = between.pop(0)
    lines = [between[0] if between else "", " ".join(between[1:])]
    if country == _HERE:
        at = _TOWN.fullmatch(town)
        if at is None or max(map(len, lines)) > _LONGEST:
            raise TooLongError(TooLongError.__doc__)
        fields |= at.groupdict()
    else:
        fields["address_city"] = town
    fields["address_line1"] = lines[0]
    if lines[1]:
        fields["address_line2"] = lines[1]
    return fields


def sender_of(given: str) -> Mapping[str, str]:
    """The fields of the return address, as the setting gives it. WatchwordError where Lob could not use it."""
    try:
        fields = fields_of(normalise_postal(given))
    except (AddressError, TooLongError):
        fields = {}
    if fields.get("address_country") != _HERE:
        raise WatchwordError(
            "WATCHWORD_LETTER_SENDER must be a whole address in the United States for lob, with a name: "
            "Mail Services; PO Box 10; Albany NY 12201."
        )
    return fields
