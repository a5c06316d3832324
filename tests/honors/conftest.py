"""A village to rank, and a clock that tests move."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from tests.api import Api
from tests.honors.places import Place

#: 16:00 in the village
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


@pytest.fixture
def now() -> Iterator[time_machine.Traveller]:
    """The clock stands still until a test moves it."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def place(api: Api, now: time_machine.Traveller) -> Place:
    return Place(api)
