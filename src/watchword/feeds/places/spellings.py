"""What sources say of places: noted, looked up, and put before the desk where it matches nothing.

An office without a gazetteer of facilities has nothing to match one with, and is asked nothing about them.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from watchword.feeds.models import Place, Source, Spelling
from watchword.feeds.places.countries import country_code
from watchword.feeds.places.folding import folded
from watchword.worklist.models import Task
from watchword.worklist.tasks import NewTask, close_tasks, open_tasks

LONGEST = 200
"""Characters. A longer spelling names no place: it is kept and compared as said, and not asked about."""

MOST = 2_000
"""Spellings of one field that a source may have. More are cells or numbers and no places: kept and compared as said."""

_Field, _State = Spelling.Field, Spelling.State
_BY_AN_OFFICER = (_State.DECIDED, _State.KEPT)


@dataclass(frozen=True, kw_only=True)
class Gazetteer:
    """What the office's facilities go by, folded: those that one alone goes by, and those that several do."""

    one: Mapping[str, int]
    several: Set[str]

    def key(self, said: str) -> str:
        """A spelling as spellings are compared. Where several facilities go by it, every difference counts."""
        return said if folded(said) in self.several else folded(said)


@dataclass(frozen=True, kw_only=True)
class _Meaning:
    state: Spelling.State = _State.UNKNOWN
    place: int | None = None
    country: str = ""


def gazetteer() -> Gazetteer:
    """The office's facilities by their names and spellings."""
    meant: dict[str, set[int]] = {}
    for number, name, spellings in Place.objects.values_list("id", "name", "spellings"):
        for spelling in (name, *spellings):
            meant.setdefault(folded(spelling), set()).add(number)
    return Gazetteer(
        one={key: min(numbers) for key, numbers in meant.items() if len(numbers) == 1},
        several={key for key, numbers in meant.items() if len(numbers) > 1},
    )


def note(source: Source, said: Iterable[tuple[str, str]]) -> None:
    """Note spellings (field, said) that this source was not known to use, and what they mean: in the transaction that
    compares the roster which says them. One that matches nothing becomes one task.
    """
    by_field: dict[Spelling.Field, list[str]] = {}
    for field, spelling in said:
        by_field.setdefault(_Field(field), []).append(spelling)
    for name, spellings in by_field.items():
        _note(source, name, sorted(spellings))


def _note(source: Source, field: Spelling.Field, said: list[str]) -> None:
    known = Spelling.objects.filter(source=source, field=field)
    keys = set(known.values_list("key", flat=True))
    decided = {
        one.key: _Meaning(state=_State(one.state), place=one.place_id, country=one.country)
        for one in known.filter(state__in=_BY_AN_OFFICER)
    }
    facilities = gazetteer() if field is _Field.FACILITY else Gazetteer(one={}, several=set())
    room = MOST - known.count()
    new = []
    for spelling in said[:room]:
        key = facilities.key(spelling)
        meaning = decided.get(key) or _by_the_rules(field, spelling, facilities.one.get(key))
        new.append(
            Spelling(
                source=source,
                field=field,
                said=spelling,
                key=key,
                state=meaning.state,
                place_id=meaning.place,
                country=meaning.country,
            )
        )
    Spelling.objects.bulk_create(new)
    _ask(one for one in new if one.key not in keys)
    if len(said) > room:
        _ask_about_the_column(source, field)


def _by_the_rules(field: Spelling.Field, said: str, facility: int | None) -> _Meaning:
    country = (country_code(said) or "") if field is _Field.BIRTH_COUNTRY else ""
    is_known = facility is not None or country
    return _Meaning(state=_State.MATCHED if is_known else _State.UNKNOWN, place=facility, country=country)


def match_again() -> None:
    """The gazetteer has changed: look up again what no officer decided, and ask about what now matches nothing."""
    facilities = gazetteer()
    spellings = list(Spelling.objects.filter(field=_Field.FACILITY).order_by("id"))
    for one in spellings:
        one.key = facilities.key(one.said)
        if one.state not in _BY_AN_OFFICER:
            one.place_id = facilities.one.get(one.key)
            one.state = _State.UNKNOWN if one.place_id is None else _State.MATCHED
    Spelling.objects.bulk_update(spellings, ["key", "state", "place"], batch_size=1000)
    settled(one for one in spellings if one.state == _State.MATCHED)
    _ask(spellings)


def settled(spellings: Iterable[Spelling], by: str = "system") -> None:
    """Nobody needs to be asked about these any more."""
    close_tasks({f"spelling:{one.pk}" for one in spellings}, by, kinds=[Task.Kind.PLACE_UNKNOWN])


def _ask(spellings: Iterable[Spelling]) -> None:
    """One task for a source and a spelling, however it is written. The words stay out of it: a roster whose columns
    have moved says somebody's name there."""
    asked: dict[tuple[int, str, str], Spelling] = {}
    for one in spellings:
        if one.state == _State.UNKNOWN:
            asked.setdefault((one.source_id, one.field, one.key), one)
    has_facilities = Place.objects.exists()
    open_tasks(
        NewTask(
            kind=Task.Kind.PLACE_UNKNOWN,
            subject=f"spelling:{one.pk}",
            summary=f"A {_noun(one.field)} is spelled in a way that matches nothing: `watchword place list --unknown` "
            "shows it, `watchword place same-as` or `watchword place keep` answers.",
            facts={"spelling": one.pk, "source": one.source_id, "field": one.field},
        )
        for one in asked.values()
        if has_facilities or one.field != _Field.FACILITY
    )


def _ask_about_the_column(source: Source, field: Spelling.Field) -> None:
    open_tasks(
        [
            NewTask(
                kind=Task.Kind.PLACE_UNKNOWN,
                subject=f"source:{source.pk}/{field}",
                summary=f"{source.name} has more than {MOST} spellings of a {_noun(field)}. Is it the right column? "
                "What came after those is kept as said, and not asked about.",
                facts={"source": source.pk, "field": str(field)},
            )
        ]
    )


def _noun(field: str) -> str:
    return "country of birth" if field == _Field.BIRTH_COUNTRY else field
