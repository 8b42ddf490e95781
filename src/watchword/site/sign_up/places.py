"""The sources whose people one may ask about, as the public knows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from watchword.feeds.mapping import load
from watchword.feeds.models import Source
from watchword.registrants.asking.models import Relation
from watchword.registrants.asking.rules import CHECKED, rule_of


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedPlace:
    """One source, and its rule."""

    name: str
    agency: str
    time_zone: str
    is_open: bool
    who: Sequence[str]

    @property
    def is_for_anyone(self) -> bool:
        """Whether nobody's right to know is checked."""
        return self.is_open and Relation.ANYONE in self.who

    @property
    def relations(self) -> list[str]:
        """As what one may ask, where that is checked."""
        return [relation for relation in CHECKED if relation in self.who]


def names_of_places() -> list[tuple[str, str]]:
    """Each source's name, and how the public knows it, in order."""
    found = [(source.name, load(source.mapping)) for source in Source.objects.order_by("name")]
    agencies = [mapping.agency for _, mapping in found]
    return [
        (
            name,
            mapping.agency if agencies.count(mapping.agency) == 1 else f"{mapping.agency}: {mapping.title}",
        )
        for name, mapping in found
    ]


def place_named(name: str) -> AskedPlace | None:
    """The source of this name; of an empty one the only source there is. None where that is none."""
    found = Source.objects.filter(name=name) if name else Source.objects.all()
    sources = list(found[:2])
    if len(sources) != 1:
        return None
    (source,) = sources
    rule, mapping = rule_of(source), load(source.mapping)
    return AskedPlace(
        name=source.name,
        agency=mapping.agency,
        time_zone=mapping.time_zone,
        is_open=rule.is_open,
        who=rule.who,
    )
