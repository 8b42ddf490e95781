"""May this office act on this federal civil immigration request? Dated rules that explain themselves.

    from watchword.law import decide, question

    answer = decide(question({"jurisdiction": "nyc", "office": "doc", "as_of": "2019-09-09", "action": "hold",
                              "facts": {"detainer": True, "warrant": {"issuer": "immigration_officer"}}}))
    answer.outcome, answer.missing, answer.as_data()

Pure Python: no database, no settings. `outcome` gives the outcome and the missing facts alone, for many questions.
"""

from watchword.law.charges import Charge, as_line, listed, parse
from watchword.law.deciding import Answer, decide, outcome, question
from watchword.law.facts import ACTIONS, Facts, Question
from watchword.law.reading import PLACES, RulesError, read, read_offences, rulebook
from watchword.law.reasons import Reason
from watchword.law.rulebook import LawError, Outcome, Rulebook

__all__ = [
    "ACTIONS",
    "PLACES",
    "Answer",
    "Charge",
    "Facts",
    "LawError",
    "Outcome",
    "Question",
    "Reason",
    "Rulebook",
    "RulesError",
    "as_line",
    "decide",
    "listed",
    "outcome",
    "parse",
    "question",
    "read",
    "read_offences",
    "rulebook",
]
