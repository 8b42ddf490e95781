"""The questions in their order."""

from collections.abc import Iterator

from watchword.site.sign_up.draft import Draft
from watchword.site.sign_up.person import ByName, ByNumber, Held, Know, People, Place, Who
from watchword.site.sign_up.places import AskedPlace, place_named
from watchword.site.sign_up.questions import Step
from watchword.site.sign_up.reaching import Contacts, Language, Other, Safety
from watchword.site.sign_up.right import Right

STEPS: tuple[type[Step], ...] = (
    Who,
    Place,
    Know,
    ByNumber,
    ByName,
    People,
    Held,
    Right,
    Contacts,
    Other,
    Safety,
    Language,
)


def step_named(name: str) -> type[Step] | None:
    """The page of this name."""
    return next((step for step in STEPS if step.name == name), None)


def place_of(draft: Draft) -> AskedPlace | None:
    """The source that was chosen, or the only one; looked for once for each answer to a page."""
    name = draft.said(Place.name, "place")
    if name not in draft.places:
        draft.places[name] = place_named(name)
    found: AskedPlace | None = draft.places[name]
    return found


def following(draft: Draft, step: type[Step] | None = None) -> Iterator[type[Step]]:
    """The pages that come after this one, the next first; without one, all."""
    place = place_of(draft)
    start = 0 if step is None else STEPS.index(step) + 1
    return (each for each in STEPS[start:] if each.is_asked(draft, place))


def before(draft: Draft, step: type[Step]) -> type[Step] | None:
    """The page that came before this one."""
    place = place_of(draft)
    earlier = STEPS[: STEPS.index(step)]
    return next((each for each in reversed(earlier) if each.is_asked(draft, place)), None)
