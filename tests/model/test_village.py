"""Any history of a village, told to the service and to a model of two dictionaries and a list, ends the same.

A history that fails is kept in tests/model/failed: commit it, and it is tried first for ever.
`pytest -m soak tests/model` tries many more and longer ones.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.database import DirectoryBasedExampleDatabase
from hypothesis.stateful import run_state_machine_as_test

from tests.ground import Ground
from tests.model.machine import VillageMachine
from tests.model.village import Model

_SETTINGS = settings(
    database=DirectoryBasedExampleDatabase(Path(__file__).with_name("failed")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)


class OweNothing(Model):
    """Takes a reversed merit's points back even when they were spent."""

    def _pay(self, household: str, points: int) -> int:
        self.purses[household] += points
        return points


class KeepGoods(Model):
    """Gives points back for a voided redemption and leaves the goods sold."""

    def void(self, name: str) -> str | None:
        shelves = dict(self.shelves)
        refused = super().void(name)
        self.shelves = shelves
        return refused


class PostTwice(Model):
    """Posts what is due again each time the day is closed."""

    def post_due(self, today: date, household: str | None = None) -> None:
        for deed in self.deeds.values():
            if deed.due_on is not None and deed.state == "posted":
                deed.state = "noticed"
        super().post_due(today, household)


def _tell(ground: Ground, *, histories: int, steps: int) -> None:
    machine = type("Machine", (VillageMachine,), {"ground": ground})
    told = settings(_SETTINGS, max_examples=histories, stateful_step_count=steps)
    run_state_machine_as_test(machine, settings=told)


def test_short_histories_end_as_the_model_says(ground: Ground) -> None:
    _tell(ground, histories=12, steps=25)


@pytest.mark.soak
def test_long_histories_end_as_the_model_says(ground: Ground) -> None:
    _tell(ground, histories=300, steps=80)


def _spend_then_reverse(machine: VillageMachine) -> None:
    machine.log("0001", "PLUS", 4, "甲", 0)
    machine.redeem("0001", {"P2": 10})
    machine.reverse(0)


def _redeem_then_void(machine: VillageMachine) -> None:
    machine.redeem("0001", {"P1": 1})
    machine.void(0)


def _notice_then_close_twice(machine: VillageMachine) -> None:
    machine.change_settings(0, 1)
    machine.log("0001", "PLUS", 1, "甲", 0)
    machine.hang_a_notice()
    machine.wait(2)
    machine.close_the_day()
    machine.close_the_day()


@pytest.mark.parametrize(
    ("wrong", "live"),
    [(OweNothing, _spend_then_reverse), (KeepGoods, _redeem_then_void), (PostTwice, _notice_then_close_twice)],
)
def test_a_village_that_counts_otherwise_is_found_out(
    ground: Ground, wrong: type[Model], live: Callable[[VillageMachine], None]
) -> None:
    """The twin: the same history goes well with the right model and is noticed at once with a wrong one."""
    for model in (Model, wrong):
        machine = type("Machine", (VillageMachine,), {"ground": ground, "model_kind": model})()
        machine.settle()
        live(machine)
        if model is Model:
            machine.the_service_agrees()
            machine.teardown()
        else:
            with pytest.raises(AssertionError):
                machine.the_service_agrees()
