"""The villages that benchmarks measure are villages of today: every column filled, and nothing for verify to find."""

from pathlib import Path

import pytest

from benchmarks import verifying
from benchmarks.databases import NAMES, opened


@pytest.mark.parametrize("name", NAMES)
def test_a_history_written_for_measuring_is_in_order(name: str, tmp_path: Path) -> None:
    with opened((name,), tmp_path) as [database]:
        found = verifying.measure(database, entries=100, households=10)
    assert found.entries == 100
