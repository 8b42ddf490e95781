import pytest

from watchword.carrier.faults import CALLBACK_KINDS, KINDS, Api, Fault, FaultTable, Kind, check


def test_faults_of_one_api_are_used_up_one_after_the_other_and_leave_the_others_alone() -> None:
    table = FaultTable()
    table.add(Fault(api="messages", kind="server_error", remaining=2))
    table.add(Fault(api="messages", kind="cut", remaining=1))
    table.add(Fault(api="calls", kind="hang", remaining=1))
    taken = [table.take("messages") for _ in range(4)]
    assert [fault and fault.kind for fault in taken] == ["server_error", "server_error", "cut", None]
    assert [fault.api for fault in table.in_force()] == ["calls"]


@pytest.mark.parametrize(
    ("api", "kind"), [("messages", "drop"), ("callbacks", "cut"), ("calls", "away"), ("reads", "refused")]
)
def test_a_fault_that_an_api_cannot_have_is_refused(api: Api, kind: Kind) -> None:
    with pytest.raises(ValueError, match=f"{api} has no fault {kind}"):
        check(Fault(api=api, kind=kind, remaining=1))


def test_what_is_slow_cut_held_garbage_or_denied_is_accepted_all_the_same() -> None:
    accepting = {kind for kind in KINDS["messages"] if Fault(api="messages", kind=kind, remaining=1).accepts}
    assert accepting == {"slow", "cut", "held", "garbage", "denied"}
    assert not accepting & set(CALLBACK_KINDS)
