"""Names and their nicknames."""

from collections import defaultdict
from functools import cache
from importlib.resources import files


def nicknames(word: str) -> frozenset[str]:
    """What somebody of this name may go by, and the names that somebody who goes by it may have: `bill` of `william`,
    and the other way round."""
    return _known().get(word, frozenset())


@cache
def _known() -> dict[str, frozenset[str]]:
    lines = files(__package__).joinpath("nicknames.txt").read_text(encoding="utf-8").splitlines()
    same = defaultdict[str, set[str]](set)
    for line in lines:
        name, colon, short = line.partition(":")
        if colon and not name.startswith("#"):
            for nickname in short.split():
                same[name].add(nickname)
                same[nickname].add(name)
    return {name: frozenset(others) for name, others in same.items()}
