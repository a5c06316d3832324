"""A village with a notice board, and a clock that tests move."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from tests.api import Api
from tests.notices.board import Board
from tests.world import World

#: 16:00 in the village
NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)


@pytest.fixture
def now() -> Iterator[time_machine.Traveller]:
    """The clock stands still until a test moves it."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def board(api: Api, world: World, now: time_machine.Traveller) -> Board:
    return Board(api, world)
