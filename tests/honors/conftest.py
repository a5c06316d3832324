"""One county per test."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from tests.honors.places import County

#: 22 November 2026, 16:00 in the village
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


@pytest.fixture
def now() -> Iterator[time_machine.Traveller]:
    """The clock, which stands still until a test moves it."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def county(tmp_path: Path, now: time_machine.Traveller) -> Iterator[County]:
    """Two villages and users of every role; the books must be in order when the test ends."""
    found = County(tmp_path)
    yield found
    assert found.verify() == []
