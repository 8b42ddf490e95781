"""Wording about immigration holds and status, which rosters list among charges and which is kept nowhere.

What is dropped, what is kept and why stands in docs/decisions/0001-immigration-wording-in-rosters.md. Where a wording
could be read both ways, it is dropped: a charge tells nobody's whereabouts.
"""

import re
import unicodedata
from functools import lru_cache

_NOT_A_DRUG = r"(?:-(?!poss|sale|sell|sold|traffic|deliver|distrib|manuf|meth|drug)\w+)"
_BY = r"(?:-(?:for|by|from|of|per|to|with|w|de|del|por|para|the|us|u-s))"
_ICE = (
    r"(?:(?:us|u-s)-?)?"
    r"(?:b?ice|b?-?i-c-e|immigration|immig|imm|deportation|inmigracion|migracion|migratori[ao]|deportacion)"
)
_AGENCY = rf"(?:{_ICE}|dhs|cbp|uscis|ero|homeland-security|border-patrol|customs)"
_INS = r"(?:us-?)?(?:ins|i-n-s)"
_HOLD = r"(?:hold|holds|holdover|detainers?|retainers?|retencion)(?!-r(?:oo)?ms?\b)"

_HOLD_WORDING = re.compile(
    rf"""\b(?:
        {_AGENCY}{_NOT_A_DRUG}{{0,3}}?-{_HOLD}
      | {_HOLD}{_NOT_A_DRUG}{{0,3}}?-{_AGENCY}
      | {_INS}-{_HOLD}
      | {_HOLD}{_BY}{{0,2}}-{_INS}
      | {_ICE}(?:-\w+)?-warrants?
      | warrants?{_BY}{{0,2}}-{_ICE}
      | orden{_BY}{{1,2}}-{_ICE}
      | (?:ice|ins|immigration)(?:hold|detainer)
      | i-?247\w?
      | i-?20[035]-warrants? | warrants?-i-?20[035] | form-i-?20[035]
      | 287-?g
      | 8-u-?s-?c(?:-(?:s|sec|section))?-(?:1182|1225|1226|1227|1231|1357)\w*
      | ina-(?:(?:s|sec|section)-)?(?:212|235|236|237|240|241|287)\w*
    )\b""",
    re.VERBOSE,
)
"""A hold, detainer or civil warrant of the federal immigration agencies, by its name, form or section of law."""

_STATUS_WORDING = re.compile(
    rf"""\b(?:
        immigra\w* | inmigra\w* | migratori[ao] | deport\w* | aliens? | indocumentad[ao]s? | undocumented
      | non-?citizens? | citizenship | ciudadania
      | (?:order|orders|orden)-(?:of|de)-(?:removal|remocion) | removal-(?:order|proceeding|hearing)s?
      | (?:unlawful|illegal)-presence | visa-overstay | overstay\w*-visa | entry-without-inspection | ewi
      | (?:detencion|detenid[ao]){_BY}{{0,2}}-{_ICE}
      | {_AGENCY}-(?:custody|inmate|violation|status|case|matter|pick-?up|safekeeping|boarder|housing|admin\w*)
      | (?:releas\w+|turn\w*(?:-\w+)?-over|turnover|tot|transfer\w*|remand\w*|entregad[ao]){_BY}{{0,3}}-{_AGENCY}
    )\b
    | ^(?:(?:{_AGENCY}|{_INS}|only|federal|fed|and|enforcement)(?:-|$))+$""",
    re.VERBOSE,
)

_CRIME = re.compile(
    r"""\b(?:
        smuggl\w* | transport\w* | harbou?r\w*
      | conceal\w* | encourag\w* | induc\w* | bring\w* | import\w* | traffick\w*
      | fraud\w* | fals\w* | forg\w* | counterfeit\w* | misrepresent\w* | misus\w*
      | impersonat\w* | procur\w* | perjur\w*
      | fail\w*-to-(?:depart|leave|register|report) | re-?ent(?:ry|er)\w* | (?:illegal|improper|unlawful)-entry
      | firearms? | weapons? | guns? | ammunition | vot(?:e|ing) | hir(?:e|ing) | employ\w* | practic\w*
      | extort\w* | threat\w* | coerc\w* | blackmail | escap\w* | traficar | trafico | contrabando
      | 8-u-?s-?c(?:-(?:s|sec|section))?-13\d\d\w* | 18-u-?s-?c
    )\b""",
    re.VERBOSE,
)
"""Crimes whose own names speak of aliens, immigration or deportation."""

_MAY_BE_HOLD = re.compile(r"hold|detain|retain|retenc|warrant|orden|247|20[035]|287|\bina\b|s\W*c")
"""Nearly no name and no place goes on from here: the rest costs ten times as much, and so does ignoring case."""


def is_hold(text: str) -> bool:
    """Whether the text names an immigration hold. Places people are held at or taken to are not holds."""
    may_be = not text.isascii() or _MAY_BE_HOLD.search(text.lower()) is not None
    return may_be and _HOLD_WORDING.search(_plain(text)) is not None


@lru_cache(maxsize=4096)  # a source has a few thousand charges
def says_status(charge: str) -> bool:
    """Whether an item among the charges speaks of an immigration hold or of status instead of a crime."""
    if is_hold(charge):
        return True
    plain = _plain(charge)
    return _STATUS_WORDING.search(plain) is not None and _CRIME.search(plain) is None


def _plain(text: str) -> str:
    """Lower case, without accents, each run of anything but letters and digits a hyphen."""
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(letter)
    )
    return re.sub(r"[\W_]+", "-", bare).strip("-")
