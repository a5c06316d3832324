"""Fixtures for every test: a fresh village in a few milliseconds, and books that must be in order at the end."""

from collections.abc import Iterator

import pytest
from flask import Flask, has_request_context
from sqlalchemy import Executable, event

from pointshop.core.db import db, snapshot
from tests.api import Api
from tests.books import violations
from tests.ground import Ground, lay_ground
from tests.one_village import untied_tables
from tests.world import World


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """Made once; tests take `app`, `api` or `world`."""
    made = lay_ground(tmp_path_factory.mktemp("ground"))
    with made.app.app_context():
        event.listen(db.engine, "before_execute", keep_to_one_village)
    return made


def keep_to_one_village(_connection: object, statement: Executable, *_: object) -> None:
    """Statements built per request are looked at when they run; prepared ones in tests/guards/test_statements.py."""
    if has_request_context() and not statement.get_execution_options().get("all_villages"):
        assert untied_tables(statement) == set(), str(statement)


@pytest.fixture
def app(ground: Ground, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The app over a fresh database with two villages and their staff. The books must be in order when the test ends,
    unless it is marked `breaks_the_books`."""
    ground.renew()
    yield ground.app
    if ground.was_written() and request.node.get_closest_marker("breaks_the_books") is None:
        with ground.app.app_context():
            assert snapshot(violations) == {}


@pytest.fixture
def api(app: Flask, ground: Ground) -> Api:
    """The service as its clients see it."""
    return Api(ground)


@pytest.fixture
def world(app: Flask) -> World:
    """The home village from behind the counter."""
    return World(app)
