"""What is known of one request: the form of the facts that a decision rests on. None means unknown.

The JSON Schema in docs/reference/law-facts.schema.json is made from these classes.
"""

from datetime import date, datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr


def _in_these_centuries(moment: datetime) -> datetime:
    if not 1900 <= moment.year < 2200:
        raise ValueError("give a time between the years 1900 and 2199")
    return moment


Action: TypeAlias = Literal["hold", "notify_release", "disclose_information", "transfer"]
Day: TypeAlias = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2199, 12, 31))]
Moment: TypeAlias = Annotated[datetime, AfterValidator(_in_these_centuries)]
YesNo: TypeAlias = StrictBool | None

ACTIONS: tuple[Action, ...] = ("hold", "notify_release", "disclose_information", "transfer")


class Record(BaseModel):
    """A part of the facts: nothing in it may be misspelled, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Warrant(Record):
    """The warrant that comes with the request, or after it."""

    issuer: (
        Literal[
            "article_iii_judge",
            "federal_magistrate",
            "bankruptcy_judge",
            "state_judge",
            "immigration_officer",
            "immigration_judge",
            "none",
        ]
        | None
    ) = Field(None, description="Who signed it; I-200 and I-205 are signed by immigration officers.")
    probable_cause: YesNo = Field(None, description="It rests on probable cause.")
    names_person: YesNo = Field(None, description="It names the person of the request.")
    authorises_custody: YesNo = Field(
        None, description="It authorises federal immigration authorities to take the person into custody."
    )
    presented: Literal["with_detainer", "after_detainer", "not_yet", "never"] | None = Field(
        None, description="When it was presented."
    )
    presented_at: Moment | None = Field(None, description="When, if after the detainer; local time.")


class Crime(Record):
    """A crime, as the law that defines it names it."""

    law: StrictStr | None = Field(
        None, description="PL penal law, VTL vehicle and traffic law, and so on; elsewhere `other`."
    )
    section: StrictStr | None = Field(None, description="Such as 160.15.")
    subdivision: StrictStr | None = Field(None, description="Such as (2)(a).")


class Conviction(Crime):
    """One judgment or adjudication."""

    jurisdiction: StrictStr | None = Field(None, description="A postal code, `US`, or `foreign`.")
    inchoate: Literal["attempt", "conspiracy", "solicitation", "facilitation"] | None = Field(
        None, description="Null is a completed offence. For an attempt, `section` is the crime attempted."
    )
    object: Crime | None = Field(None, description="The crime conspired for, solicited or facilitated.")
    felony: YesNo = None
    class_: StrictStr | None = Field(None, alias="class", description="Such as B or A-I.")
    hate_crime: YesNo = None
    offence_date: Day | None = None
    judgment_date: Day | None = None
    released_date: Day | None = Field(None, description="Release after serving the sentence for it.")
    youthful_offender: YesNo = None
    juvenile_delinquent: YesNo = None
    equivalent_to: StrictStr | None = Field(
        None,
        description="Of a conviction elsewhere: the New York crime it equals, such as `PL 160.10`, or `none`.",
    )
    predicate_felony: YesNo = Field(
        None, description="Of a conviction elsewhere: a predicate felony under PL 70.06(1)(b)(i)."
    )
    relates_to_patronizing: YesNo = Field(None, description="Of PL 240.37 in 2013 and 2014.")
    category: (
        Literal[
            "homicide",
            "dangerous_or_violent",
            "violent_felony",
            "serious_felony",
            "state_prison_felony",
            "listed_wobbler",
            "proposition_47_misdemeanor",
            "federal_aggravated_felony",
            "none",
        ]
        | None
    ) = Field(None, description="What Washington D.C. and California call it; `none` of these.")


class PendingCase(Crime):
    """One criminal case in which no judgment has been entered."""

    jurisdiction: StrictStr | None = Field(None, description="A postal code, or `US`.")
    class_: StrictStr | None = Field(None, alias="class", description="Such as B or A-I.")
    grade: Literal["felony", "misdemeanor", "violation", "infraction"] | None = Field(
        None, description="Of the highest charge."
    )
    firearm_or_ammunition: YesNo = Field(None, description="Of PL 265.01.")
    released_under_cpl_170_70: YesNo = Field(None, description="Of PL 120.00 and 215.50.")
    relates_to_patronizing: YesNo = Field(None, description="Of PL 240.37.")
    adjourned_in_contemplation_of_dismissal: YesNo = Field(None, description="Absent means no.")
    conditional_discharge: YesNo = Field(None, description="Absent means no.")
    must_be_youthful_offender: YesNo = Field(None, description="Absent means no. CPL 720.20(1)(b).")
    family_court: YesNo = Field(None, description="Absent means no.")
    held_to_answer: YesNo = Field(None, description="California: a magistrate found that it may go to trial.")
    category: Literal["qualifying_felony", "none"] | None = Field(
        None, description="California: a felony that Government Code 7282.5(a) names, or none."
    )


class Incarceration(Record):
    """A time spent in jail or prison."""

    begin: Day | None = Field(None, alias="from")
    end: Day | None = Field(None, alias="to", description="The day of release.")
    for_serious_crime: YesNo = Field(None, description="For a violent or serious crime.")


class Facts(Record):
    """Everything that a rule may ask. Absent or null means unknown."""

    detainer: YesNo = Field(None, description="There is a civil immigration detainer (I-247A or the like).")
    warrant: Warrant | None = None
    known_from: (
        Literal[
            "search_at_release",
            "earlier_search",
            "court",
            "other_government",
            "federal_immigration_authorities",
            "none_of_these",
        ]
        | None
    ) = Field(None, description="How the office knows of the person's record.")
    instant_arrest_date: Day | None = Field(None, description="Of the arrest that led to this custody.")
    release_due_at: Moment | None = Field(
        None, description="When the person would otherwise go free; local time."
    )
    now: Moment | None = Field(None, description="The moment of the question; local time.")
    holidays: tuple[Day, ...] | None = Field(
        None, description="The office's own list of holidays; absent: the public holidays of the place."
    )
    convictions: tuple[Conviction, ...] | None = None
    incarceration: tuple[Incarceration, ...] | None = None
    pending_cases: tuple[PendingCase, ...] | None = None
    possible_tsdb_match: YesNo = Field(None, description="A possible match on the terrorist watch list.")
    illegal_reentry_after_removal_or_return: YesNo = None
    outstanding_criminal_warrant: YesNo = None
    outstanding_federal_felony_warrant: YesNo = Field(
        None, description="Asked only of an outstanding warrant."
    )
    known_gang_member: YesNo = None
    removal_order_or_warrant: YesNo = Field(
        None, description="An outstanding warrant of removal, or ever a final order of removal."
    )
    information_asked: (
        Literal[
            "incarceration_status",
            "release_date",
            "court_appearance_date",
            "citizenship_or_immigration_status",
            "other",
        ]
        | None
    ) = None
    purpose: Literal["civil_immigration_enforcement", "unrelated_to_civil_immigration"] | None = None
    asker: Literal["ice", "other_federal_with_civil_immigration_duties", "other"] | None = None
    otherwise_required_by_law: YesNo = Field(None, description="Another law requires this answer.")
    age: StrictInt | None = Field(None, description="In full years, on the day of the request.")
    date_of_birth: Day | None = Field(None, description="May stand for `age`.")
    in_custody_for_the_crime: YesNo = Field(None, description="D.C.: now held for the crime itself.")
    cost_agreement: YesNo = Field(None, description="D.C.: a written federal agreement to pay all costs.")
    release_date_public: YesNo = Field(None, description="California: the release date is public already.")
    judicial_probable_cause: YesNo = Field(
        None, description="California: a judge's finding of probable cause."
    )
    registrant: YesNo = Field(None, description="California: on the sex and arson offenders' registry.")
    agency_has_custody: YesNo = Field(None, description="Texas: this agency has the person in custody.")
    proof_shown: YesNo = Field(None, description="Texas: the person has shown the proof that exempts.")


class Question(Record):
    """May this office do this on this day?"""

    jurisdiction: Literal["nyc", "dc", "ca", "tx", "il"]
    office: Literal["doc", "nypd", "probation", "sheriff", "jail"]
    as_of: Day
    action: Action
    facts: Facts
