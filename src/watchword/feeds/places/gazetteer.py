"""What an office decides about places. Each decision is in the ledger; none changes a record, none tells anybody."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction

from watchword.audit.actions import must_say, record
from watchword.core.errors import WatchwordError
from watchword.feeds.models import Place, Spelling
from watchword.feeds.places.countries import country_code, is_country
from watchword.feeds.places.folding import folded
from watchword.feeds.places.spellings import gazetteer, match_again, settled

_State = Spelling.State
_COLUMNS = ("name", "kind", "city", "spellings")


@dataclass(frozen=True, kw_only=True)
class Facility:
    """A line of the gazetteer."""

    name: str
    kind: str = ""
    """Such as jail."""
    city: str = ""
    spellings: tuple[str, ...] = ()
    """Other ways in which any source names it."""


def read_facilities(lines: Iterable[str]) -> Iterator[Facility]:
    """The facilities of a CSV file with a header: `name`, and any of `kind`, `city` and `spellings` (between |)."""
    rows = csv.DictReader(lines, strict=True)
    try:
        columns = [(column or "").strip().lower() for column in rows.fieldnames or ()]
        rows.fieldnames = columns
        if "name" not in columns or not set(columns) <= set(_COLUMNS):
            raise WatchwordError(
                f"The file's first line should name its columns: name, and any of {', '.join(_COLUMNS[1:])}."
            )
        for row in rows:
            if None in row:
                raise WatchwordError(f"Line {rows.line_num} has more cells than the header.")
            cells = {name: " ".join((row[name] or "").split()) for name in columns}
            others = tuple(filter(None, map(str.strip, cells.pop("spellings", "").split("|"))))
            yield Facility(**cells, spellings=others)
    except csv.Error as error:
        raise WatchwordError(f"Line {rows.line_num} is no CSV: {error}.") from None


@transaction.atomic
def set_facilities(facilities: Iterable[Facility], *, by: str, reason: str) -> int:
    """Add facilities, or give those of the same name and city a new kind and spellings; returns how many.

    What several of them go by matches none of them: of each source, an officer says which one it means.
    """
    must_say(by, reason)
    numbers = []
    for facility in facilities:
        if not facility.name.strip():
            raise WatchwordError("A facility needs a name. Nothing was done.")
        place, _ = Place.objects.update_or_create(
            name=facility.name,
            city=facility.city,
            defaults={"kind": facility.kind, "spellings": list(facility.spellings)},
        )
        numbers.append(place.pk)
    match_again()
    record(by, "place.set", "places", reason, places=numbers)
    return len(numbers)


@transaction.atomic
def same_as(spelling_id: int, name: str, *, by: str, reason: str) -> str:
    """This spelling of its source, however it is written, means this facility (its name or number) or country (its
    letters or name); returns the facility's name or the country's letters.

    It holds until another decision. WatchwordError where there is no such spelling, facility or country.
    """
    spelling = _spelling(spelling_id)
    if spelling.field == Spelling.Field.BIRTH_COUNTRY:
        country = name.upper() if is_country(name.upper()) else country_code(name)
        if country is None:
            raise WatchwordError(f"{name!r} is no country. Give its two letters, such as CD, or its name.")
        _decide(spelling, _State.DECIDED, by=by, reason=reason, country=country)
        return country
    number = gazetteer().one.get(folded(name), int(name) if name.isdecimal() else None)
    place = None if number is None else Place.objects.filter(pk=number).first()
    if place is None:
        raise WatchwordError(
            f"{name!r} names no facility, or several. `watchword place list` lists them: give one's number; or add it "
            "with `watchword place add`."
        )
    _decide(spelling, _State.DECIDED, by=by, reason=reason, place=place)
    return place.name


@transaction.atomic
def keep(spelling_id: int, *, by: str, reason: str) -> None:
    """This spelling of its source means itself: it is shown as said, and nobody is asked about it again."""
    _decide(_spelling(spelling_id), _State.KEPT, by=by, reason=reason)


def _decide(
    spelling: Spelling,
    state: Spelling.State,
    *,
    by: str,
    reason: str,
    place: Place | None = None,
    country: str = "",
) -> None:
    must_say(by, reason)
    alike = Spelling.objects.filter(source=spelling.source_id, field=spelling.field, key=spelling.key)
    alike.update(state=state, place=place, country=country)
    settled(alike, by)
    meant = {"place": place.pk} if place else {"country": country} if country else {}
    record(
        by,
        f"place.{'keep' if state is _State.KEPT else 'same_as'}",
        f"spelling:{spelling.pk}",
        reason,
        **meant,
    )


def _spelling(spelling_id: int) -> Spelling:
    found = Spelling.objects.filter(pk=spelling_id).first()
    if found is None:
        raise WatchwordError(
            f"There is no spelling {spelling_id}. `watchword place list --spellings` lists them."
        )
    return found
