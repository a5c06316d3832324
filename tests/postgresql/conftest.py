"""Tests about PostgreSQL's own traits."""

import pytest

from tests.on_postgresql import PostgresqlGround


@pytest.fixture(scope="session")
def ground(postgresql_ground: PostgresqlGround) -> PostgresqlGround:
    return postgresql_ground
