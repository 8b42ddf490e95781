"""What becomes of the answers: people looked up, one request, and a code to each contact."""

from typing import TypeVar

from watchword.delivery.codes import send_code
from watchword.registrants.asking.actions import ask
from watchword.registrants.asking.lookup import look_up
from watchword.registrants.asking.models import Relation
from watchword.registrants.asking.records import Asked, ForWhom, Reached
from watchword.registrants.queries import to_prove
from watchword.site.forms import LANDLINE, TTY
from watchword.site.sign_up.draft import Draft, Kept, Listed, Point
from watchword.site.sign_up.order import following, place_of
from watchword.site.sign_up.person import WATCH, ByName, ByNumber, Held, People
from watchword.site.sign_up.places import AskedPlace
from watchword.site.sign_up.questions import Step
from watchword.site.sign_up.reaching import Contacts, Language, Other, Safety
from watchword.site.sign_up.right import Right

_Answered = TypeVar("_Answered", bound=Step)


def look(draft: Draft, place: AskedPlace) -> None:
    """Note in the draft whom the open source lists, and as of when."""
    looked = look_up(place.name, _finding(draft, place).sought())
    draft.as_of = looked.as_of
    draft.listed = [
        Listed(number=one.number, name=one.name, facility=one.facility, status=one.status)
        for one in looked.people
    ]


def unanswered(draft: Draft) -> type[Step] | None:
    """The first page whose answers are missing, or no longer fit what was answered elsewhere."""
    place = place_of(draft)
    return next((step for step in following(draft) if not step(draft, place).is_valid()), None)


def take(draft: Draft, place: AskedPlace) -> Kept:
    """Make the request, send a code to each contact, and keep of the answers what the pages after it need.

    WatchwordError where it cannot be taken, whoever it is about.
    """
    asked = _asked(draft, place)
    taken = ask(asked)
    points = [point for place_in, who in enumerate(taken.recipients) for point in _points(who, place_in == 0)]
    if taken.is_new:
        for point in points:
            if not point.is_called:
                send_code(point.id)
    return Kept(
        registrant=taken.recipients[0],
        number=taken.number,
        pin="" if asked.pin else taken.pin,
        points=points,
        is_watch=asked.watch,
        is_checked=asked.watch or asked.relation is not Relation.ANYONE,
    )


def _points(registrant: int, is_mine: bool) -> list[Point]:
    return [
        Point(id=number, channel=channel, masked=masked, is_mine=is_mine)
        for number, channel, masked in to_prove(registrant)
    ]


def _asked(draft: Draft, place: AskedPlace) -> Asked:
    for_whom = ForWhom(draft.said("who", "for_whom"))
    sought = _finding(draft, place).sought()
    if place.is_open:
        chosen = draft.said(People.name, "chosen")
        watch = chosen == WATCH
        sought = sought if watch else type(sought)(number=chosen)
    else:
        watch = draft.said(Held.name, "held") == "no"
    relation, evidence, note = Relation.ANYONE, "", ""
    if not place.is_for_anyone:
        right = _answered(Right, draft, place)
        relation = Relation(right.cleaned_data["relation"])
        evidence, note = right.evidence(), right.cleaned_data["note"]
    contacts = _answered(Contacts, draft, place).cleaned_data
    last = _answered(Language, draft, place).cleaned_data
    return Asked(
        source=place.name,
        sought=sought,
        relation=relation,
        for_whom=for_whom,
        reached=Reached(
            email=contacts["email"] or None,
            phone=contacts["phone"] or None,
            tty=contacts["kind"] == TTY,
            calls_only=contacts["kind"] == LANDLINE,
            name=contacts.get("called") or None,
            language=last["language"],
            **_answered(Safety, draft, place).ways(),
        ),
        other=_answered(Other, draft, place).reached() if for_whom is ForWhom.BOTH else None,
        pin=last.get("pin"),
        evidence=evidence,
        note=note,
        watch=watch,
        form=draft.sheet,
    )


def _finding(draft: Draft, place: AskedPlace) -> ByNumber | ByName:
    if draft.said("know", "know") == "number":
        return _answered(ByNumber, draft, place)
    return _answered(ByName, draft, place)


def _answered(step: type[_Answered], draft: Draft, place: AskedPlace) -> _Answered:
    form = step(draft, place)
    if not form.is_valid():
        raise AssertionError("a page is taken only when all before it were answered")
    return form
