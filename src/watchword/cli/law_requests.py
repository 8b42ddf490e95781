"""Commands about the federal requests that were taken at the counter: what if the law were another, and the reports."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from watchword.cli.console import Json, print_json, print_table, ready
from watchword.cli.law_days import day
from watchword.core.errors import WatchwordError

if TYPE_CHECKING:
    from watchword.desk.duties.records import Report

law_requests = typer.Typer()

Pdf = Annotated[Path | None, typer.Option(help="Write it as a PDF to this file.")]
Csv = Annotated[bool, typer.Option("--csv", help="Print it as CSV.")]


@law_requests.command("what-if")
def what_if_command(
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="The law of this day, such as 2012-06-01.")
    ] = None,
    offences: Annotated[
        Path | None,
        typer.Option(help="YAML with offences that an amendment would add to New York City's list."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Put every request that was taken to the law as it was on another day, or with more offences on the list.

    JSON: [{request, office, action, before, after, why}] of those whose answer would be another.
    """
    from watchword.law import rulebook, with_offences

    if (as_of is None) == (offences is None):
        raise WatchwordError("Give another day (--as-of) or offences (--offences), one of them.")
    on = day(as_of) if as_of else None
    book = with_offences(rulebook("nyc"), _read(offences), offences.name) if offences else None
    ready()
    from watchword.desk.counter.supposing import what_if

    found = what_if(as_of=on, book=book)
    changed = [each for each in found if each.differs]
    if as_json:
        print_json(changed)
        return
    print(f"{len(changed)} of {len(found)} answers would be others.")
    if changed:
        columns = {
            "request": "REQUEST",
            "action": "ACTION",
            "before": "BEFORE",
            "after": "THEN",
            "why": "WHY",
        }
        rows = [{name: getattr(each, name) for name in columns} for each in changed]
        print_table(columns, ({**row, "why": "; ".join(row["why"])} for row in rows))


@law_requests.command("report")
def report_command(
    office: Annotated[str, typer.Argument(help="doc, nypd or probation, of New York City.")],
    due_in: Annotated[int, typer.Argument(help="The year in which it is due.")],
    scaap: Annotated[
        int | None, typer.Option(min=0, help="State criminal alien assistance funds received, in dollars.")
    ] = None,
    csv: Csv = False,
    pdf: Pdf = None,
    as_json: Json = False,
) -> None:
    """Make the yearly report of an office, counted from the requests that were taken.

    JSON: {title, office, period: {first, last, due, citation, note}, lines: [{item, says, number}], amiss: []}.
    """

    def made() -> "Report":
        from watchword.desk.duties.counting import yearly

        return yearly(office, due_in, scaap=scaap)

    _give(made, csv, pdf, as_json)


@law_requests.command("summary")
def summary_command(
    year: Annotated[int, typer.Argument(help="Such as 2026.")],
    quarter: Annotated[int, typer.Argument(help="1 to 4.")],
    csv: Csv = False,
    pdf: Pdf = None,
    as_json: Json = False,
) -> None:
    """Make the quarterly summary of other requests to support immigration enforcement (section 10-178).

    JSON: as of `report`.
    """

    def made() -> "Report":
        from watchword.desk.duties.counting import quarterly

        return quarterly(year, quarter)

    _give(made, csv, pdf, as_json)


def _give(made: Callable[[], "Report"], csv: bool, pdf: Path | None, as_json: bool) -> None:
    ready()
    from watchword.desk.duties.writing import as_csv, as_pdf
    from watchword.desk.duties.writing import as_json as written

    report = made()
    if pdf is not None:
        pdf.write_bytes(as_pdf(report))
    elif csv:
        print(as_csv(report), end="")
    elif as_json:
        print(written(report), end="")
    else:
        print(f"{report.title}, {report.period.first} to {report.period.last}, due {report.period.due}")
        rows = ({"item": each.item, "says": each.says, "number": each.number} for each in report.lines)
        print_table(
            {"item": "ITEM", "says": "WHAT", "number": "NUMBER"},
            ({**row, "number": "not known" if row["number"] is None else row["number"]} for row in rows),
        )
        print("\n".join(report.amiss) or "It adds up.")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WatchwordError(f"{path} cannot be read: {error}.") from None
