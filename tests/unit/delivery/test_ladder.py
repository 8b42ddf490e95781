"""The ladder of a notice, around silent times: nobody is told in one, nobody is left out, and a backup comes last."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from watchword.delivery.ladder import Step, lay_out
from watchword.registrants.silence import Hours, opens_at

ZONE = ZoneInfo("America/New_York")
WAIT, BEFORE_BACKUP = timedelta(minutes=15), timedelta(minutes=60)
NOON = datetime(2026, 3, 3, 17, tzinfo=UTC)
AFTERNOON = Hours(days=frozenset(range(1, 8)), starts=time(11), ends=time(18))
SIX = datetime(2026, 3, 3, 23, tzinfo=UTC)


def step(delivery: int, rung: int, *silences: Hours, backup: bool = False) -> Step:
    return Step(delivery=delivery, rung=rung, backup=backup, silences=silences)


def laid_out(*steps: Step) -> dict[int, datetime]:
    return lay_out(steps, NOON, ZONE, WAIT, BEFORE_BACKUP)


def test_ties_go_at_once_and_each_next_rung_waits() -> None:
    due = laid_out(step(1, 1), step(2, 1), step(3, 2), step(4, 5), step(5, 6, backup=True))
    assert due == {1: NOON, 2: NOON, 3: NOON + WAIT, 4: NOON + 2 * WAIT, 5: NOON + 2 * WAIT + BEFORE_BACKUP}


def test_a_rung_that_is_silent_loses_its_turn_to_the_next_that_is_not() -> None:
    assert laid_out(step(1, 1, AFTERNOON), step(2, 2), step(3, 3)) == {2: NOON, 3: NOON + WAIT, 1: SIX}


def test_of_a_tie_the_open_one_goes_and_the_other_when_it_can() -> None:
    assert laid_out(step(1, 1), step(2, 1, AFTERNOON), step(3, 2)) == {1: NOON, 2: SIX, 3: NOON + WAIT}


def test_after_a_silence_of_all_they_go_one_after_the_other_still() -> None:
    due = laid_out(step(1, 1, AFTERNOON), step(2, 2, AFTERNOON), step(3, 3, AFTERNOON, backup=True))
    assert due == {1: SIX, 2: SIX + WAIT, 3: SIX + WAIT + BEFORE_BACKUP}


def test_where_there_is_nobody_but_a_backup_it_is_told_at_once() -> None:
    assert laid_out(step(1, 1, backup=True)) == {1: NOON}


hours = st.builds(
    Hours,
    days=st.frozensets(st.integers(1, 7), min_size=1, max_size=3),
    starts=st.builds(time, st.integers(0, 23)),
    ends=st.builds(time, st.integers(0, 23)),
)
ladders = st.lists(
    st.tuples(st.integers(1, 4), st.booleans(), st.lists(hours, max_size=2)), min_size=1, max_size=7
).map(
    lambda made: [
        Step(delivery=number, rung=rung + 4 * backup, backup=backup, silences=silences)
        for number, (rung, backup, silences) in enumerate(made)
    ]
)


@given(ladders)
def test_everybody_has_a_turn_outside_their_silence_and_backups_after_all_others(steps: list[Step]) -> None:
    due = laid_out(*steps)
    assert due.keys() == {each.delivery for each in steps}
    for each in steps:
        assert opens_at(due[each.delivery], each.silences, ZONE) == due[each.delivery]
    own = [due[each.delivery] for each in steps if not each.backup]
    backups = [due[each.delivery] for each in steps if each.backup]
    if own:
        assert min(own) == min(opens_at(NOON, each.silences, ZONE) for each in steps if not each.backup)
        assert all(moment >= max(own) + BEFORE_BACKUP for moment in backups)


@given(ladders)
def test_no_two_rungs_have_their_turn_within_the_wait(steps: list[Step]) -> None:
    own = [each for each in steps if not each.backup]
    due = laid_out(*own)
    turns = sorted(
        min(due[each.delivery] for each in own if each.rung == rung) for rung in {each.rung for each in own}
    )
    assert all(later - earlier >= WAIT for earlier, later in pairwise(turns))
