"""Tests about SQLite's own traits."""

import pytest
from flask import Flask

from tests.on_sqlite import SqliteGround
from tests.shop.conftest import open_shop
from tests.shop.counter import Counter
from tests.world import World


@pytest.fixture(scope="session")
def ground(sqlite_ground: SqliteGround) -> SqliteGround:
    return sqlite_ground


@pytest.fixture
def shop(app: Flask, ground: SqliteGround, world: World) -> Counter:
    return open_shop(app, ground, world)
