"""Choosing one of the sources, by the titles that the public knows; where there is one only, nobody is asked."""

from collections.abc import Callable
from functools import partial

from watchword.feeds.mapping import load
from watchword.feeds.models import Source
from watchword.phone.line.call import Call
from watchword.phone.line.step import Go, Next, Option, Step, listed, saying
from watchword.phone.twiml import Spoken

Sources = Callable[[], list[Source]]


def to_a_source(call: Call, sources: Sources, asking: str, then: str) -> Next:
    """Ask which (the step `asking`), if there are several; then go on with `then`."""
    found = sources()
    if not found:
        return Go("main", [call.say("nothing_to_tell")])
    if len(found) > 1:
        return Go(asking)
    call.keep(source=found[0].name)
    return Go(then)


def which_source(name: str, sources: Sources, then: str) -> Step:
    """The step that asks which."""

    def chosen(call: Call, source: str) -> Next:
        call.keep(source=source)
        return Go(then)

    def options(call: Call) -> list[Option]:
        return [Option(each.name, partial(_offer, call, load(each.mapping).title)) for each in sources()]

    return listed(name, saying("which_source"), options, chosen)


def _offer(call: Call, title: str, key: str) -> Spoken:
    return call.say("choice", name=title, key=key)
