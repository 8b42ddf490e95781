"""How many questions of law does one core decide in a second?

`python -m bench.law` decides, with the shipped rules of New York City, questions that are settled and questions that
wait for facts (outcome and missing facts; and the whole tree); and a toy rule of three conditions, one question at a
time. With `--openfisca PYTHON`, an interpreter that has OpenFisca-core, the same toy rule is asked there, one situation
at a time, and all situations at once, which is what OpenFisca is made for. The aim is 20,000 a second, and to be ahead
of OpenFisca one at a time.
"""

import argparse
import importlib
import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

TOY = """
place: nyc
title: Toy
zone: America/New_York
holidays: US-NY
rules:
  toy:
    says: Only in this case
    cite: toy
    status: verified
    otherwise: MUST NOT
    unless:
      - label: all three
        outcome: MAY
        when:
          all:
            - {fact: detainer, is: true}
            - {fact: possible_tsdb_match, is: true}
            - {fact: known_gang_member, is: false}
offices:
  doc:
    title: Toy
    versions:
      - from: 2000-01-01
        cite: toy
        reference: toy
        status: verified
        changed: made
        actions: {hold: toy}
"""
_NAMES = ("detainer", "possible_tsdb_match", "known_gang_member")
_TOYS = [{name: bool(number >> place & 1) for place, name in enumerate(_NAMES)} for number in range(8)]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=2.0, help="for each figure")
    parser.add_argument("--openfisca", type=Path, help="an interpreter that has OpenFisca-core")
    parser.add_argument("--part", choices=["openfisca"], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.part:
        print(json.dumps(_openfisca(arguments.seconds)))
        return
    figures = _ours(arguments.seconds)
    if arguments.openfisca:
        command = [
            str(arguments.openfisca),
            __file__,
            "--part",
            "openfisca",
            "--seconds",
            str(arguments.seconds),
        ]
        figures |= json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    for name, rate in figures.items():
        print(f"{name}: {rate:,.0f} a second")


def _ours(seconds: float) -> dict[str, float]:
    from watchword.law import decide, outcome, question, read
    from watchword.law.offences import Offences

    settled, waiting = question(_question(_CITY)), question(_question(_CITY | {"warrant": None}))
    toy = read(TOY, "toy.yaml", Offences())
    toys = [question(_question(facts)) for facts in _TOYS]
    return {
        "settled, outcome and missing facts": _rate(lambda: outcome(settled), 1, seconds),
        "waiting for facts, outcome and missing facts": _rate(lambda: outcome(waiting), 1, seconds),
        "settled, read from JSON's data first": _rate(
            lambda: outcome(question(_question(_CITY))), 1, seconds
        ),
        "settled, with the whole tree as data": _rate(lambda: decide(settled).as_data(), 1, seconds),
        "toy rule": _rate(lambda: [outcome(asked, toy) for asked in toys], len(toys), seconds),
    }


def _rate(work: Callable[[], object], count: int, seconds: float) -> float:
    """So many a second of this process's own time, whatever else the machine does."""
    work()
    done, begun = 0, time.process_time()
    while (spent := time.process_time() - begun) < seconds:
        work()
        done += count
    return done / spent


def _question(facts: dict[str, Any]) -> dict[str, Any]:
    return {"jurisdiction": "nyc", "office": "doc", "as_of": "2019-09-09", "action": "hold", "facts": facts}


_CITY: dict[str, Any] = {
    "detainer": True,
    "known_from": "court",
    "warrant": {
        "issuer": "federal_magistrate",
        "probable_cause": True,
        "names_person": True,
        "authorises_custody": True,
        "presented": "with_detainer",
    },
    "instant_arrest_date": "2019-08-20",
    "convictions": [
        {
            "jurisdiction": "NY",
            "law": "PL",
            "section": "160.15",
            "felony": True,
            "hate_crime": False,
            "offence_date": "2014-01-01",
            "judgment_date": "2014-07-20",
            "youthful_offender": False,
            "juvenile_delinquent": False,
        }
    ],
    "incarceration": [{"from": "2014-07-20", "to": "2016-01-20", "for_serious_crime": True}],
    "possible_tsdb_match": False,
}


def _openfisca(seconds: float) -> dict[str, float]:
    """The toy rule in OpenFisca-core, as its guide writes rules."""
    core: Any = importlib.import_module("openfisca_core")
    for part in ("entities", "periods", "taxbenefitsystems", "variables", "simulations"):
        importlib.import_module(f"openfisca_core.{part}")
    person = core.entities.build_entity("person", "persons", "A person", is_person=True)
    month = core.periods.DateUnit.MONTH
    shared = {"value_type": bool, "entity": person, "definition_period": month, "label": "toy"}

    def formula(of: Any, period: Any, parameters: Any) -> Any:
        detainer, match, gang = (of(name, period) for name in _NAMES)
        return detainer * match * (1 - gang)

    system = core.taxbenefitsystems.TaxBenefitSystem([person])
    for name in _NAMES:
        system.add_variable(type(name, (core.variables.Variable,), dict(shared)))
    system.add_variable(type("may", (core.variables.Variable,), {**shared, "formula": formula}))

    def build(people: list[dict[str, bool]]) -> Any:
        told = {
            f"p{number}": {name: {"2019-09": value} for name, value in facts.items()}
            | {"may": {"2019-09": None}}
            for number, facts in enumerate(people)
        }
        return core.simulations.SimulationBuilder().build_from_entities(system, {"persons": told})

    many = _TOYS * 250
    return {
        "OpenFisca, toy rule, one at a time": _rate(
            lambda: build(_TOYS[:1]).calculate("may", "2019-09"), 1, seconds
        ),
        "OpenFisca, toy rule, 2,000 at once": _rate(
            lambda: build(many).calculate("may", "2019-09"), 2000, seconds
        ),
    }


if __name__ == "__main__":
    main()
