"""The counter's words: facts as questions, and what they may be."""

import re

ACTIONS = {
    "hold": "Hold past the release",
    "notify_release": "Tell the federal office of the release",
    "disclose_information": "Give the information",
    "transfer": "Hand the person over",
}

_ABOUT = {
    "facts.detainer": "Is there a civil immigration detainer?",
    "facts.warrant": "Is there a warrant?",
    "facts.warrant.issuer": "Who signed the warrant?",
    "facts.warrant.probable_cause": "Does the warrant rest on probable cause?",
    "facts.warrant.names_person": "Does the warrant name this person?",
    "facts.warrant.authorises_custody": "Does it let federal immigration authorities take them into custody?",
    "facts.warrant.presented": "When was the warrant presented?",
    "facts.warrant.presented_at": "At what time was the warrant presented?",
    "facts.known_from": "How does this office know of the person's record?",
    "facts.instant_arrest_date": "On what day was the arrest that led to this custody?",
    "facts.release_due_at": "When would the person go free?",
    "facts.convictions": "Is any conviction known?",
    "facts.incarceration": "Is any time in jail or prison known?",
    "facts.pending_cases": "Is any criminal case pending?",
    "facts.possible_tsdb_match": "Is there a possible match on the terrorist watch list?",
    "facts.illegal_reentry_after_removal_or_return": "Does the search show an illegal re-entry after a removal?",
    "facts.outstanding_criminal_warrant": "Is there an outstanding criminal warrant?",
    "facts.outstanding_federal_felony_warrant": "Is it a federal warrant for a felony?",
    "facts.known_gang_member": "Is the person listed as a known gang member?",
    "facts.removal_order_or_warrant": "Does the search show a warrant of removal or a final order?",
    "facts.information_asked": "What information is asked for?",
    "facts.purpose": "What is the information for?",
    "facts.asker": "Who asks?",
    "facts.otherwise_required_by_law": "Does another law require this answer?",
    "facts.age": "How old is the person?",
    "facts.in_custody_for_the_crime": "Are they held now for the crime itself?",
    "facts.cost_agreement": "Is there a written federal agreement to pay all costs?",
    "facts.release_date_public": "Is the release date public already?",
    "facts.judicial_probable_cause": "Did a judge find probable cause?",
    "facts.registrant": "Is the person on the registry of sex or arson offenders?",
    "facts.agency_has_custody": "Does this agency hold the person?",
    "facts.proof_shown": "Was the proof shown that the law exempts?",
    "facts.holidays": "Which holidays does this office keep?",
    "section": "Which section?",
    "law": "Which law (PL, VTL, other)?",
    "subdivision": "Which subdivision?",
    "jurisdiction": "In which state (a postal code, US or foreign)?",
    "felony": "Is it a felony?",
    "class": "Of which class?",
    "hate_crime": "Is it a hate crime?",
    "offence_date": "On what day was it done?",
    "judgment_date": "On what day was the judgment?",
    "released_date": "On what day did they leave prison for it?",
    "youthful_offender": "Was it a youthful offender adjudication?",
    "juvenile_delinquent": "Was it a juvenile delinquent adjudication?",
    "equivalent_to": "Which New York crime does it equal (such as PL 160.10, or none)?",
    "predicate_felony": "Is it a predicate felony under PL 70.06(1)(b)(i)?",
    "category": "Of which category is it?",
    "for_serious_crime": "Was that time for a violent or serious crime?",
    "from": "From what day?",
    "to": "Until what day?",
}

_LISTS = {
    "convictions": "Conviction",
    "incarceration": "Time in custody",
    "pending_cases": "Pending case",
}

_VALUES = {
    "article_iii_judge": "a judge of a United States court (Article III)",
    "federal_magistrate": "a federal magistrate judge",
    "bankruptcy_judge": "a bankruptcy judge",
    "state_judge": "a judge of a state",
    "immigration_officer": "an immigration officer (Forms I-200, I-205)",
    "immigration_judge": "an immigration judge",
    "none": "none",
    "with_detainer": "with the detainer",
    "after_detainer": "after the detainer",
    "not_yet": "not yet",
    "never": "never",
    "True": "yes",
    "False": "no",
    "[]": "no",
    "[{}]": "yes",
}

_OF_ENTRY = re.compile(r"facts\.(\w+)\[(\d+)\]\.(.+)")


def asked(path: str) -> str:
    """The fact as a question."""
    of_entry = _OF_ENTRY.fullmatch(path)
    if of_entry is None:
        return _ABOUT.get(path, said(path.removeprefix("facts.")).capitalize() + "?")
    entry = f"{_LISTS[of_entry[1]]} {int(of_entry[2]) + 1}: "
    of = of_entry[3].removeprefix("object.")
    words = _ABOUT.get(of, said(of).capitalize() + "?")
    return entry + words[0].lower() + words[1:]


def said(value: object) -> str:
    """What a fact is, in words."""
    return _VALUES.get(str(value), str(value).replace("_", " "))


def supposed(facts: dict[str, object]) -> str:
    """What would have to be so, in words."""
    if len(facts) > 1:
        return (
            "With a warrant of a federal judge or magistrate, naming the person, presented with the detainer"
        )
    ((path, value),) = facts.items()
    return f"{asked(path)} If: {said(value)}"
