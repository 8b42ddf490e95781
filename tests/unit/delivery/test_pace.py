"""No provider is given more than it takes in a second, whoever asks and when."""

from hypothesis import given
from hypothesis import strategies as st

from watchword.delivery.pace import Pace


def test_without_a_limit_any_number_may_go() -> None:
    assert Pace(None).room(0.0) is None


@given(
    st.floats(0.1, 500),
    st.integers(1, 8),
    st.lists(st.tuples(st.floats(0.0, 3.0), st.integers(0, 1000)), max_size=50),
)
def test_no_second_has_more_than_its_share_and_what_was_saved(
    per_second: float, workers: int, asked: list[tuple[float, int]]
) -> None:
    pace, at, went = Pace(per_second), 0.0, list[tuple[float, int]]()
    for pause, wanted in asked:
        at += pause
        room = pace.room(at, workers)
        assert room is not None
        count = min(room, wanted)
        pace.take(count)
        went.append((at, count))
    share = per_second / workers
    for start, _ in went:
        in_a_second = sum(count for moment, count in went if start <= moment < start + 1.0)
        assert in_a_second <= share + max(share, 1.0) + 1e-6


def test_however_little_a_share_is_one_goes_in_time() -> None:
    pace = Pace(0.5)
    pace.take(pace.room(0.0, 4) or 0)
    assert pace.room(4.0, 4) == 0
    assert pace.room(8.1, 4) == 1
