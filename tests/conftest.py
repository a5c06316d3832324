"""Fixtures for every test: a fresh village on either database, and books that must be in order at the end."""

import gc
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask, has_request_context
from hypothesis import HealthCheck, settings
from sqlalchemy import event
from sqlalchemy.engine.default import DefaultExecutionContext

from pointshop.app import open_books
from pointshop.config import Config
from pointshop.core.db import db, snapshot
from tests.api import Api
from tests.auditor import Auditor
from tests.books import violations
from tests.ground import Ground
from tests.installation import Installation
from tests.on_postgresql import PostgresqlGround
from tests.on_sqlite import SqliteGround
from tests.one_village import untied_tables
from tests.postgres_server import PostgresServer
from tests.world import World

# a busy machine is no finding
settings.register_profile("pointshop", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("pointshop")


@pytest.fixture(scope="session")
def sqlite_ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteGround]:
    found = SqliteGround(tmp_path_factory.mktemp("sqlite"))
    watch(found)
    yield found
    found.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_ground(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PostgresqlGround]:
    found = PostgresqlGround(postgres_server, tmp_path_factory.mktemp("postgresql"))
    watch(found)
    yield found
    found.close()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def ground(request: pytest.FixtureRequest) -> Ground:
    """Made once for each database; tests take `app`, `api` or `world`, and run on both.

    The few tests about one database's own traits lie in tests/sqlite and tests/postgresql.
    """
    found: Ground = request.getfixturevalue(f"{request.param}_ground")
    return found


def pytest_collection_finish() -> None:
    """What is there by now stays to the end; to look through all of it again and again takes a tenth of the time."""
    gc.collect()
    gc.freeze()


def watch(ground: Ground) -> None:
    with ground.app.app_context():
        event.listen(db.engine, "before_cursor_execute", keep_to_one_village)


@cache
def seen() -> set[str]:
    """The words of statements that have been looked at; the same words read the same tables."""
    return set()


def keep_to_one_village(
    _connection: object, _cursor: object, words: str, _values: object, context: DefaultExecutionContext, _many: bool
) -> None:
    """Statements built per request are looked at when they run; prepared ones in tests/guards/test_statements.py."""
    statement = context.invoked_statement
    if statement is None or words in seen() or not has_request_context():
        return
    if not context.execution_options.get("all_villages"):
        assert untied_tables(statement) == set(), words
        seen().add(words)


@pytest.fixture
def app(ground: Ground, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The app over a fresh database with two villages and their staff. The books must be in order when the test ends,
    unless it is marked `breaks_the_books`."""
    ground.renew()
    # who came to public pages in other tests is nobody here
    for name in [name for name in ground.app.extensions if name.startswith("pointshop.visitors.")]:
        del ground.app.extensions[name]
    yield ground.app
    if ground.was_written() and request.node.get_closest_marker("breaks_the_books") is None:
        with ground.app.app_context():
            assert snapshot(violations) == {}


@pytest.fixture
def api(app: Flask, ground: Ground) -> Api:
    """The service as its clients see it."""
    return Api(ground)


@pytest.fixture
def step_by_step(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The books must be in order after every write of the test, not just at its end.

    For the modules that tell a feature's life: `pytestmark = pytest.mark.usefixtures("step_by_step")`.
    """
    monkeypatch.setattr(app, "test_client_class", Auditor)


@pytest.fixture
def world(app: Flask) -> World:
    """The home village from behind the counter."""
    return World(app)


@pytest.fixture
def bare(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Installation]:
    """An installation that is configured, and nothing in it."""
    with ground.empty(tmp_path) as config:
        yield _configured(config, ground, monkeypatch, capsys)


@pytest.fixture
def installed(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Installation]:
    """An installation with two villages and their staff in it, no households yet."""
    with ground.copied(tmp_path) as config:
        yield _configured(config, ground, monkeypatch, capsys)


@pytest.fixture
def village(installed: Installation) -> Iterator[World]:
    """The home village of the installation, with two households, 30 points each, and a card."""
    world = World(open_books(installed.config))
    world.households(2, points=30)
    world.card()
    yield world
    world.close()


def _configured(
    config: Config, ground: Ground, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Installation:
    for name in ("PUBLIC_URL", "SECRET_KEY", "ENV"):
        monkeypatch.delenv(f"POINTSHOP_{name}", raising=False)
    monkeypatch.setenv("POINTSHOP_DATA_DIR", str(config.data_dir))
    monkeypatch.setenv("POINTSHOP_DATABASE_URL", config.database_url)
    return Installation(config, ground, monkeypatch, capsys)
