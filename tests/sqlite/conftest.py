"""Tests about SQLite's own traits."""

import pytest

from tests.ground import Ground


@pytest.fixture(scope="session")
def ground(sqlite_ground: Ground) -> Ground:
    return sqlite_ground
