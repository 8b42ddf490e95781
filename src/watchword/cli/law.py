"""Commands about the law: may this office act on this request, what does the rule say, and what changed?"""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from watchword.cli.console import Json, print_json
from watchword.cli.law_days import day
from watchword.cli.law_requests import law_requests
from watchword.core.errors import WatchwordError
from watchword.law import PLACES, Answer, Reason, as_line, decide, parse, question, rulebook
from watchword.law.reasons import WORDS
from watchword.law.words import differences, explained

law = typer.Typer(help="May an office act on a federal civil immigration request?", no_args_is_help=True)
law.add_typer(law_requests)

Jurisdiction = Annotated[str | None, typer.Option("--jurisdiction", help=f"One of {', '.join(PLACES)}.")]
Office = Annotated[str | None, typer.Option("--office", help="Such as doc, nypd, probation, sheriff, jail.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="The day whose law counts, such as 2019-09-09.")]


@law.command("decide")
def decide_file(
    facts: Annotated[
        Path, typer.Argument(help="A file with one question, or a list of them; - is standard input.")
    ],
    jurisdiction: Jurisdiction = None,
    office: Office = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Answer a question, or each of a list, with everything that the answer rests on."""
    told = _questions(facts)
    overruled = {"jurisdiction": jurisdiction, "office": office, "as_of": as_of}
    said = {name: value for name, value in overruled.items() if value is not None}
    many = isinstance(told, list)
    for asked in told if many else [told]:
        if not isinstance(asked, dict):
            raise WatchwordError(
                "A question is an object with jurisdiction, office, as_of, action and facts."
            )
        answer = decide(question({**asked, **said}))
        if not as_json:
            _print(answer)
        elif many:
            print(json.dumps(answer.as_data(), ensure_ascii=False))
        else:
            print_json(answer.as_data())


@law.command("charge")
def charge(
    codes: Annotated[list[str], typer.Argument(help="Charge codes as they are written, such as 110-125.25.")],
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Tell what a charge code means, and whether New York City's list names it."""
    book = rulebook("nyc")
    on = day(as_of) if as_of else book.latest()
    for code in codes:
        line = as_line(parse(code), book.offences, on)
        if as_json:
            print(json.dumps(line, ensure_ascii=False))
        else:
            words = [line["inchoate"], line["law"], line["section"], line["subdivision"]]
            print(
                f"{code}: {' '.join(filter(None, words)) or 'not understood'}; listed: {WORDS[line['listed']]}"
            )


@law.command("explain")
def explain(jurisdiction: Jurisdiction = "nyc", office: Office = None, as_of: AsOf = None) -> None:
    """Print the rules of a day as numbered plain sentences with citations."""
    book = rulebook(jurisdiction or "nyc")
    on = day(as_of) if as_of else book.latest()
    for each in [book.office(office)] if office else book.offices.values():
        print("\n".join(explained(book, each, on)), end="\n\n")


@law.command("diff")
def diff(
    first: Annotated[str, typer.Argument(help="A day, such as 2014-01-01.")],
    second: Annotated[str, typer.Argument(help="A later day.")],
    jurisdiction: Jurisdiction = None,
) -> None:
    """Show which rules and offences changed between two days, in words."""
    days = day(first), day(second)
    if days[0] > days[1]:
        raise WatchwordError(f"{first} is later than {second}; give the earlier day first.")
    lines = [
        line
        for place in ([jurisdiction] if jurisdiction else PLACES)
        for line in differences(rulebook(place), *days)
    ]
    print("\n".join(lines) if lines else f"Nothing changed from {first} to {second}.")


def _questions(path: Path) -> Any:
    name = "standard input" if str(path) == "-" else str(path)
    try:
        return json.loads(
            typer.get_text_stream("stdin").read() if str(path) == "-" else path.read_text("utf-8")
        )
    except OSError as error:
        raise WatchwordError(f"{name} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise WatchwordError(f"{name} is no JSON: {error}.") from None


def _print(answer: Answer) -> None:
    print(answer.outcome)
    if answer.version:
        print(
            f"  by {answer.version['citation']} [{answer.version['status']}], {answer.version['reference']}"
        )
    for heading, lines in (
        ("Missing", answer.missing),
        ("Condition", answer.conditions),
        ("Beside it", answer.overlays),
        ("Doubt", answer.doubts),
    ):
        for line in lines:
            print(f"  {heading}: {line}")
    for reason in answer.because:
        _print_reason(reason, "  ")


def _print_reason(reason: Reason, indent: str) -> None:
    citation = f" ({reason.citation})" if reason.citation else ""
    print(f"{indent}{WORDS[reason.value]}: {reason.says}{citation}")
    for note in reason.notes:
        print(f"{indent}  note: {note}")
    for each in reason.because:
        _print_reason(each, indent + "  ")
