"""A server's clock goes on when the machine's is put back."""

from datetime import UTC, datetime, timedelta

import pytest

from pointshop.core.clock import BRIDGED, Steady

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


class Machine:
    """Its wall clock, and the seconds that pass."""

    def __init__(self) -> None:
        self.wall, self.seconds = NOON, 100.0
        self.steady = Steady(lambda: self.wall, lambda: self.seconds)

    def pass_by(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.seconds += seconds


def test_tells_what_the_machine_tells_while_that_goes_forward() -> None:
    machine = Machine()
    machine.pass_by(5)
    assert machine.steady() == NOON + timedelta(seconds=5)
    machine.wall += timedelta(days=3)
    assert machine.steady() == NOON + timedelta(days=3, seconds=5)


@pytest.mark.parametrize("back", [timedelta(microseconds=1), timedelta(hours=1), BRIDGED])
def test_a_step_back_is_bridged_until_the_machine_has_caught_up(back: timedelta) -> None:
    machine = Machine()
    machine.wall -= back
    assert machine.steady() == NOON
    machine.pass_by(7)
    assert machine.steady() == NOON + timedelta(seconds=7)
    machine.wall += back + timedelta(seconds=1)
    assert machine.steady() == NOON + timedelta(seconds=8)


def test_a_clock_that_was_days_ahead_is_believed_no_more() -> None:
    machine = Machine()
    machine.wall -= timedelta(days=2)
    assert machine.steady() == NOON - timedelta(days=2)
