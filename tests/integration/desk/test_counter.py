"""A federal immigration request from its paper to its answer: what the law says, who decides, and by when."""

import io
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.county import County
from tests.integration.desk.staff import signed_in
from watchword.audit.models import Entry
from watchword.core.errors import WatchwordError
from watchword.desk.counter import actions
from watchword.desk.counter.models import Decision, KnownConviction, LawRequest
from watchword.desk.counter.queries import view
from watchword.desk.counter.records import Conviction, Taken
from watchword.worklist.models import Task

pytestmark = pytest.mark.django_db

MURDER = {
    "jurisdiction": "NY",
    "law": "PL",
    "section": "125.25",
    "felony": True,
    "offence_date": "2016-03-01",
    "judgment_date": "2017-01-10",
    "youthful_offender": False,
    "juvenile_delinquent": False,
}
JUDGES = {
    "issuer": "federal_magistrate",
    "probable_cause": True,
    "names_person": True,
    "authorises_custody": True,
    "presented": "with_detainer",
}
FROM_THE_STATE: dict[str, Any] = {"source": "DCJS criminal history", "source_on": date(2019, 9, 8)}
CAME = datetime(2019, 9, 9, 13, tzinfo=UTC)


def taken(county: County, *, kind: str = "detainer", office: str = "doc", **facts: Any) -> LawRequest:
    """A request about somebody in Harbor County's custody."""
    county.person("1001")
    return actions.take(
        Taken(
            kind=kind,
            source="harbor",
            person="1001",
            jurisdiction="nyc",
            office=office,
            asker="ICE, New York field office",
            federal_reason="probable_cause",
            received_at=CAME,
            papers={"event_number": "NYC1909000123", "came_by": "fax"},
            facts={"detainer": kind == "detainer"} | facts,
        ),
        by="ana.reyes",
    )


def convicted(request: LawRequest, crime: Mapping[str, Any] = MURDER) -> None:
    actions.add_convictions(request.pk, [Conviction(crime=crime, **FROM_THE_STATE)], by="ana.reyes")
    actions.learn(request.pk, {"facts.instant_arrest_date": "2019-08-20"}, by="ana.reyes")
    request.refresh_from_db()


def says(request: LawRequest) -> dict[str, str]:
    return {
        each.action: str(each.answer.outcome) for each in view(LawRequest.objects.get(pk=request.pk)).actions
    }


def decide(request: LawRequest, action: str, honoured: bool) -> bool:
    return actions.answer(request.pk, action, honoured=honoured, by="ana.reyes", reason="By section 9-131.")


def test_an_officers_form_and_a_murder_is_must_not_until_a_judges_warrant(county: County) -> None:
    request = taken(county, warrant={"issuer": "immigration_officer"})
    convicted(request)
    hold = view(request).actions[0]
    assert (hold.action, hold.answer.outcome) == ("hold", "MUST NOT")
    assert [(change.outcome, change.facts["facts.warrant.issuer"]) for change in hold.changes[:1]] == [
        ("MAY", "federal_magistrate")
    ]
    actions.learn(
        request.pk, {f"facts.warrant.{name}": value for name, value in JUDGES.items()}, by="ana.reyes"
    )
    assert says(request)["hold"] == "MAY"


def test_only_what_can_still_matter_is_asked(county: County) -> None:
    request = taken(county)
    before = view(request).to_ask
    assert {"facts.warrant.issuer", "facts.possible_tsdb_match"} <= set(before)
    actions.learn(
        request.pk, {"facts.warrant.issuer": "none", "facts.warrant.presented": "never"}, by="ana.reyes"
    )
    after = view(LawRequest.objects.get(pk=request.pk)).to_ask
    assert not any(path.startswith("facts.warrant") for path in after)
    assert set(after) < set(before)


def test_what_is_said_of_the_person_cannot_be_read_in_the_tables(county: County) -> None:
    request = taken(county, possible_tsdb_match=True)
    convicted(request)
    kept = LawRequest.objects.get()
    everything = bytes(kept.papers) + bytes(kept.facts) + bytes(KnownConviction.objects.get().crime)
    assert not any(word in everything for word in (b"NYC1909000123", b"tsdb", b"125.25"))
    shown = view(kept)
    assert (shown.papers["came_by"], shown.convictions[0]["crime"]["section"]) == ("fax", "125.25")
    assert not any("125" in str(entry.facts) for entry in Entry.objects.all())


def test_what_the_law_forbids_one_person_declines_and_nobody_can_do(county: County) -> None:
    request = taken(county, warrant={"issuer": "immigration_officer"})
    with pytest.raises(WatchwordError, match="forbids"):
        decide(request, "hold", True)
    assert decide(request, "hold", False)
    made = Decision.objects.get()
    assert (made.honoured, made.outcome, made.by, made.second) == (False, "MUST NOT", "ana.reyes", "")
    with pytest.raises(WatchwordError, match="decided already"):
        decide(request, "hold", False)


@pytest.mark.parametrize("honoured", [True, False])
def test_what_the_law_lets_open_two_persons_decide(county: County, honoured: bool) -> None:
    request = taken(county, warrant=JUDGES)
    convicted(request)
    assert not decide(request, "hold", honoured)
    with pytest.raises(WatchwordError, match="another than the first"):
        actions.second(request.pk, "hold", second="ana.reyes")
    actions.second(request.pk, "hold", second="ben.hill")
    made = Decision.objects.get()
    assert (made.honoured, made.outcome, made.second) == (honoured, "MAY", "ben.hill")


@pytest.mark.parametrize(("honoured", "why"), [(True, "forbids"), (False, "says something else")])
def test_a_fact_learned_between_two_persons_undoes_the_first(
    county: County, honoured: bool, why: str
) -> None:
    request = taken(county, warrant=JUDGES)
    convicted(request)
    decide(request, "hold", honoured)
    actions.learn(request.pk, {"facts.warrant.issuer": "immigration_officer"}, by="ana.reyes")
    with pytest.raises(WatchwordError, match=why):
        actions.second(request.pk, "hold", second="ben.hill")
    assert not Decision.objects.exists()


def test_48_hours_of_the_police_are_a_task_until_the_person_is_free(county: County) -> None:
    due = (datetime.now(UTC) + timedelta(hours=1)).replace(tzinfo=None)
    request = taken(
        county, office="nypd", possible_tsdb_match=True, release_due_at=due.isoformat(timespec="minutes")
    )
    task = Task.objects.get(done=False)
    assert (task.kind, task.subject) == ("law_deadline", f"law_request:{request.pk}")
    decide(request, "hold", True)
    actions.second(request.pk, "hold", second="ben.hill")
    task = Task.objects.get(done=False)
    assert "without notice" in task.summary
    assert datetime.fromisoformat(task.facts["due_at"]) - datetime.now(UTC) > timedelta(hours=47)
    home = signed_in().get("/desk/")
    assert [number for _, number, _ in home.context["dues"]] == [request.pk]
    assert f"Request {request.pk}: " in home.content.decode()
    actions.happened(request.pk, "released", datetime.now(UTC), by="ana.reyes")
    assert not Task.objects.filter(done=False).exists()


@pytest.mark.parametrize(
    "note", ["He is undocumented.", "She is a US citizen.", "Es indocumentado.", "He has a green card."]
)
def test_a_note_that_says_a_status_is_refused(county: County, note: str) -> None:
    request = taken(county, warrant={"issuer": "immigration_officer"})
    with pytest.raises(WatchwordError, match="immigration status"):
        actions.answer(request.pk, "hold", honoured=False, by="ana.reyes", reason=note)
    with pytest.raises(WatchwordError, match="immigration status"):
        actions.add_convictions(
            request.pk, [Conviction(crime=MURDER, source=note, source_on=date(2019, 9, 8))], by="ana.reyes"
        )
    assert not Decision.objects.exists()


def test_no_page_of_the_counter_asks_for_status_or_citizenship(county: County) -> None:
    client = signed_in()
    request = taken(county)
    for path in ("/desk/requests/new", f"/desk/requests/{request.pk}"):
        page = client.get(path)
        fields = [
            name
            for each in ("form", "learn", "by_hand")
            if each in page.context
            for name in page.context[each].fields
        ]
        assert fields
        assert not [name for name in fields if "citizen" in name or "status" in name or "birth" in name]


def test_a_criminal_history_is_read_each_line_with_its_source(county: County) -> None:
    client, request = signed_in(), taken(county)
    file = b"code,jurisdiction,judgment_date,felony\n110-125.25,NY,2017-01-10,yes\nTHEFT 2,NJ,,\n"
    given = {
        "form": "from_file",
        "source": "DCJS criminal history",
        "file": SimpleUploadedFile("h.csv", file),
    }
    given |= {"source_on_month": "9", "source_on_day": "8", "source_on_year": "2019"}
    client.post(f"/desk/requests/{request.pk}", given)
    first, other = view(request).convictions
    assert (first["crime"]["section"], first["crime"]["inchoate"]) == ("125.25", "attempt")
    assert (other["crime"]["law"], other["crime"]["section"]) == ("other", "THEFT 2")
    assert {each["source_on"] for each in (first, other)} == {date(2019, 9, 8)}


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (b"", "no conviction"),
        (b"\xff\xfe\x00", "no CSV"),
        (b"code\n160.15\n", "no column jurisdiction"),
        (b"code,jurisdiction,alien_number\n160.15,NY,1\n", "column that is not read"),
        (b"code,jurisdiction\n160.15,NY,1\n", "more cells"),
        (b"code,jurisdiction,felony\n160.15,NY,maybe\n", "Line 2, felony"),
        (b"code,jurisdiction,judgment_date\n160.15,NY,1/2/2017\n", "Line 2, judgment_date"),
        (b"code,jurisdiction,judgment_date\n160.15,NY,0001-01-01\n", "judgment_date"),
        (b"code,jurisdiction\n" + b"160.15,NY\n" * 101, "more than 100"),
        (b"code,jurisdiction\n" + b"x" * 200_000, "larger than"),
    ],
)
def test_a_history_that_cannot_be_used_is_refused_whole(county: County, file: bytes, why: str) -> None:
    client, request = signed_in(), taken(county)
    given = {"form": "from_file", "source": "DCJS", "file": SimpleUploadedFile("h.csv", file or b"\n")}
    given |= {"source_on_0": "9", "source_on_1": "8", "source_on_2": "2019"}
    given |= {"source_on_month": "9", "source_on_day": "8", "source_on_year": "2019"}
    page = client.post(f"/desk/requests/{request.pk}", given)
    assert why in page.content.decode()
    assert not KnownConviction.objects.exists()


def test_the_letter_says_what_this_office_does_and_nothing_of_the_person(county: County) -> None:
    client = signed_in()
    request = taken(county, warrant={"issuer": "immigration_officer"}, possible_tsdb_match=False)
    convicted(request)
    assert client.get(f"/desk/requests/{request.pk}/letter").status_code == 404
    for action in ("hold", "notify_release"):
        decide(request, action, False)
    decide(request, "transfer", False)
    actions.second(request.pk, "transfer", second="ben.hill")
    answer = client.get(f"/desk/requests/{request.pk}/letter")
    assert answer.headers["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.content)) as letter:
        assert letter.Root.Lang == "en"


def test_other_support_is_recorded_and_decides_nothing() -> None:
    client = signed_in()
    given = {
        "kind": "support",
        "office": "nyc/doc",
        "received_at": "2019-09-09T10:00",
        "asker": "Federal office",
    }
    page = client.post("/desk/requests/new", given, follow=True)
    assert "quarterly summary" in page.content.decode()
    assert LawRequest.objects.get().record is None


def test_the_boxes_of_the_form_and_its_service_are_kept_with_the_request(county: County) -> None:
    county.person("1001")
    given = {"kind": "detainer", "office": "nyc/doc", "received_at": "2019-09-09T10:00", "asker": "ICE"}
    given |= {
        "source": "harbor",
        "person": "1001",
        "box_2": "ticked",
        "served": "2019-09-09 11:00, in person",
    }
    page = signed_in().post("/desk/requests/new", given, follow=True).content.decode()
    assert "box 2: ticked; served: 2019-09-09 11:00, in person" in page
    assert view(LawRequest.objects.get()).papers == {"box_2": given["box_2"], "served": given["served"]}


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"kind": "detainer"}, "Say when it came"),
        ({"kind": "detainer", "received_at": "2019-09-09T10:00", "asker": "ICE"}, "Say whom it is about"),
        ({"kind": "support", "asker": "ICE", "received_at": "0001-01-01T10:00"}, "between March 2012"),
        ({"kind": "support", "asker": "ICE", "received_at": "2199-01-01T10:00"}, "between March 2012"),
        ({"kind": "hold everybody", "received_at": "yesterday"}, "valid"),
    ],
)
def test_a_paper_without_what_it_needs_is_asked_about(
    county: County, given: dict[str, str], why: str
) -> None:
    page = signed_in().post("/desk/requests/new", {"office": "nyc/doc"} | given)
    assert why in page.content.decode()
    assert not LawRequest.objects.exists()


def test_a_warrant_that_comes_later_is_entered_and_changes_the_answer(county: County) -> None:
    client = signed_in()
    request = taken(county, warrant={"issuer": "none", "presented": "not_yet"})
    convicted(request)
    path = f"/desk/requests/{request.pk}"
    assert client.get(path).context["change"].fields["facts.warrant.issuer"].initial == "none"
    given = {f"facts.warrant.{name}": str(value) for name, value in JUDGES.items()}
    client.post(path, {"form": "change"} | given)
    request.refresh_from_db()
    assert says(request)["hold"] == "MAY"
    entry = Entry.objects.filter(action="law_request.learn").latest("id")
    assert (entry.actor, "facts.detainer" in entry.facts["facts"]) == ("ana.reyes", False)


def test_times_in_custody_are_asked_one_by_one_and_lengthen_the_five_years(county: County) -> None:
    client = signed_in()
    request = taken(county, warrant=JUDGES, possible_tsdb_match=False, known_from="search_at_release")
    old = MURDER | {"section": "160.15", "offence_date": "2014-01-01", "judgment_date": "2014-07-20"}
    convicted(request, old | {"hate_crime": False})
    assert "facts.incarceration" in view(request).to_ask
    path = f"/desk/requests/{request.pk}"
    client.post(path, {"form": "learn", "asked": "facts.incarceration", "facts.incarceration": "1"})
    request.refresh_from_db()
    names = [f"facts.incarceration[0].{name}" for name in ("from", "to", "for_serious_crime")]
    assert set(names) <= set(view(request).to_ask)
    days = {"from": ("7", "20", "2014"), "to": ("1", "20", "2016")}
    given = {
        f"facts.incarceration[0].{name}_{part}": number
        for name, numbers in days.items()
        for part, number in zip(("month", "day", "year"), numbers, strict=True)
    }
    client.post(
        path, {"form": "learn", "asked": names, "facts.incarceration[0].for_serious_crime": "True"} | given
    )
    request.refresh_from_db()
    assert says(request)["hold"] == "MAY"


def test_who_looked_at_a_request_is_in_the_ledger(county: County) -> None:
    client, request = signed_in(), taken(county)
    client.get(f"/desk/requests/{request.pk}")
    entry = Entry.objects.latest("id")
    assert (entry.actor, entry.action, entry.subject) == (
        "ana.reyes",
        "law_request.see",
        f"law_request:{request.pk}",
    )


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"what": "released", "at": ""}, "Say when it happened"),
        ({"what": "released", "at": "yesterday"}, "Say when it happened"),
        ({"what": "released", "at": "2199-01-01T10:00"}, "between the day"),
        ({"what": "released", "at": "2019-09-01T10:00"}, "between the day"),
        ({"what": "erased", "at": "2019-09-10T10:00"}, "Say what happened"),
        ({"what": "held", "at": "2019-09-10T10:00"}, "Nobody decided to hold"),
    ],
)
def test_what_cannot_have_happened_is_not_kept(county: County, given: dict[str, str], why: str) -> None:
    client, request = signed_in(), taken(county)
    page = client.post(f"/desk/requests/{request.pk}", {"form": "happened"} | given)
    assert why in page.content.decode()
    request.refresh_from_db()
    assert (request.held_at, request.released_at, request.transferred_at) == (None, None, None)
