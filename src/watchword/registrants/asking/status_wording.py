"""Notes that say somebody's immigration status are refused: the office neither asks for it nor keeps it.

A list of wordings for each of our languages, in status_wording.yaml, which says how they are written. Names of agencies
and places alone say nobody's status and pass; so does what only sounds alike, such as a credit card that is green.
"""

import re
import unicodedata
from functools import cache
from importlib.resources import files

from watchword.core.errors import WatchwordError
from watchword.core.plain_yaml import read_yaml


class StatusError(WatchwordError):
    """Please leave out anything about anybody's immigration status. We do not need it, we do not ask for it, and we keep no note that says it. Nothing of this was saved."""  # noqa: E501 - the docstring is what is read


_NO_MARK = str.maketrans("łøđı", "lodi")  # letters that Unicode does not take apart
_GAP = "(?: [^ ]+){0,3}"
_HAS_NO_SPACES = re.compile("[\u3400-\u9fff]")


def refuse_status(text: str) -> None:
    """StatusError where the text says somebody's immigration status in any of our languages."""
    if says_status(text):
        raise StatusError(StatusError.__doc__)


def says_status(text: str) -> bool:
    """Whether the text says somebody's immigration status, whoever's it is."""
    plain = _plain(text)
    without = _harmless().sub(" ", plain)
    return _wordings().search(without) is not None


def _plain(text: str) -> str:
    """Words in lower case between single blanks, without accents and the like, and without punctuation."""
    letters = [
        letter
        for letter in unicodedata.normalize("NFKD", text.casefold().translate(_NO_MARK))
        if not unicodedata.combining(letter) or "\u0980" <= letter <= "\u09ff"  # Bengali's are vowels
    ]
    spaced = [" " if unicodedata.category(letter)[0] in "PZSC" else letter for letter in letters]
    return f" {' '.join(unicodedata.normalize('NFC', ''.join(spaced)).split())} "


@cache
def _wordings() -> re.Pattern[str]:
    return _either("says")


@cache
def _harmless() -> re.Pattern[str]:
    return _either("says not")


def _either(which: str) -> re.Pattern[str]:
    text = files(__package__).joinpath("status_wording.yaml").read_text(encoding="utf-8")
    languages = read_yaml(text).values()
    return re.compile("|".join(_pattern(wording) for known in languages for wording in known.get(which, [])))


def _pattern(wording: str) -> str:
    """What a wording of the list looks for in plain text."""
    if _HAS_NO_SPACES.search(wording):
        return re.escape(_plain(wording).strip())
    words = [
        _GAP if word == "..." else "[^ ]*".join(re.escape(_plain(part).strip()) for part in word.split("*"))
        for word in wording.split()
    ]
    return f" {' '.join(words)}(?= )".replace(f" {_GAP} ", f"{_GAP} ")
