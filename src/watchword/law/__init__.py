"""May this office act on this federal civil immigration request? Dated rules that explain themselves.

    from watchword.law import decide, question

    answer = decide(question({"jurisdiction": "nyc", "office": "doc", "as_of": "2019-09-09", "action": "hold",
                              "facts": {"detainer": True, "warrant": {"issuer": "immigration_officer"}}}))
    answer.outcome, answer.missing, answer.as_data()

Pure Python: no database, no settings. `outcome` gives the outcome and the missing facts alone, for many questions.
"""

from watchword.law.asking import (
    Asked,
    Change,
    asked_of,
    in_best_order,
    set_fact,
    what_would_change,
    with_facts,
)
from watchword.law.charges import Charge, as_line, listed, parse
from watchword.law.deciding import Answer, decide, holds, hours_end, outcome, question
from watchword.law.facts import ACTIONS, Facts, Question
from watchword.law.reading import PLACES, RulesError, read, read_offences, rulebook, with_offences
from watchword.law.reasons import Reason
from watchword.law.rulebook import LawError, Outcome, Rulebook

__all__ = [
    "ACTIONS",
    "PLACES",
    "Answer",
    "Asked",
    "Change",
    "Charge",
    "Facts",
    "LawError",
    "Outcome",
    "Question",
    "Reason",
    "Rulebook",
    "RulesError",
    "as_line",
    "asked_of",
    "decide",
    "holds",
    "hours_end",
    "in_best_order",
    "listed",
    "outcome",
    "parse",
    "question",
    "read",
    "read_offences",
    "rulebook",
    "set_fact",
    "what_would_change",
    "with_facts",
    "with_offences",
]
