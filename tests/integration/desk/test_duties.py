"""The reports that the law has offices publish: counted from the requests, in the law's order, and adding up."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.conftest import SHARED
from tests.county import County
from tests.integration.desk.staff import signed_in
from tests.integration.desk.test_counter import JUDGES, MURDER, convicted, decide, taken
from watchword.core.errors import WatchwordError
from watchword.desk.counter import actions
from watchword.desk.counter.models import LawRequest
from watchword.desk.duties.counting import adds_up, quarterly, yearly
from watchword.desk.duties.periods import quarter, year
from watchword.desk.duties.writing import as_csv, as_json, as_pdf

pytestmark = pytest.mark.django_db

LATER = datetime(2019, 9, 12, 15, tzinfo=UTC)


def declined(request: LawRequest) -> LawRequest:
    for each in ("hold", "notify_release", "transfer"):
        if not decide(request, each, False):
            actions.second(request.pk, each, second="ben.hill")
    return request


def honoured(request: LawRequest, action: str = "hold", **given: Any) -> LawRequest:
    actions.answer(request.pk, action, honoured=True, by="ana.reyes", reason="By 9-131.", **given)
    actions.second(request.pk, action, second="ben.hill")
    return request


@pytest.fixture
def a_year(county: County) -> None:
    """Five detainers: two declined, one transferred, one held and let go, one not decided; and two questions."""
    officers: dict[str, Any] = {"warrant": {"issuer": "immigration_officer"}, "possible_tsdb_match": False}
    for _ in range(2):
        declined(taken(county, **officers))
    for then in ("transferred", "released"):
        request = taken(county, warrant=JUDGES, possible_tsdb_match=then == "released")
        if then == "transferred":
            convicted(request, MURDER)
        else:
            actions.learn(request.pk, {"facts.convictions": []}, by="ana.reyes")
        honoured(request)
        actions.happened(request.pk, "held", LATER, by="ana.reyes")
        actions.happened(request.pk, then, LATER + timedelta(hours=5), by="ana.reyes")
    taken(county, **officers)
    asked = taken(county, kind="information", possible_tsdb_match=True)
    actions.learn(asked.pk, {"facts.convictions": []}, by="ana.reyes")
    honoured(asked, "disclose_information", information=["release_date"])
    taken(county, kind="information")


@pytest.mark.usefixtures("a_year")
def test_corrections_nine_items_are_counted_from_the_requests() -> None:
    report = yearly("doc", 2020, scaap=1200)
    numbers = {
        item: report.number(item) for item in ("1", "2", "3", "4", "5", "6", "7", "8", "9", "9, answered")
    }
    assert numbers == {
        "1": 5,
        "2": 2,
        "3": 1,
        "4": 1,
        "5": 0,
        "6": 1200,
        "7": 2,
        "8": 1,
        "9": 2,
        "9, answered": 1,
    }
    assert report.number("1, probable_cause") == 5
    assert report.number("9(iii), release_date, transfer not facilitated") == 1
    assert sum(report.number(f"9({group})") or 0 for group in ("i", "ii", "iii", "unknown")) == 1
    assert (report.period.first, report.period.last, report.period.due) == (
        date(2019, 7, 1),
        date(2020, 6, 30),
        date(2020, 9, 1),
    )


@pytest.mark.usefixtures("a_year")
def test_what_is_not_decided_is_said_before_it_is_published() -> None:
    report = yearly("doc", 2020)
    assert len(report.amiss) == 1
    assert "Not decided yet" in report.amiss[0]
    assert report.number("6") is None
    declined(LawRequest.objects.filter(kind="detainer", decisions=None).get())
    whole = yearly("doc", 2020)
    assert whole.amiss == []
    assert adds_up(whole.number("1") or 0, 2, whole.number("7") or 0)


@pytest.mark.usefixtures("a_year")
@pytest.mark.parametrize(
    ("office", "due_in"), [("doc", 2019), ("doc", 2021), ("nypd", 2020), ("probation", 2020)]
)
def test_another_year_and_another_office_count_none_of_it(office: str, due_in: int) -> None:
    assert {line.number for line in yearly(office, due_in).lines} <= {0, None}


@pytest.mark.parametrize(
    ("office", "due_in", "items"),
    [("doc", 2020, 9), ("nypd", 2020, 5), ("probation", 2020, 5), ("doc", 2016, 8), ("nypd", 2016, 4)],
)
def test_each_office_reports_the_items_of_its_own_section(office: str, due_in: int, items: int) -> None:
    report = yearly(office, due_in)
    assert len({line.item.split(",")[0].split("(")[0] for line in report.lines}) == items
    has_appointments = any("appointment" in line.says for line in report.lines)
    assert has_appointments == (office == "probation")


@pytest.mark.parametrize(
    ("office", "due_in", "first", "last", "due"),
    [
        ("doc", 2013, "2012-10-01", "2013-09-30", "2013-09-30"),
        ("doc", 2015, "2014-10-01", "2015-09-30", "2015-10-15"),
        ("doc", 2017, "2016-10-01", "2017-09-30", "2017-10-15"),
        ("doc", 2018, "2017-07-01", "2018-06-30", "2018-09-01"),
        ("probation", 2018, "2017-07-01", "2018-06-30", "2018-09-01"),
    ],
)
def test_periods_and_due_dates_are_those_of_the_law_of_the_year(
    office: str, due_in: int, first: str, last: str, due: str
) -> None:
    period = year(office, due_in)
    assert (str(period.first), str(period.last), str(period.due)) == (first, last, due)


@pytest.mark.parametrize(
    ("office", "due_in"), [("doc", 2011), ("nypd", 2012), ("probation", 2017), ("jail", 2020)]
)
def test_no_report_is_made_that_no_law_asks_for(office: str, due_in: int) -> None:
    with pytest.raises(WatchwordError):
        year(office, due_in)


def test_quarters_are_those_of_the_calendar() -> None:
    assert [(str(quarter(2024, n).first), str(quarter(2024, n).last)) for n in (1, 2, 3, 4)] == [
        ("2024-01-01", "2024-03-31"),
        ("2024-04-01", "2024-06-30"),
        ("2024-07-01", "2024-09-30"),
        ("2024-10-01", "2024-12-31"),
    ]


def test_the_quarterly_summary_names_who_asked_and_what_was_done_and_no_detainer(county: County) -> None:
    taken(county, warrant={"issuer": "immigration_officer"})
    given = {
        "kind": "support",
        "office": "nyc/probation",
        "received_at": "2019-09-09T10:00",
        "asker": "HSI New York",
    }
    signed_in().post("/desk/requests/new", given | {"response": "Declined."})
    report = quarterly(2019, 3)
    assert [line.number for line in report.lines] == [1, 1]
    assert "Department of Probation, asked by HSI New York: Declined." in report.lines[0].says
    assert [line.number for line in quarterly(2019, 4).lines] == [0]


@pytest.mark.usefixtures("a_year")
def test_csv_json_and_pdf_say_the_same() -> None:
    report = yearly("doc", 2020)
    rows = list(csv.reader(io.StringIO(as_csv(report))))
    lines = json.loads(as_json(report))["lines"]
    assert [(row[0], row[2]) for row in rows[1:]] == [
        (line["item"], "" if line["number"] is None else str(line["number"])) for line in lines
    ]
    assert as_pdf(report).startswith(b"%PDF")


@pytest.mark.usefixtures("a_year")
@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("doc/2020", "text/html; charset=utf-8"),
        ("doc/2020?as=csv&scaap=12", "text/csv; charset=utf-8"),
        ("doc/2020?as=json&scaap=x", "application/json"),
        ("nypd/2020?as=pdf", "application/pdf"),
        ("summary/2019/3", "text/html; charset=utf-8"),
    ],
)
def test_a_report_is_read_on_a_page_or_taken_along(path: str, kind: str) -> None:
    answer = signed_in().get(f"/desk/reports/{path}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)


@pytest.mark.parametrize("path", ["doc/2011", "jail/2020", "summary/2019/5", "summary/99999/1", "doc/99999"])
def test_a_report_that_there_is_not_has_no_page(path: str) -> None:
    client: Client = signed_in()
    assert client.get(f"/desk/reports/{path}").status_code == 404


@pytest.mark.shared
def test_published_figures_add_up_as_ours_do() -> None:
    with (SHARED / "data/law/nyc_detainer_stats.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["not_honored"]]
    assert len(rows) >= 6
    for row in rows:
        figures = [int(row[name]) for name in ("received", "honored_or_transferred", "not_honored")]
        assert adds_up(*figures), row
