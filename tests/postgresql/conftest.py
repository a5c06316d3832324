"""Tests about PostgreSQL's own traits."""

import pytest
from flask import Flask

from tests.on_postgresql import PostgresqlGround
from tests.shop.conftest import open_shop
from tests.shop.counter import Counter
from tests.world import World


@pytest.fixture(scope="session")
def ground(postgresql_ground: PostgresqlGround) -> PostgresqlGround:
    return postgresql_ground


@pytest.fixture
def shop(app: Flask, ground: PostgresqlGround, world: World) -> Counter:
    return open_shop(app, ground, world)
