"""Where somebody is: for a registrant, with number and PIN; of an open source, for whoever keys the person's number."""

from zoneinfo import ZoneInfo

from watchword.custody.finding.records import Sought
from watchword.custody.silence import silent_among
from watchword.delivery.told import tell_again
from watchword.feeds.mapping import load
from watchword.feeds.models import Source
from watchword.feeds.receiving import source_named
from watchword.notices.records import Facts
from watchword.notices.wording import brief, short_moment
from watchword.phone.line.call import Call
from watchword.phone.line.signing_in import signed_in
from watchword.phone.line.sources import to_a_source, which_source
from watchword.phone.line.step import End, Go, Next, entered, going, menu, nothing, saying
from watchword.phone.twiml import Spoken
from watchword.registrants.asking.lookup import Looked, look_up
from watchword.registrants.models import Registrant

MOST_LOOKED_FOR = 5
"""People whom one call may look for: a line that reads out a whole list, number by number, is no help to anybody."""


def begin(call: Call) -> Next:
    """To number and PIN; or, where some source is open, to the choice."""
    return Go("status") if _open_sources() else _own(call)


def _open_sources() -> list[Source]:
    return list(Source.objects.filter(sourcerule__is_open=True).order_by("name"))


def _own(call: Call) -> Next:
    return signed_in(call, "own_status")


def _own_words(call: Call) -> list[Spoken]:
    """What they were told last of each registration, in the words and the language of then."""
    registrant = Registrant.objects.get(pk=call.kept.registrant)
    zone = ZoneInfo(registrant.time_zone)
    said = []
    for each in tell_again(registrant.pk, "voice"):
        when = short_moment(call.language, each.told_at, zone)
        said += [call.say("told_last", when=when), Spoken(each.language, " ".join(each.body.split()))]
    return said or [call.say("nothing_to_tell")]


def _look(call: Call) -> Next:
    call.keep(person=call.digits, looked=call.kept.looked + 1)
    if call.kept.looked > MOST_LOOKED_FOR:
        return End([call.say("looked_enough")])
    return Go("public_status")


def _public_words(call: Call) -> list[Spoken]:
    """Nobody found sounds the same whether the number is nobody's, or is somebody's who must not be found."""
    source = source_named(call.kept.source)
    looked = look_up(source.name, Sought(number=call.kept.person))
    facts = _facts(source, looked)
    said = [Spoken(call.language, brief(call.language, each)) for each in facts]
    return said or [call.say("nobody_shown")]


def _facts(source: Source, looked: Looked) -> list[Facts]:
    mapping = load(source.mapping)
    kind = "feed_silent" if silent_among([source.pk]) else "current_status"
    return [
        Facts(
            kind=kind,
            zone=ZoneInfo(mapping.time_zone),
            agency=mapping.agency,
            source=mapping.title,
            number=seen.number,
            last_name=seen.name or None,
            status=seen.status,
            facility=seen.facility or None,
            as_of=looked.as_of,
        )
        for seen in looked.people
    ]


STEPS = [
    menu(
        "status",
        nothing,
        {
            "1": ("status_own", _own),
            "2": (
                "status_public",
                lambda call: to_a_source(call, _open_sources, "public_source", "public_person"),
            ),
        },
    ),
    menu(
        "own_status",
        _own_words,
        {"1": ("again", going("own_status")), "2": ("main_menu", going("main"))},
        reads=True,
    ),
    which_source("public_source", _open_sources, "public_person"),
    entered("public_person", saying("enter_person"), _look),
    menu(
        "public_status",
        _public_words,
        {
            "1": ("again", going("public_status")),
            "2": ("main_menu", going("main")),
            "3": ("another", going("public_person")),
        },
        reads=True,
    ),
]
