"""A folder of rosters is played as they came: each at its own moment, in order, through the whole way."""

import json
import os
import tarfile
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from watchword.cli import app
from watchword.core.errors import WatchwordError
from watchword.custody.models import Event
from watchword.feeds.models import Roster
from watchword.feeds.receiving import add_source
from watchword.replay import moment_of, replay
from watchword.worklist.models import Incident

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("20260301.csv", datetime(2026, 3, 2, 5, tzinfo=UTC)),
        ("roster-2026-03-01.csv", datetime(2026, 3, 2, 5, tzinfo=UTC)),
        ("2026-03-01T0600.csv", datetime(2026, 3, 1, 11, tzinfo=UTC)),
        ("2026-03-01T0600Z.csv", datetime(2026, 3, 1, 6, tzinfo=UTC)),
        ("harbor_20260301-060130.csv", datetime(2026, 3, 1, 11, 1, 30, tzinfo=UTC)),
        ("roster.csv", datetime(2026, 3, 5, tzinfo=UTC)),
        ("99999999.csv", datetime(2026, 3, 5, tzinfo=UTC)),
    ],
)
def test_a_file_came_when_its_name_says_or_else_when_it_was_written(
    tmp_path: Path, name: str, moment: datetime
) -> None:
    file = tmp_path / name
    file.touch()
    os.utime(file, (datetime(2026, 3, 5, tzinfo=UTC).timestamp(),) * 2)
    assert moment_of(file, NEW_YORK) == moment


@pytest.mark.django_db(transaction=True)
def test_an_invented_month_is_written_and_played_and_its_truth_stands_beside_it(tmp_path: Path) -> None:
    run = CliRunner().invoke
    odd = ["--odd", "0.5", "--kinds", "empty,truncated"]
    made = run(app, ["simulate", str(tmp_path), "--people", "80", "--rosters", "12", "--seed", "4", *odd])
    assert made.exit_code == 0, made.output
    truth = json.loads((tmp_path / "truth.json").read_text())
    assert set(truth["odd"].values()) == {"empty", "truncated"}
    source = add_source("invented", (tmp_path / "mapping.yaml").read_text())
    played = list(replay(source, tmp_path / "rosters"))
    assert [one.at for one in played] == sorted(one.at for one in played)
    assert played[0].roster.outcome == "baseline"
    assert set(Roster.objects.values_list("stage", flat=True)) == {"done"}
    outcomes = {one.file: one.roster.outcome for one in played}
    assert {outcomes[file] for file, what in truth["odd"].items() if what == "empty"} == {"empty"}
    assert Event.objects.filter(kind__in=("released", "vanished")).count() <= sum(
        stay["left"] is not None for stay in truth["stays"]
    )
    again = tmp_path / "again"
    run(app, ["simulate", str(again), "--people", "80", "--rosters", "12", "--seed", "4", *odd])
    written, rewritten = (
        {file.name: file.read_bytes() for file in (folder / "rosters").iterdir()}
        for folder in (tmp_path, again)
    )
    assert rewritten == written


@pytest.mark.django_db(transaction=True)
def test_the_speed_is_how_many_times_as_fast_as_they_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr("watchword.replay.time.sleep", waited.append)
    run = CliRunner().invoke
    run(app, ["simulate", str(tmp_path), "--people", "20", "--rosters", "3", "--every-minutes", "60"])
    source = add_source("invented", (tmp_path / "mapping.yaml").read_text())
    list(replay(source, tmp_path / "rosters", speed=1800))
    assert waited == [2.0, 2.0]


@pytest.mark.django_db
def test_a_folder_without_rosters_is_refused(tmp_path: Path) -> None:
    source = add_source("invented", files("watchword.demo").joinpath("harbor-county.yaml").read_text())
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(WatchwordError):
            list(replay(source, folder))


@pytest.mark.shared
@pytest.mark.django_db(transaction=True)
def test_real_days_of_a_city_are_played_and_nothing_of_them_is_held(tmp_path: Path) -> None:
    shared = Path(__file__).parents[4] / "shared/data/rosters/nyc-doc"
    with tarfile.open(next(shared.glob("w4-*.tar.xz"))) as archive:
        for member in sorted((one for one in archive if one.isfile()), key=lambda one: one.name)[:5]:
            file = archive.extractfile(member)
            assert file is not None
            (tmp_path / Path(member.name).name).write_bytes(file.read())
    source = add_source("nyc", files("watchword.feeds").joinpath("mappings", "nyc-doc.yaml").read_text())
    outcomes = [one.roster.outcome for one in replay(source, tmp_path)]
    assert (outcomes[0], set(outcomes[1:]) <= {"news", "unchanged", "duplicate"}) == ("baseline", True)
    assert not Incident.objects.exists()
