"""When two spellings are the same: by these rules, and by nothing else."""

import re
import unicodedata

ABBREVIATIONS = {
    "BLDG": "BUILDING",
    "CENTRE": "CENTER",
    "CNTR": "CENTER",
    "CNTY": "COUNTY",
    "CORR": "CORRECTIONAL",
    "CTR": "CENTER",
    "DEPT": "DEPARTMENT",
    "DET": "DETENTION",
    "DETN": "DETENTION",
    "FAC": "FACILITY",
    "FCLTY": "FACILITY",
    "FED": "FEDERAL",
    "HOSP": "HOSPITAL",
    "JUV": "JUVENILE",
    "PROC": "PROCESSING",
    "REG": "REGIONAL",
    "SVC": "SERVICE",
    "SVCS": "SERVICES",
}
"""Whole words that are read in one way alone. CO is a county, a company and Colorado, ST a saint, a street and a state:
such are left to the office."""

_NO_MARKS = dict.fromkeys(range(0x0300, 0x0370))
_IN_WORDS = str.maketrans("", "", "'’‘`´.")  # ST. MARY'S is ST MARYS, and U.S. is US
_BETWEEN = re.compile(r"[\W_]+")
_POINT = re.compile(r"(?<=\d)\.(?=\d)")


def folded(said: str) -> str:
    """A spelling as spellings are compared: without case, accents and punctuation, common abbreviations written out.

    Where that leaves nothing, as of "***", what was said.
    """
    plain = unicodedata.normalize("NFKD", said.replace("´", "'")).translate(_NO_MARKS)
    plain = _POINT.sub(" ", plain).replace("&", " AND ").translate(_IN_WORDS).upper()
    return " ".join(ABBREVIATIONS.get(word, word) for word in _BETWEEN.sub(" ", plain).split()) or said
