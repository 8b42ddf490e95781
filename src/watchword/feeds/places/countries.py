"""Which country a spelling means: ISO 3166-1, with the names of CLDR in each of our languages.

Codes are not read: MM is Myanmar to one system and Mexico to another, CA Canada or California. A name that several
countries go by (KOREA, CONGO) or that no country has any more (USSR) matches nothing: an office says what its source
means.
"""

from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import Any

from babel import Locale
from django.conf import settings

from watchword.core.plain_yaml import read_yaml
from watchword.feeds.places.folding import folded

_NO_COUNTRIES = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"]
)
"""In CLDR beside the countries: unions, outlying islands of countries, and what stands for no place."""


def country_code(said: str) -> str | None:
    """The two letters of the country that this names; None where it names none for certain.

    What follows a comma may come first: "MICRONESIA, FEDERATED STATES OF".
    """
    known = _codes()
    first, comma, rest = said.partition(",")
    return known.get(folded(said)) or (known.get(folded(f"{rest} {first}")) if comma else None)


def country_name(code: str, language: str) -> str:
    """The name of a country, by its two letters, in one of our languages."""
    return str(Locale(language).territories[code])


def countries_in(language: str) -> list[tuple[str, str]]:
    """The two letters and the name of each country in one of our languages, in the order of names there."""
    named = ((code, country_name(code, language)) for code in _countries())
    return sorted(named, key=lambda each: folded(each[1]))


def is_country(code: str) -> bool:
    """Whether these are the two letters of a country."""
    return code in _countries()


@cache
def _countries() -> frozenset[str]:
    codes = frozenset(map(str, Locale("en").territories))
    return frozenset(code for code in codes if len(code) == 2) - _NO_COUNTRIES


def added_names() -> Any:
    """What countries.yaml says: {also: {code: [name]}, several: [name]}."""
    return read_yaml(files(__package__).joinpath("countries.yaml").read_text(encoding="utf-8"))


@cache
def _codes() -> dict[str, str]:
    """What each name means, where it means one country alone."""
    ours = added_names()
    meant = defaultdict[str, set[str]](set)
    for code in _countries():
        names = [country_name(code, language) for language, _ in settings.LANGUAGES]
        for name in (*names, *ours["also"].get(code, ())):
            meant[folded(name)].add(code)
    never = set(map(folded, ours["several"]))
    return {name: codes.pop() for name, codes in meant.items() if len(codes) == 1 and name not in never}
