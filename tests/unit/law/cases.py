"""One complete set of facts, as the interface takes them, and how a test changes it."""

from copy import deepcopy
from typing import Any

from watchword.law import Answer, Outcome, decide, question

ROBBERY: dict[str, Any] = {
    "jurisdiction": "NY", "law": "PL", "section": "160.15", "subdivision": None, "inchoate": None, "felony": True,
    "class": "B", "hate_crime": False, "offence_date": "2014-08-01", "judgment_date": "2015-01-10",
    "youthful_offender": False, "juvenile_delinquent": False, "equivalent_to": None, "predicate_felony": None,
}  # fmt: skip

WARRANT: dict[str, Any] = {
    "issuer": "article_iii_judge", "probable_cause": True, "names_person": True, "authorises_custody": True,
    "presented": "with_detainer", "presented_at": None,
}  # fmt: skip

I_200 = WARRANT | {"issuer": "immigration_officer"}
NO_WARRANT_YET = WARRANT | {"issuer": "none", "presented": "not_yet"}

FACTS: dict[str, Any] = {
    "detainer": True,
    "warrant": WARRANT,
    "known_from": "search_at_release",
    "instant_arrest_date": "2019-08-20",
    "release_due_at": "2019-09-09T10:00",
    "now": "2019-09-09T12:00",
    "convictions": [ROBBERY],
    "incarceration": [],
    "possible_tsdb_match": False,
    "illegal_reentry_after_removal_or_return": False,
    "pending_cases": [],
    "outstanding_criminal_warrant": False,
    "known_gang_member": False,
    "removal_order_or_warrant": False,
}

OFFICES = {"nyc": "doc", "dc": "doc", "ca": "sheriff", "tx": "jail", "il": "jail"}


def answer(
    action: str = "hold",
    /,
    *,
    place: str = "nyc",
    office: str | None = None,
    on: str = "2019-09-09",
    **changes: Any,
) -> Answer:
    """The answer about the robber with a judicial warrant, with these facts changed."""
    return decide(
        question(
            {
                "jurisdiction": place,
                "office": office or OFFICES[place],
                "as_of": on,
                "action": action,
                "facts": deepcopy(FACTS) | changes,
            }
        )
    )


def outcome_of(action: str = "hold", /, **changes: Any) -> Outcome:
    """Only its outcome."""
    return answer(action, **changes).outcome


def robbery(**changes: Any) -> list[dict[str, Any]]:
    """A list with the one conviction, changed."""
    return [ROBBERY | changes]
