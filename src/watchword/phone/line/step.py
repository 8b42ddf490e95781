"""What the line is made of: steps that ask one thing each, and where an answer leads."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from watchword.phone.line.call import Call
from watchword.phone.twiml import Spoken

MORE = "9"
"""The key of the choices that have none of their own."""

_ON_A_PAGE = 8


@dataclass(frozen=True, slots=True)
class Go:
    """Ask what this step asks, after saying so much."""

    step: str
    said: Sequence[Spoken] = ()


@dataclass(frozen=True, slots=True)
class End:
    """Say so, and goodbye."""

    said: Sequence[Spoken] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """Read the message of this delivery, whose PIN was given."""

    delivery: int


Next = Go | End | Read
Ask = Callable[[Call], list[Spoken]]
Take = Callable[[Call], Next]


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One question. `takes` is asked what any keys but 0 and * lead to."""

    name: str
    asks: Ask
    takes: Take
    one_key: bool  # answered by one key; else by keys that # or a pause ends
    keys: Mapping[str, str]  # of a menu: each key, and the prompt that offers it
    reads: bool = False  # something of a case, which is not said again unless somebody asks for it


class Option(NamedTuple):
    """One of a list of choices that differs from office to office."""

    value: str
    says: Callable[[str], Spoken]  # its offer, given the key


def menu(name: str, opening: Ask, choices: Mapping[str, tuple[str, Take]], *, reads: bool = False) -> Step:
    """A question whose answers are always the same: by key, the prompt that offers it and what it does."""

    def asks(call: Call) -> list[Spoken]:
        return [*opening(call), *(call.say(offer) for offer, _ in choices.values())]

    def takes(call: Call) -> Next:
        _, take = choices.get(call.digits, ("", None))
        return take(call) if take else _not_a_choice(call, name)

    keys = {key: offer for key, (offer, _) in choices.items()}
    return Step(name=name, asks=asks, takes=takes, one_key=True, keys=keys, reads=reads)


def listed(
    name: str, opening: Ask, options: Callable[[Call], list[Option]], chosen: Callable[[Call, str], Next]
) -> Step:
    """A question whose answers are a list. Of more than nine, eight have keys of their own; 9 leads to the others."""

    def shown(call: Call) -> tuple[list[Option], list[Option]]:
        """Those that have a key of their own now, and those behind 9."""
        found = options(call)
        if len(found) <= _ON_A_PAGE + 1:
            return found, []
        begin = call.kept.page * _ON_A_PAGE
        return found[begin : begin + _ON_A_PAGE], found[begin + _ON_A_PAGE :] or found[:begin]

    def asks(call: Call) -> list[Spoken]:
        own, others = shown(call)
        offers = [option.says(str(key)) for key, option in enumerate(own, 1)]
        return [*opening(call), *offers, *(option.says(MORE) for option in others)]

    def takes(call: Call) -> Next:
        own, others = shown(call)
        by_key = {str(key): option.value for key, option in enumerate(own, 1)}
        if call.digits in by_key:
            call.keep(page=0)
            return chosen(call, by_key[call.digits])
        if call.digits == MORE and others:
            following = call.kept.page + 1
            call.keep(page=following if following * _ON_A_PAGE < len(options(call)) else 0)
            return Go(name)
        return _not_a_choice(call, name)

    return Step(name=name, asks=asks, takes=takes, one_key=True, keys={})


def entered(name: str, asks: Ask, takes: Take) -> Step:
    """A question that is answered by keying a number, and #."""
    return Step(name=name, asks=asks, takes=takes, one_key=False, keys={})


def nothing(call: Call) -> list[Spoken]:
    """No words before the choices."""
    return []


def saying(*keys: str) -> Ask:
    """These prompts."""
    return lambda call: [call.say(key) for key in keys]


def going(step: str) -> Take:
    """To this step, whatever was pressed."""
    return lambda call: Go(step)


def _not_a_choice(call: Call, name: str) -> Next:
    return Go(name, [call.say("not_a_choice")])
